import type { ReactNode } from 'react'
import type { CellSchema } from '../../../src-main/contract/messages'
import { useFeed } from '../../stores/feed'
import { href } from '../../stores/route'
import page from '../pages.module.css'

interface Props {
  readonly schema: CellSchema
  readonly children: ReactNode
}

/** Leads to a schema of this broker's registry. One of another registry is not on these pages. */
export function SchemaLink({ schema: { subject, version }, children }: Props) {
  const { value: registry } = useFeed('registry', undefined)
  if (registry?.url !== null) return <span>{children}</span>
  return (
    <a className={page.link} href={`${href('schemas', subject)}?version=${version}`}>
      {children}
    </a>
  )
}
