import type { ReactNode } from 'react'
import css from './messages.module.css'
import { texts } from './texts'

interface Props {
  readonly label: string
  /** The finished part, 0 to 1. */
  readonly share: number
  readonly children: ReactNode
}

/** Progress of a long action. */
export function Done({ label, share, children }: Props) {
  const percent = Math.floor(share * 100)
  return (
    <div className={css.done}>
      <progress max={100} value={percent} aria-label={label} />
      <p className="quiet" role="status">
        {texts.percent(percent)} · {children}
      </p>
    </div>
  )
}
