import type { ReactNode } from 'react'
import css from './parts.module.css'

/** An empty page: one sentence about what would be here, and an action that fills it. */
export function Empty({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className={css.empty}>
      <p>{children}</p>
      {action}
    </div>
  )
}
