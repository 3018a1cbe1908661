import type { Consumer, Kafka } from 'kafkajs'
import type { Clock } from '../base/clock'
import { Emitter, type Listen } from '../base/emitter'
import type { Core } from '../broker/core'
import type { DemoState } from '../contract/workspace'
import { customerBytes, customers, orders, payments, Shop } from './demo-shop'

const topics: readonly {
  readonly name: string
  readonly partitions: number
  readonly configs: Record<string, string>
}[] = [
  { name: orders, partitions: 6, configs: {} },
  { name: payments, partitions: 3, configs: {} },
  {
    name: customers,
    partitions: 2,
    configs: { 'cleanup.policy': 'compact', 'max.message.bytes': String(customerBytes) },
  },
]
const groupId = 'demo-billing'
const consumers = 3
/** One of the consumers leaves or comes back this often, so that a rebalance is never far. */
const changeEveryMs = 9000
/** Clients that take longer to hang up are left to find out that their topics are gone. */
const goodbyeMs = 2000
/** Says in the workspace that the demo's topics are its own, also to the next start after a crash. */
const documentKind = 'demo'
const documentKey = 'made'

/** Real producers and consumers over the socket, that come and go: what an empty workspace is shown with. */
export class Demo {
  readonly changed: Listen<void>
  readonly #core: Core
  readonly #address: string
  readonly #clock: Clock
  readonly #changes: Emitter<void>
  readonly #onError: (error: unknown) => void
  #kafkaOf: ((clientId: string) => Kafka) | undefined
  #shop: Shop | undefined
  #consumers: (Consumer | undefined)[] = []
  /** Consumers that went for a while and are not gone yet. */
  readonly #leaving = new Set<Promise<void>>()
  #cancelChange: () => void = () => {}
  #note: string | null = null
  #turns = 0
  /** Starts and stops come one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(core: Core, address: string, clock: Clock, onError: (error: unknown) => void) {
    this.#core = core
    this.#address = address
    this.#clock = clock
    this.#onError = onError
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
  }

  get state(): DemoState {
    const running = this.#kafkaOf !== undefined
    return { running, leftover: !running && this.#isOurs, note: this.#note }
  }

  /** @throws Error when topics of the same names are not the demo's, or its clients cannot connect */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start())
  }

  /** Ends the clients and removes what they made, also what an earlier run left. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop())
  }

  #inTurn(deed: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(deed)
    this.#last = turn.catch(() => {})
    return turn
  }

  async #start(): Promise<void> {
    if (this.#kafkaOf) return
    if (this.#isOurs) await this.#remove()
    const foreign = topics.find(({ name }) => this.#core.topics.find(name))
    if (foreign) {
      throw new Error(
        `There is a topic ${foreign.name} that the demo did not make. It would write to it, and delete it.`,
      )
    }
    const { Kafka, logLevel } = await import('kafkajs')
    const brokers = [this.#address]
    const kafkaOf = (clientId: string) => new Kafka({ clientId, brokers, logLevel: logLevel.NOTHING })
    this.#kafkaOf = kafkaOf
    this.#tell('starting')
    this.#mark('true')
    for (const { name, partitions, configs } of topics) {
      this.#core.topics.create(name, partitions, new Map(Object.entries(configs)))
    }
    await this.#core.commits.settled
    this.#shop = new Shop({ kafkaOf, clock: this.#clock, onError: this.#onError })
    try {
      await this.#shop.open()
    } catch (error) {
      await this.#stop()
      throw error
    }
    for (let i = 0; i < consumers; i++) this.#join(i)
    this.#planChange()
    this.#tell(null)
  }

  async #stop(): Promise<void> {
    if (this.#kafkaOf) {
      this.#kafkaOf = undefined
      this.#cancelChange()
      const leaving = this.#consumers.splice(0)
      const gone = Promise.all([
        this.#shop?.close(),
        ...leaving.map((consumer) => consumer?.disconnect()),
        ...this.#leaving,
      ]).catch(this.#onError)
      await Promise.race([gone, new Promise<void>((late) => this.#clock.at(this.#clock.now() + goodbyeMs, late))])
      this.#shop = undefined
    }
    if (this.#isOurs) await this.#remove()
    this.#tell(null)
  }

  get #isOurs(): boolean {
    return this.#core.workspace.documents.get(documentKind, documentKey) !== undefined
  }

  #mark(value: string | null): void {
    const { workspace } = this.#core
    workspace.write(() => workspace.documents.set(documentKind, documentKey, value))
  }

  async #remove(): Promise<void> {
    for (const { name } of topics) {
      const found = this.#core.topics.find(name)
      if (found) this.#core.topics.delete(found)
    }
    // Who hung up in the middle of a rebalance may not have said that it leaves.
    this.#core.groups.fence(groupId, { kind: 'demoStopped' })
    await this.#core.commits.settled
    this.#core.groups.delete(groupId)
    this.#mark(null)
    await this.#core.commits.settled
  }

  #tell(note: string | null): void {
    this.#note = note
    this.#changes.emit()
  }

  #planChange(): void {
    this.#cancelChange = this.#clock.at(this.#clock.now() + changeEveryMs, () => {
      this.#planChange()
      this.#comeOrGo()
    })
  }

  #join(place: number): void {
    const kafka = this.#kafkaOf?.('demo-billing')
    if (!kafka) return
    const consumer = kafka.consumer({
      groupId,
      allowAutoTopicCreation: false,
      sessionTimeout: 10_000,
      rebalanceTimeout: 10_000,
      heartbeatInterval: 1000,
    })
    this.#consumers[place] = consumer
    const run = async () => {
      await consumer.connect()
      await consumer.subscribe({ topics: [orders, payments], fromBeginning: true })
      await consumer.run({ autoCommitInterval: 1000, eachMessage: async () => {} })
    }
    run().catch((error: unknown) => {
      if (this.#consumers[place] === consumer) this.#onError(error)
    })
  }

  #comeOrGo(): void {
    const away = this.#consumers.indexOf(undefined)
    if (away >= 0) {
      this.#join(away)
      return
    }
    const place = this.#turns++ % consumers
    const leaving = this.#consumers[place]
    this.#consumers[place] = undefined
    if (leaving) this.#leave(leaving)
  }

  #leave(consumer: Consumer): void {
    const left = consumer.disconnect().then(
      () => void this.#leaving.delete(left),
      (error: unknown) => {
        this.#leaving.delete(left)
        this.#onError(error)
      },
    )
    this.#leaving.add(left)
  }
}
