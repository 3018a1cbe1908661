import { create, type StoreApi, type UseBoundStore } from 'zustand'

/** The newest item of a feed. */
export interface FeedState<T> {
  readonly value: T | null
  readonly problem: string | null
  /** An item has come; its value may be `null`. */
  readonly hasCome: boolean
}

/** One feed and what came of it, for all components that use it. */
export interface SharedFeed {
  readonly key: string
  readonly store: UseBoundStore<StoreApi<FeedState<unknown>>>
  users: number
  /** The connection that it is open on, and how to close it. */
  opened: { readonly on: object; readonly close: () => void } | null
}

/** The feeds that are open, by name and input. */
export class SharedFeeds {
  readonly #feeds = new Map<string, SharedFeed>()

  /** The feed with this key. It is not open before somebody uses it. */
  at(key: string): SharedFeed {
    const known = this.#feeds.get(key)
    if (known) return known
    const store = create<FeedState<unknown>>(() => ({ value: null, problem: null, hasCome: false }))
    const feed: SharedFeed = { key, store, users: 0, opened: null }
    this.#feeds.set(key, feed)
    return feed
  }

  /**
   * Opens a feed for its first user. It is closed after its last one, but not while one page takes over from another: that one shows
   * what came last at once.
   *
   * @param on the connection: on another one the feed is opened again
   * @param open returns what closes it
   * @returns a function that ends the use
   */
  use(feed: SharedFeed, on: object, open: () => () => void): () => void {
    this.#feeds.set(feed.key, feed)
    feed.users++
    if (feed.opened?.on !== on) {
      feed.opened?.close()
      feed.opened = { on, close: open() }
    }
    return () => {
      feed.users--
      // React ends the effects of the page before, and begins those of the next one, in one go.
      queueMicrotask(() => this.#closeUnused(feed))
    }
  }

  #closeUnused(feed: SharedFeed): void {
    if (feed.users > 0 || !feed.opened) return
    feed.opened.close()
    feed.opened = null
    if (this.#feeds.get(feed.key) === feed) this.#feeds.delete(feed.key)
  }
}
