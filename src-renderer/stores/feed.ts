import { useEffect, useMemo } from 'react'
import type { Contract, FeedName } from '../../src-main/contract/contract'
import type { InputOf, ItemOf } from '../../src-main/contract/define'
import { useHost } from '../host'
import { type FeedState, SharedFeeds } from './shared-feeds'

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

const feeds = new SharedFeeds()

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
  const shared = useMemo(() => feeds.at(key), [key])
  useEffect(() => {
    if (!client) return
    const { store } = shared
    return feeds.use(shared, client, () =>
      reopened((failed) => {
        let isFirst = true
        return client.feed(name, input, {
          items(items) {
            // A feed that was opened again begins again.
            const before = isFirst ? null : (store.getState().value as T | null)
            isFirst = false
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
