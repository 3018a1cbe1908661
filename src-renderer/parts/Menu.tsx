import { DropdownMenu } from 'radix-ui'
import { Button } from './Button'
import css from './parts.module.css'

export interface MenuItem {
  readonly label: string
  readonly onSelect: () => void
  readonly disabled?: boolean
}

/** Actions that are too rare for a button each. */
export function Menu({ label, items }: { readonly label: string; readonly items: readonly MenuItem[] }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button>{label} ▾</Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={css.menu} align="end" sideOffset={4}>
          {items.map(({ label: text, onSelect, disabled = false }) => (
            <DropdownMenu.Item key={text} className={css.menuItem} disabled={disabled} onSelect={onSelect}>
              {text}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
