import type { ReactNode } from 'react'
import { type Needs, useWhyNot } from '../../stores/can'
import page from '../pages.module.css'

interface Props {
  readonly needs: Needs
  /** Why the part cannot be read; then it is not changed either. */
  readonly problem: string | null
  readonly children: ReactNode
}

/** A form, where the cluster can be changed by it; else the sentence that says why not. */
export function Changeable({ needs, problem, children }: Props) {
  const why = useWhyNot(needs)
  if (problem !== null || why === null) return null
  if (why === undefined) return children
  return (
    <div className={page.bar}>
      <p className="quiet">{why}</p>
    </div>
  )
}
