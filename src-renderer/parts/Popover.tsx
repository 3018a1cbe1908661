import { ChevronDown } from 'lucide-react'
import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './Button'
import css from './parts.module.css'
import { keepFocus } from './useFocusReturn'

interface Props {
  /** On the button that opens it. */
  readonly label: string
  /** For screen readers. */
  readonly title: string
  /** The edge of the button where it begins. */
  readonly align?: 'start' | 'end'
  readonly onOpenChange?: (isOpen: boolean) => void
  readonly children: ReactNode
}

/** Controls behind a button: the first of them gets the focus, Esc closes them. */
export function Popover({ label, title, align = 'end', onOpenChange, children }: Props) {
  return (
    <Radix.Root {...(onOpenChange && { onOpenChange })}>
      <Radix.Trigger asChild>
        <Button className={css.opensPopover}>
          <span>{label}</span> <ChevronDown size={12} aria-hidden />
        </Button>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={css.popover}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-label={title}
          onCloseAutoFocus={keepFocus}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
