import type { ReactNode } from 'react'
import type { Name } from '../../src-main/contract/contract'
import page from '../pages/pages.module.css'
import { useCan } from '../stores/can'
import { Empty } from './Empty'

interface Props {
  readonly needs: readonly Name[]
  /** The heading of a page whose place this takes. */
  readonly title?: string
  readonly children: ReactNode
}

/** Shows `children` where the cluster can answer these names, else the sentence that says why not. */
export function Capable({ needs, title, children }: Props) {
  const can = useCan(...needs)
  if (can === true) return children
  return (
    <>
      {title !== undefined && (
        <header className={page.header}>
          <h1>{title}</h1>
        </header>
      )}
      <Empty>{can}</Empty>
    </>
  )
}
