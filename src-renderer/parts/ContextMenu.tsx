import { DropdownMenu } from 'radix-ui'
import { useRef } from 'react'
import { MenuEntries, type MenuItem } from './Menu'
import css from './parts.module.css'

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
  const before = useRef(document.activeElement)
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
            // An action may have opened a dialog, which has the focus now.
            const isFree = document.activeElement === null || document.activeElement === document.body
            if (isFree && before.current instanceof HTMLElement) before.current.focus({ preventScroll: true })
          }}
        >
          <MenuEntries items={items} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
