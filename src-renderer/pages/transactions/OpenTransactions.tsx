import { useMemo, useRef } from 'react'
import type { TransactionLine } from '../../../src-main/contract/workspace'
import { Lanes } from './Lanes'
import { lanesOf, lastingLanes } from './lanes'
import { NoneOpen } from './NoneOpen'

interface Props {
  readonly all: readonly TransactionLine[]
  /** Those that the page is searched for. */
  readonly found: readonly TransactionLine[]
  readonly now: number
  readonly selected: string | null
}

/** The lanes of open transactions; an example until there is one, for as long as the page is open. */
export function OpenTransactions({ all, found, now, selected }: Props) {
  const lanes = useMemo(() => lanesOf(found), [found])
  const lasting = lastingLanes(lanes, now)
  const hasHadSome = useRef(false)
  hasHadSome.current ||= lastingLanes(lanesOf(all), now).length > 0
  if (!hasHadSome.current) return <NoneOpen isUnused={all.length === 0} />
  return <Lanes lanes={lasting} short={lanes.length - lasting.length} now={now} selected={selected} />
}
