import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './Button'
import css from './parts.module.css'

interface Props {
  /** On the button that opens it. */
  readonly label: string
  /** For screen readers. */
  readonly title: string
  readonly children: ReactNode
}

/** Controls behind a button: the first of them gets the focus, Esc closes them. */
export function Popover({ label, title, children }: Props) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>
        <Button>{label} ▾</Button>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={css.popover} align="end" sideOffset={4} aria-label={title}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
