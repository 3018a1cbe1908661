import { type Client, connect } from '../../src-main/contract/client'
import type { Contract, FeedName } from '../../src-main/contract/contract'
import type { InputOf, ItemOf } from '../../src-main/contract/define'
import { serve } from '../../src-main/contract/server'
import { createDesk, type Desk } from '../../src-main/desk/desk'
import { type EmbeddedSource, embeddedSource } from '../../src-main/desk/embedded/embedded'
import type { ClusterSource } from '../../src-main/desk/source/source'
// The desk loads these on demand; a test does not wait for the disk.
import '../../src-main/desk/decoders/registry'
import { memoryWires } from '../../src-main/wires/memory'
import type { TestBroker } from './core'

/** The desk's view of a test broker; it reads in this thread. */
export function sourceOf(broker: TestBroker, onError: (error: unknown) => void): EmbeddedSource {
  return embeddedSource({
    broker: broker.broker,
    start: { listeners: [], decided: [] },
    readerThread: null,
    onError,
  })
}

/** Lets everything that is under way in this process come to its end: answers, pictures and group commits. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A desk over a test broker, and a page that asks it. */
export class TestDesk {
  readonly source: EmbeddedSource
  readonly desk: Desk
  readonly page: Client
  readonly faults: unknown[] = []
  readonly #broker: TestBroker

  constructor(broker: TestBroker, change: (source: EmbeddedSource) => ClusterSource = (source) => source) {
    this.#broker = broker
    const onError = (error: unknown) => void this.faults.push(error)
    this.source = sourceOf(broker, onError)
    this.desk = createDesk({
      source: change(this.source),
      clock: broker.clock,
      version: '0.0.0',
      addresses: ['127.0.0.1:9092'],
      listeners: [],
      registryUrl: null,
      onError,
    })
    const [here, there] = memoryWires()
    serve(there, this.desk.handlers, onError)
    this.page = connect(here, (run) => run())
  }

  /** Moves the clock, and waits until what that set off is over. */
  async advance(ms: number): Promise<void> {
    this.#broker.clock.advance(ms)
    await settled()
  }

  /** Everything that a feed has given so far; `items` grows. */
  async watch<N extends FeedName>(name: N, input: InputOf<Contract[N]>) {
    const items: ItemOf<Contract[N]>[] = []
    const failures: string[] = []
    const close = this.page.feed(name, input, {
      items: (more) => items.push(...more),
      failed: (message) => failures.push(message),
    })
    await settled()
    return { items, failures, close }
  }

  async dispose(): Promise<void> {
    this.desk.dispose()
    await this.source.dispose()
  }
}
