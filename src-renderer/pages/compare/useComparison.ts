import { useEffect, useState } from 'react'
import type { ComparedPart, ComparedRow, ComparedSide, ComparisonItem } from '../../../src-main/contract/comparison'
import { useHost } from '../../host'
import { here } from './compared'

export type Untold = Extract<ComparisonItem, { type: 'untold' }>

export interface Comparison {
  readonly rows: readonly ComparedRow[]
  readonly done: readonly ComparedPart[]
  readonly untold: readonly Untold[]
  /** Ids of the clusters that have answered. */
  readonly reached: Partial<Readonly<Record<ComparedSide, string | null>>>
  readonly isRunning: boolean
  readonly problem: string | null
}

const nothing: Comparison = { rows: [], done: [], untold: [], reached: {}, isRunning: false, problem: null }

/** Compares two sides, once both are chosen; again for each new `run`. */
export function useComparison(a: string, b: string, run: number): Comparison {
  const client = useHost((host) => host.client)
  const [comparison, setComparison] = useState(nothing)
  useEffect(() => {
    setComparison(nothing)
    if (!client || a === '' || b === '' || a === b) return
    setComparison({ ...nothing, isRunning: true })
    const idOf = (side: string) => (side === here ? null : side)
    return client.feed(
      'comparison',
      { a: idOf(a), b: idOf(b) },
      {
        items: (items) => setComparison((before) => items.reduce(withItem, before)),
        done: () => setComparison((before) => ({ ...before, isRunning: false })),
        failed: (problem) => setComparison((before) => ({ ...before, isRunning: false, problem })),
      },
    )
  }, [client, a, b, run])
  return comparison
}

function withItem(before: Comparison, item: ComparisonItem): Comparison {
  switch (item.type) {
    case 'reached':
      return { ...before, reached: { ...before.reached, [item.side]: item.clusterId } }
    case 'rows':
      return { ...before, rows: [...before.rows, ...item.rows] }
    case 'done':
      return { ...before, done: [...before.done, item.part] }
    case 'untold':
      return { ...before, untold: [...before.untold, item] }
  }
}
