import { InputError } from './check'
import { type AskName, type Contract, contract, type FeedName } from './contract'
import type { AnswerOf, InputOf, ItemOf } from './define'
import type { FromDesk, FromPage, Wire } from './wire'

/** What a feed gives to: `push` an item, `end` when there will be no more. */
export interface Outlet<Item> {
  /** `taken` is called when the page has drawn the item: who reads much waits for that. */
  push(item: Item, taken?: () => void): void
  end(): void
  fail(error: unknown): void
}

/** Answers to everything in the contract. A feed returns what stops it. */
export type Handlers = {
  readonly [N in AskName]: (input: InputOf<Contract[N]>) => AnswerOf<Contract[N]> | Promise<AnswerOf<Contract[N]>>
} & {
  readonly [N in FeedName]: (input: InputOf<Contract[N]>, outlet: Outlet<ItemOf<Contract[N]>>) => () => void
}

/** Feeds that one page may have open: a page that forgets to close them must not cost more and more. */
const maxFeeds = 200
/** Items that wait for a page that takes none: from then on it is told that it missed some, and the feed ends. */
const maxWaiting = 20_000

interface OpenFeed {
  stop: () => void
  readonly latest: boolean
  waiting: unknown[]
  /** To be called when the page has taken what waits, and what it was sent last. */
  waitingTaken: (() => void)[]
  sentTaken: (() => void)[]
  /** The page has taken what it was sent last. */
  ready: boolean
  ended: boolean
}

/** What came over a wire, if it is a message at all. */
function envelopeOf(message: unknown): FromPage | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const { kind, id, name } = message as Record<string, unknown>
  if (!Number.isSafeInteger(id)) return undefined
  if (kind === 'more' || kind === 'close') return message as FromPage
  return (kind === 'call' || kind === 'open') && typeof name === 'string' ? (message as FromPage) : undefined
}

/** Serves one page over a wire until that closes. `onFault` hears of our own mistakes; people's reach the page as text. */
export function serve(wire: Wire, handlers: Handlers, onFault: (error: unknown) => void): void {
  const feeds = new Map<number, OpenFeed>()
  const send = (message: FromDesk) => wire.send(message)
  const refuse = (id: number, error: unknown) => {
    if (!(error instanceof Error) || error.name === 'TypeError' || error.name === 'AssertionError') onFault(error)
    send({ kind: 'fail', id, message: error instanceof Error ? error.message : String(error) })
  }

  const flush = (id: number, feed: OpenFeed) => {
    if (!feed.ready) return
    if (feed.waiting.length > 0) {
      const items = feed.waiting
      feed.waiting = []
      feed.sentTaken = feed.waitingTaken
      feed.waitingTaken = []
      feed.ready = false
      send({ kind: 'items', id, items })
    } else if (feed.ended) {
      feeds.delete(id)
      send({ kind: 'done', id, value: null })
    }
  }

  const open = (id: number, name: FeedName, input: unknown) => {
    if (feeds.has(id)) throw new InputError(`feed ${id} is open already`)
    if (feeds.size >= maxFeeds) throw new InputError(`a page may watch at most ${maxFeeds} things`)
    const { latest } = contract[name]
    const feed: OpenFeed = {
      stop: () => {},
      latest,
      waiting: [],
      waitingTaken: [],
      sentTaken: [],
      ready: true,
      ended: false,
    }
    feeds.set(id, feed)
    const outlet: Outlet<never> = {
      push(item, taken) {
        if (!feeds.has(id)) return
        if (taken) feed.waitingTaken.push(taken)
        if (feed.latest) feed.waiting = [item]
        else feed.waiting.push(item)
        if (feed.waiting.length > maxWaiting)
          outlet.fail(new InputError('more came than this page took; open it again'))
        else flush(id, feed)
      },
      end() {
        feed.ended = true
        if (feeds.has(id)) flush(id, feed)
      },
      fail(error) {
        if (!feeds.delete(id)) return
        feed.stop()
        refuse(id, error)
      },
    }
    const start = handlers[name] as (input: unknown, outlet: Outlet<never>) => () => void
    try {
      const stop = start(input, outlet)
      if (feeds.has(id)) feed.stop = stop
      else stop()
    } catch (error) {
      feeds.delete(id)
      throw error
    }
  }

  wire.onMessage((message) => {
    const envelope = envelopeOf(message)
    if (!envelope) {
      onFault(new InputError('a page sent what is no message'))
      return
    }
    const { id } = envelope
    try {
      if (envelope.kind === 'more') {
        const feed = feeds.get(id)
        if (!feed) return
        feed.ready = true
        for (const taken of feed.sentTaken.splice(0)) taken()
        flush(id, feed)
      } else if (envelope.kind === 'close') {
        const feed = feeds.get(id)
        feeds.delete(id)
        feed?.stop()
      } else {
        const entry = Object.hasOwn(contract, envelope.name) ? contract[envelope.name as keyof Contract] : undefined
        if (!entry || entry.verb !== (envelope.kind === 'call' ? 'ask' : 'feed')) {
          throw new InputError(`there is no ${envelope.kind === 'call' ? 'question' : 'feed'} ${envelope.name}`)
        }
        const input = entry.check(envelope.input, '')
        if (entry.verb === 'feed') open(id, envelope.name as FeedName, input)
        else {
          const handle = handlers[envelope.name as AskName] as (input: unknown) => unknown
          // An answer that cannot be sent, as it is longer than any text, is an error too.
          Promise.resolve(handle(input))
            .then((value) => send({ kind: 'done', id, value: value ?? null }))
            .catch((error) => refuse(id, error))
            .catch(onFault)
        }
      }
    } catch (error) {
      refuse(id, error)
    }
  })
  wire.onClose(() => {
    for (const feed of feeds.values()) feed.stop()
    feeds.clear()
  })
}
