import { type Exchange, type Exchanges, readExchange } from '../../broker/exchanges'
import type { Topics } from '../../broker/log/topics'
import type { ByteSpan, ExchangeDetail, ExchangeLine } from '../../contract/workspace'
import type { WireSource } from '../source/workspace'
import { errorIn, topicsIn } from './exchange-facts'

/** The newest exchanges of whoever looks, so that one can be opened. */
const keptExchanges = 2000
const keptBytes = 32 * 1024 * 1024
/** What is shown of a long value. */
const shownBytes = 64 * 1024

/** Keeps what went over the wire while a page looks at it. */
export class ExchangeLog implements WireSource {
  readonly #kept = new Map<number, Exchange>()
  readonly #exchanges: Exchanges
  readonly #topics: Topics
  #bytes = 0

  constructor(exchanges: Exchanges, topics: Topics) {
    this.#topics = topics
    this.#exchanges = exchanges
  }

  watch(tell: (line: ExchangeLine) => void): () => void {
    return this.#exchanges.listen((exchange) => {
      this.#keep(exchange)
      tell(lineOf(exchange, this.#topics))
    })
  }

  /** Rejects when it is no longer held. */
  async detail(seq: number): Promise<ExchangeDetail> {
    const exchange = this.#kept.get(seq)
    if (!exchange) throw new Error('This exchange is no longer held: only the newest ones are.')
    const { request, response } = readExchange(exchange)
    const answer = exchange.response ? Buffer.concat(exchange.response) : Buffer.alloc(0)
    return {
      ...lineOf(exchange, this.#topics),
      request: request as ByteSpan | null,
      response: response as ByteSpan | null,
      requestHex: hex(exchange.request),
      responseHex: hex(answer),
    }
  }

  #keep(exchange: Exchange): void {
    if (this.#kept.has(exchange.seq)) return
    this.#kept.set(exchange.seq, exchange)
    this.#bytes += exchange.requestBytes + exchange.responseBytes
    for (const [seq, old] of this.#kept) {
      if (this.#kept.size <= keptExchanges && this.#bytes <= keptBytes) break
      this.#kept.delete(seq)
      this.#bytes -= old.requestBytes + old.responseBytes
    }
  }
}

function lineOf(exchange: Exchange, topics: Topics): ExchangeLine {
  const { seq, at, tookMs, clientId, connectionId, api, version, requestBytes, responseBytes } = exchange
  return {
    seq,
    at,
    tookMs,
    clientId: clientId ?? '',
    connectionId,
    api,
    version,
    topics: topicsIn(exchange.body, (id) => topics.byId(id)?.name),
    error: errorIn(exchange.answer),
    requestBytes,
    responseBytes,
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, shownBytes)).toString('hex')
}
