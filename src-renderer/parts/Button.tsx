import type { ButtonHTMLAttributes, MouseEvent } from 'react'
import { type Needs, useWhyNot } from '../stores/can'
import css from './parts.module.css'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'primary' | 'danger' | 'plain' | undefined
  /** What it changes in the cluster: while that is not possible, the button is disabled and says why; quietly, while it is not known. */
  readonly needs?: Needs
}

export function Button({ look, className, needs, ...props }: Props) {
  const why = useWhyNot(needs)
  return (
    <button
      type="button"
      {...props}
      {...(why !== undefined && disabledBecause(why))}
      className={[css.button, look && css[look], className].filter(Boolean).join(' ')}
    />
  )
}

/** Unlike a disabled button, it can have the focus: also whoever uses the keyboard learns the reason. */
function disabledBecause(why: string | null): ButtonHTMLAttributes<HTMLButtonElement> {
  const onClick = (event: MouseEvent) => event.preventDefault()
  return { disabled: false, 'aria-disabled': true, onClick, ...(why !== null && { title: why }) }
}
