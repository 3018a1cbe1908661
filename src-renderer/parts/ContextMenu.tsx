import { DropdownMenu } from 'radix-ui'
import { MenuEntries, type MenuItem } from './Menu'
import css from './parts.module.css'
import { useFocusReturn } from './useFocusReturn'

interface Props {
  readonly label: string
  readonly x: number
  readonly y: number
  /** `null` draws a line. */
  readonly items: readonly (MenuItem | null)[]
  readonly onClose: () => void
}

/** Actions for one item, at the pointer or below the item. Afterwards the focus returns to where it was. */
export function ContextMenu({ label, x, y, items, onClose }: Props) {
  const giveBack = useFocusReturn()
  return (
    <DropdownMenu.Root open onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className={css.menuPlace} style={{ left: x, top: y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={css.menu}
          align="start"
          aria-label={label}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            giveBack()
          }}
        >
          <MenuEntries items={items} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
