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

/**
 * The newest item of a feed. All components that use the same feed share one store and one open feed; it is closed with the last of them.
 */
export function useFeed<N extends FeedName>(name: N, input: InputOf<Contract[N]>): FeedState<ItemOf<Contract[N]>> {
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
        items: (items) => entry.store.setState({ value: items[items.length - 1], problem: null, hasCome: true }),
        failed: (problem) => entry.store.setState({ problem }),
      })
    }
    return () => {
      if (--entry.users > 0) return
      entry.close()
      shared.delete(key)
    }
  }, [client, entry, key])
  return entry.store() as FeedState<ItemOf<Contract[N]>>
}
