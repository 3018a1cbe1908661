import { ArrowDown, ArrowUp } from 'lucide-react'
import { Popover } from 'radix-ui'
import { Button } from '../../parts/Button'
import { type ColumnId, columnIds } from '../../stores/message-columns'
import { useSettings } from '../../stores/settings'
import css from './messages.module.css'
import { texts } from './texts'

/** Chooses the columns of the message table and their order. */
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
        <Button>{texts.actions.columns}</Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={css.popover} align="end" sideOffset={4} aria-label={texts.actions.columns}>
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
                  {texts.columns[id]}
                </label>
                {isShown && (
                  <>
                    <Button
                      look="plain"
                      disabled={i === 0}
                      aria-label={texts.columnLeft(texts.columns[id])}
                      onClick={() => move(id, -1)}
                    >
                      <ArrowUp size={12} />
                    </Button>
                    <Button
                      look="plain"
                      disabled={i === columns.length - 1}
                      aria-label={texts.columnRight(texts.columns[id])}
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
