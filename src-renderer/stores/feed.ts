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
      entry.close = client.feed(name, input, {
        items(items) {
          const before = entry.store.getState().value as T | null
          entry.store.setState({ value: items.reduce<T | null>(fold, before), problem: null, hasCome: true })
        },
        failed: (problem) => entry.store.setState({ problem }),
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
