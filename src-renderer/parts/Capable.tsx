import type { ReactNode } from 'react'
import type { Name } from '../../src-main/contract/contract'
import { useCan } from '../stores/can'
import { Empty } from './Empty'

/** Shows `children` where the cluster can answer these names, else the sentence that says why not. */
export function Capable({ needs, children }: { readonly needs: readonly Name[]; readonly children: ReactNode }) {
  const can = useCan(...needs)
  return can === true ? children : <Empty>{can}</Empty>
}
