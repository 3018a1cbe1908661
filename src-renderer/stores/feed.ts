import { useEffect, useMemo } from 'react'
import { create, type StoreApi, type UseBoundStore } from 'zustand'
import type { Contract, FeedName } from '../../src-main/contract/contract'
import type { InputOf, ItemOf } from '../../src-main/contract/define'
import { useHost } from '../host'

/** The newest item of a feed. */
export interface FeedState<T> {
  readonly value: T | null
  readonly problem: string | null
  /** An item has come; its value may be `null`. */
  readonly hasCome: boolean
}

/** A feed that failed is opened again: a cluster may be back. The pauses grow while it fails. */
const firstPauseMs = 1000
const longestPauseMs = 30_000

/** Opens a feed, and again after each failure, until what is returned is called. */
export function reopened(open: (failed: () => void) => () => void, pause = firstPauseMs): () => void {
  let close = () => {}
  let timer: ReturnType<typeof setTimeout> | undefined
  const begin = (pauseMs: number) => {
    close = open(() => {
      timer = setTimeout(() => begin(Math.min(2 * pauseMs, longestPauseMs)), pauseMs)
    })
  }
  begin(pause)
  return () => {
    clearTimeout(timer)
    close()
  }
}

interface Shared {
  readonly store: UseBoundStore<StoreApi<FeedState<unknown>>>
  users: number
  close: () => void
}

const shared = new Map<string, Shared>()

/** The newest item of a feed. */
export function useFeed<N extends FeedName>(name: N, input: InputOf<Contract[N]>): FeedState<ItemOf<Contract[N]>> {
  return useFolded(name, input, newest)
}

function newest<T>(_: unknown, item: T): T {
  return item
}

/**
 * What the items of a feed come to, each added to the value before by `fold`: one function for one feed. All components that use the same feed share one store and one open feed; it is closed with the last of them.
 */
export function useFolded<N extends FeedName, T>(
  name: N,
  input: InputOf<Contract[N]>,
  fold: (value: T | null, item: ItemOf<Contract[N]>) => T,
): FeedState<T> {
  const key = `${name} ${JSON.stringify(input) ?? ''}`
  const client = useHost((host) => host.client)
  const entry = useMemo(() => {
    let found = shared.get(key)
    if (!found) {
      const store = create<FeedState<unknown>>(() => ({ value: null, problem: null, hasCome: false }))
      found = { store, users: 0, close: () => {} }
      shared.set(key, found)
    }
    return found
  }, [key])
  useEffect(() => {
    if (!client) return
    if (entry.users++ === 0) {
      entry.close = reopened((failed) => {
        let isFirst = true
        return client.feed(name, input, {
          items(items) {
            // A feed that was opened again begins again.
            const before = isFirst ? null : (entry.store.getState().value as T | null)
            isFirst = false
            entry.store.setState({ value: items.reduce<T | null>(fold, before), problem: null, hasCome: true })
          },
          failed(problem) {
            // What came last stays, so that nobody loses the place where they read or type.
            entry.store.setState({ problem })
            failed()
          },
        })
      })
    }
    return () => {
      if (--entry.users > 0) return
      entry.close()
      shared.delete(key)
    }
  }, [client, entry, key])
  return entry.store() as FeedState<T>
}
