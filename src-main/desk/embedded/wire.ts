import type { Clock } from '../../base/clock'
import { type Exchange, type Exchanges, readExchange } from '../../broker/exchanges'
import type { Topics } from '../../broker/log/topics'
import type { ByteSpan, ExchangeBatch, ExchangeDetail, ExchangeLine } from '../../contract/exchanges'
import type { WireSource } from '../source/workspace'
import { errorIn, groupIn, isNoise, placesIn, topicsIn } from './exchange-facts'
import { exchangeRecords } from './exchange-records'
import { withoutSecrets } from './wire-secrets'

/** The newest exchanges of whoever looks, so that one can be opened. */
const keptExchanges = 4000
const keptBytes = 32 * 1024 * 1024
/** What is shown of a long value. */
const shownBytes = 64 * 1024
/** A page gets so many at most this often; more wait, up to what a page keeps. */
const batchLines = 1000
const batchPauseMs = 100
const waitingLines = 4000

/** Keeps what went over the wire while a page looks at it. */
export class ExchangeLog implements WireSource {
  readonly #kept = new Map<number, Exchange>()
  /** What is kept, the oldest first from `#oldest` on: a map finds its first entry slowly when many before it are gone. */
  #order: number[] = []
  #oldest = 0
  readonly #exchanges: Exchanges
  readonly #topics: Topics
  readonly #clock: Clock
  #bytes = 0

  constructor(exchanges: Exchanges, topics: Topics, clock: Clock) {
    this.#topics = topics
    this.#exchanges = exchanges
    this.#clock = clock
  }

  watch(after: number, tell: (batch: ExchangeBatch, taken: () => void) => void): () => void {
    let waiting = this.#exchanges.closed.filter(({ seq }) => seq > after)
    for (const exchange of waiting) this.#keep(exchange)
    let skipped = 0
    let skippedBefore = this.#exchanges.skipped
    let isTaken = true
    let cancel: (() => void) | undefined
    const send = () => {
      cancel = undefined
      if (!isTaken || waiting.length === 0) return
      const lines = waiting.slice(0, batchLines).map((exchange) => lineOf(exchange, this.#topics))
      const batch = { lines, skipped: skipped + this.#exchanges.skipped - skippedBefore }
      waiting = waiting.slice(batchLines)
      skipped = 0
      skippedBefore = this.#exchanges.skipped
      isTaken = false
      tell(batch, () => {
        isTaken = true
        plan()
      })
    }
    const plan = () => {
      if (isTaken && waiting.length > 0) cancel ??= this.#clock.at(this.#clock.now() + batchPauseMs, send)
    }
    const end = this.#exchanges.listen((exchange) => {
      this.#keep(exchange)
      waiting.push(exchange)
      // Many are dropped together: one by one would move the rest each time.
      if (waiting.length > waitingLines + batchLines) {
        skipped += waiting.length - waitingLines
        waiting = waiting.slice(-waitingLines)
      }
      plan()
    })
    plan()
    return () => {
      cancel?.()
      end()
    }
  }

  /** Rejects when it is no longer held. */
  async detail(seq: number): Promise<ExchangeDetail> {
    const exchange = this.#kept.get(seq)
    if (!exchange) throw new Error('This exchange is no longer held: only the newest ones are.')
    const read = readExchange(exchange)
    const answer = exchange.response ? Buffer.concat(exchange.response) : Buffer.alloc(0)
    const hidden = (side: 'request' | 'response', bytes: Uint8Array) =>
      withoutSecrets(exchange.api ?? '', {
        map: read[side].map as ByteSpan | null,
        bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
        problem: read[side].problem,
      })
    const request = hidden('request', exchange.request)
    const response = hidden('response', answer)
    const nameOf = (id: string) => this.#topics.byId(id)?.name
    // A window around what cannot be read.
    const problemAt = request.problem?.offset ?? 0
    const requestFrom = problemAt < shownBytes ? 0 : (problemAt - shownBytes / 2) & ~15
    return {
      ...lineOf(exchange, this.#topics),
      request: request.map,
      response: response.map,
      requestProblem: request.problem,
      responseProblem: response.problem,
      requestHex: hex(request.bytes.subarray(requestFrom)),
      requestFrom,
      responseHex: hex(response.bytes),
      ...exchangeRecords(exchange, nameOf),
      places: placesIn([exchange.body, exchange.api === 'Produce' ? exchange.answer : null], nameOf),
      groupId: groupIn(exchange.body),
    }
  }

  #keep(exchange: Exchange): void {
    if (this.#kept.has(exchange.seq)) return
    this.#kept.set(exchange.seq, exchange)
    this.#order.push(exchange.seq)
    this.#bytes += exchange.requestBytes + exchange.responseBytes
    while (this.#kept.size > keptExchanges || this.#bytes > keptBytes) this.#drop(this.#order[this.#oldest++] ?? -1)
    if (this.#oldest < keptExchanges) return
    this.#order = this.#order.slice(this.#oldest)
    this.#oldest = 0
  }

  #drop(seq: number): void {
    const old = this.#kept.get(seq)
    if (!old) return
    this.#kept.delete(seq)
    this.#bytes -= old.requestBytes + old.responseBytes
  }
}

function lineOf(exchange: Exchange, topics: Topics): ExchangeLine {
  const { seq, at, tookMs, clientId, connectionId, address, correlationId, apiKey, version } = exchange
  const { requestBytes, responseBytes, closed } = exchange
  const api = exchange.api ?? (apiKey === null ? '' : `API key ${apiKey}`)
  const error = errorIn(exchange.answer)
  return {
    seq,
    at,
    tookMs,
    clientId: clientId ?? '',
    connectionId,
    address,
    correlationId,
    api,
    version,
    isNoise: error === null && closed === null && isNoise(api, exchange.answer),
    topics: topicsIn(exchange.body, (id) => topics.byId(id)?.name),
    error,
    closed: closed && { kind: closed.kind, text: closed.text },
    requestBytes,
    responseBytes,
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, shownBytes)).toString('hex')
}
