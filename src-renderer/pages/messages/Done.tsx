import type { ReactNode } from 'react'
import css from './messages.module.css'

interface Props {
  readonly label: string
  /** How much of it is done, 0 to 1. */
  readonly share: number
  readonly children: ReactNode
}

/** How far something has come that lasts. */
export function Done({ label, share, children }: Props) {
  const percent = Math.floor(share * 100)
  return (
    <div className={css.done}>
      <progress max={100} value={percent} aria-label={label} />
      <p className="quiet" role="status">
        {percent} % · {children}
      </p>
    </div>
  )
}
