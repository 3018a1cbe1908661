import { useCallback, useEffect, useRef, useState } from 'react'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import type { MessageRow, SearchProgress } from '../../../src-main/contract/messages'
import { useHost } from '../../host'

export type Query = InputOf<Contract['messages.search']>

/** A live view holds this many rows; older ones make room. */
const heldRows = 50_000

export interface SearchState {
  readonly rows: readonly MessageRow[]
  readonly progress: SearchProgress | null
  readonly problem: string | null
  readonly paused: boolean
  /** Rows that came while the view is paused: they are held, not dropped. */
  readonly held: number
}

const nothing: SearchState = { rows: [], progress: null, problem: null, paused: false, held: 0 }

/** Runs a query whenever it changes. Live rows come in front, as they would in a log that is read from its end. */
export function useSearch(query: Query) {
  const client = useHost((host) => host.client)
  const [state, setState] = useState<SearchState>(nothing)
  const held = useRef<MessageRow[]>([])
  const close = useRef(() => {})
  const [round, setRound] = useState(0)
  const key = `${round} ${JSON.stringify(query)}`
  useEffect(() => {
    if (!client) return
    setState(nothing)
    held.current = []
    const live = query.from === 'live'
    close.current = client.feed('messages.search', query, {
      items(items) {
        const rows = items.flatMap((item) => (item.kind === 'rows' ? item.rows : []))
        const last = items.findLast((item) => item.kind === 'progress')
        setState((before) => {
          const progress = last?.kind === 'progress' ? last.progress : before.progress
          if (rows.length === 0) return { ...before, progress }
          if (before.paused) {
            held.current.push(...rows)
            return { ...before, progress, held: held.current.length }
          }
          return {
            ...before,
            progress,
            rows: live ? [...rows.reverse(), ...before.rows].slice(0, heldRows) : [...before.rows, ...rows],
          }
        })
      },
      failed: (problem) => setState((before) => ({ ...before, problem })),
    })
    return () => close.current()
  }, [client, key])
  const pause = useCallback((paused: boolean) => {
    setState((before) => {
      if (paused) return { ...before, paused }
      const waiting = held.current.splice(0).reverse()
      return { ...before, paused, held: 0, rows: [...waiting, ...before.rows].slice(0, heldRows) }
    })
  }, [])
  const stop = useCallback(() => {
    close.current()
    setState((before) =>
      before.progress ? { ...before, progress: { ...before.progress, done: true, note: 'stopped' } } : before,
    )
  }, [])
  /** Runs the same query once more. */
  const again = useCallback(() => setRound((before) => before + 1), [])
  return { state, pause, stop, again }
}
