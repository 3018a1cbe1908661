import { ArrowDown, ArrowUp } from 'lucide-react'
import { Popover } from 'radix-ui'
import { Button } from '../../parts/Button'
import { useSettings } from '../../stores/settings'
import { type ColumnId, columnIds, columnTitles } from './columnIds'
import css from './messages.module.css'

/** Which columns are shown, and in which order; remembered. */
export function ColumnsMenu() {
  const { columns } = useSettings()
  const set = (next: readonly ColumnId[]) => useSettings.setState({ columns: next })
  const move = (id: ColumnId, by: number) => {
    const at = columns.indexOf(id)
    const rest = columns.filter((other) => other !== id)
    set([...rest.slice(0, at + by), id, ...rest.slice(at + by)])
  }
  const hidden = columnIds.filter((id) => !columns.includes(id))
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button>Columns</Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={css.popover} align="end" sideOffset={4} aria-label="Columns">
          {[...columns, ...hidden].map((id, i) => {
            const isShown = i < columns.length
            return (
              <div key={id} className={css.popoverLine}>
                <label>
                  <input
                    type="checkbox"
                    checked={isShown}
                    onChange={() => set(isShown ? columns.filter((other) => other !== id) : [...columns, id])}
                  />{' '}
                  {columnTitles[id]}
                </label>
                {isShown && (
                  <>
                    <Button
                      look="plain"
                      disabled={i === 0}
                      aria-label={`${columnTitles[id]} to the left`}
                      onClick={() => move(id, -1)}
                    >
                      <ArrowUp size={12} />
                    </Button>
                    <Button
                      look="plain"
                      disabled={i === columns.length - 1}
                      aria-label={`${columnTitles[id]} to the right`}
                      onClick={() => move(id, 1)}
                    >
                      <ArrowDown size={12} />
                    </Button>
                  </>
                )}
              </div>
            )
          })}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
