import { ChevronDown } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ChangeName } from '../../src-main/contract/contract'
import { useWhyNot } from '../stores/can'
import { Button } from './Button'
import css from './parts.module.css'
import { keepFocus } from './useFocusReturn'

export interface MenuItem {
  readonly label: string
  readonly onSelect: () => void
  readonly disabled?: boolean
  /** What it changes in the cluster: while that is not possible, the item is disabled and says why. */
  readonly needs?: ChangeName
  /** A sentence about it, such as why it is disabled. */
  readonly title?: string
  readonly look?: 'danger'
}

/** Actions that are too rare for a button each. */
export function Menu({ label, items }: { readonly label: string; readonly items: readonly MenuItem[] }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button>
          {label} <ChevronDown size={12} aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={css.menu} align="end" sideOffset={4} onCloseAutoFocus={keepFocus}>
          <MenuEntries items={items} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** The items of a menu, and below them why some cannot be chosen. `null` draws a line. */
export function MenuEntries({ items }: { readonly items: readonly (MenuItem | null)[] }) {
  const why = useWhyNot(items.flatMap((item) => item?.needs ?? []))
  return (
    <>
      {items.map((item, i) =>
        item === null ? (
          <DropdownMenu.Separator key={i} className={css.menuLine} />
        ) : (
          <MenuEntry key={item.label} item={item} />
        ),
      )}
      {why != null && <DropdownMenu.Label className={css.menuWhy}>{why}</DropdownMenu.Label>}
    </>
  )
}

function MenuEntry({ item }: { readonly item: MenuItem }) {
  const { label, onSelect, disabled = false, needs, title, look } = item
  const why = useWhyNot(needs)
  return (
    <DropdownMenu.Item
      className={look ? `${css.menuItem} ${css[look]}` : css.menuItem}
      disabled={disabled || why !== undefined}
      title={why ?? title}
      onSelect={onSelect}
    >
      {label}
    </DropdownMenu.Item>
  )
}
