import type { AskName, Contract, FeedName } from './contract'
import type { AnswerOf, InputOf, ItemOf } from './define'
import type { FromDesk, Wire } from './wire'

/** Why a question got no answer, in the desk's words. */
class AskError extends Error {
  override readonly name = 'AskError'
}

export interface FeedListener<Item> {
  /** Items that came together, the oldest first. Who needs time for them returns a promise: more come when it is kept. */
  items(items: readonly Item[]): unknown
  done?(): void
  failed?(message: string): void
}

/** The page's side of the contract. */
export interface Client {
  ask<N extends AskName>(name: N, input: InputOf<Contract[N]>): Promise<AnswerOf<Contract[N]>>
  /** Returns what closes it. */
  feed<N extends FeedName>(
    name: N,
    input: InputOf<Contract[N]>,
    listener: FeedListener<ItemOf<Contract[N]>>,
  ): () => void
}

/** Asks for more when the page has had time to draw what it got; tests pass a function that calls at once. */
export type NextFrame = (run: () => void) => void

const gone = 'The broker is gone.'

export function connect(wire: Wire, nextFrame: NextFrame): Client {
  const answers = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const feeds = new Map<number, FeedListener<unknown>>()
  let lastId = 0
  let isClosed = false
  /** The page itself cannot go on with a feed. */
  const giveUp = (id: number, error: unknown) => {
    const feed = feeds.get(id)
    if (!feeds.delete(id)) return
    wire.send({ kind: 'close', id })
    feed?.failed?.(error instanceof Error ? error.message : String(error))
  }
  wire.onMessage((raw) => {
    const message = raw as FromDesk
    const { id } = message
    const answer = answers.get(id)
    if (answer) {
      answers.delete(id)
      if (message.kind === 'fail') answer.reject(new AskError(message.message))
      else if (message.kind === 'done') answer.resolve(message.value)
      return
    }
    const feed = feeds.get(id)
    if (!feed) return
    if (message.kind === 'items') {
      const more = () => {
        if (feeds.has(id)) wire.send({ kind: 'more', id })
      }
      const busy = feed.items(message.items)
      if (busy instanceof Promise) busy.then(more, (error: unknown) => giveUp(id, error))
      else nextFrame(more)
      return
    }
    feeds.delete(id)
    if (message.kind === 'fail') feed.failed?.(message.message)
    else feed.done?.()
  })
  wire.onClose(() => {
    isClosed = true
    for (const { reject } of answers.values()) reject(new AskError(gone))
    answers.clear()
    const open = [...feeds.values()]
    feeds.clear()
    for (const { failed } of open) failed?.(gone)
  })
  return {
    ask: (name, input) =>
      new Promise((resolve, reject) => {
        if (isClosed) {
          reject(new AskError(gone))
          return
        }
        const id = ++lastId
        answers.set(id, { resolve: resolve as (value: unknown) => void, reject })
        wire.send({ kind: 'call', id, name, input })
      }),
    feed(name, input, listener) {
      const id = ++lastId
      feeds.set(id, listener as FeedListener<unknown>)
      wire.send({ kind: 'open', id, name, input })
      return () => {
        if (feeds.delete(id)) wire.send({ kind: 'close', id })
      }
    },
  }
}
