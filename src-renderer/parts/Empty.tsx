import type { ReactNode } from 'react'
import css from './parts.module.css'

/** Nothing to show: one sentence and, where there is one, what to do about it. */
export function Empty({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className={css.empty}>
      <p>{children}</p>
      {action}
    </div>
  )
}
