import type { ReactNode } from 'react'
import type { Name } from '../../../src-main/contract/contract'
import { useCan } from '../../stores/can'
import page from '../pages.module.css'

interface Props {
  readonly name: Name
  /** Why the part cannot be read; then it is not changed either. */
  readonly problem: string | null
  readonly children: ReactNode
}

/** A form, where the cluster can be changed by it; else the sentence that says why not. */
export function Changeable({ name, problem, children }: Props) {
  const can = useCan(name)
  if (problem !== null) return null
  if (can === true) return children
  return (
    <div className={page.bar}>
      <p className="quiet">{can}</p>
    </div>
  )
}
