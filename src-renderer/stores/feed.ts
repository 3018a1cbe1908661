import { useEffect, useMemo } from 'react'
import type { Contract, FeedName } from '../../src-main/contract/contract'
import type { InputOf, ItemOf } from '../../src-main/contract/define'
import { useHost } from '../host'
import { reopened } from './reopened'
import { type FeedState, SharedFeeds } from './shared-feeds'

const feeds = new SharedFeeds()

/** The newest item of a feed. */
export function useFeed<N extends FeedName>(name: N, input: InputOf<Contract[N]>): FeedState<ItemOf<Contract[N]>> {
  return useFolded(name, input, newest)
}

function newest<T>(_: unknown, item: T): T {
  return item
}

/**
 * What the items of a feed come to, each added to the value before by `fold`: one function for one feed. All components that use the same feed share
 * one store and one open feed; it is closed with the last of them.
 */
export function useFolded<N extends FeedName, T>(
  name: N,
  input: InputOf<Contract[N]>,
  fold: (value: T | null, item: ItemOf<Contract[N]>) => T,
): FeedState<T> {
  const key = `${name} ${JSON.stringify(input) ?? ''}`
  const client = useHost((host) => host.client)
  const shared = useMemo(() => feeds.at(key), [key])
  useEffect(() => {
    if (!client) return
    const { store } = shared
    return feeds.use(shared, client, () =>
      reopened(({ came, failed }) => {
        let isFirst = true
        return client.feed(name, input, {
          items(items) {
            // A feed that was opened again begins again.
            const before = isFirst ? null : (store.getState().value as T | null)
            isFirst = false
            came()
            store.setState({ value: items.reduce<T | null>(fold, before), problem: null, hasCome: true })
          },
          failed(problem) {
            // What came last stays, so that nobody loses the place where they read or type.
            store.setState({ problem })
            failed()
          },
        })
      }),
    )
  }, [client, shared])
  return shared.store() as FeedState<T>
}
