import type { Consumer, Kafka, Producer } from 'kafkajs'
import type { Clock } from '../base/clock'
import { Emitter, type Listen } from '../base/emitter'
import type { Core } from '../broker/core'
import type { DemoState } from '../contract/workspace'
import { createTopic } from './topics'

const orders = 'demo-orders'
const payments = 'demo-payments'
const topics: Readonly<Record<string, number>> = { [orders]: 6, [payments]: 3 }
const groupId = 'demo-billing'
const consumers = 3
const batchEveryMs = 250
/** One of the consumers leaves or comes back this often, so that a rebalance is never far. */
const changeEveryMs = 9000
const customers = ['ada', 'grace', 'linus', 'margaret', 'dennis', 'barbara', 'ken', 'radia']
const items = ['tea', 'lamp', 'notebook', 'chair', 'bicycle', 'violin']

/** Real producers and consumers over the socket, that come and go: what an empty workspace is shown with. */
export class Demo {
  readonly changed: Listen<void>
  readonly #core: Core
  readonly #address: string
  readonly #clock: Clock
  readonly #changes: Emitter<void>
  readonly #onError: (error: unknown) => void
  #kafka: Kafka | undefined
  #producer: Producer | undefined
  #consumers: (Consumer | undefined)[] = []
  /** Consumers that went for a while and are not gone yet. */
  readonly #leaving = new Set<Promise<void>>()
  #ends: (() => void)[] = []
  #note: string | null = null
  #next = 1

  constructor(core: Core, address: string, clock: Clock, onError: (error: unknown) => void) {
    this.#core = core
    this.#address = address
    this.#clock = clock
    this.#onError = onError
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
  }

  get state(): DemoState {
    return { running: this.#kafka !== undefined, note: this.#note }
  }

  /** @throws Error when the clients cannot connect */
  async start(): Promise<void> {
    if (this.#kafka) return
    const own = Object.keys(topics).find((topic) => this.#core.topics.find(topic))
    if (own) throw new Error(`There is a topic ${own} already: the demo would write to it, and delete it at its end.`)
    const { Kafka, logLevel, Partitioners } = await import('kafkajs')
    this.#kafka = new Kafka({ clientId: 'demo', brokers: [this.#address], logLevel: logLevel.NOTHING })
    this.#tell('starting')
    for (const [topic, partitions] of Object.entries(topics)) await createTopic(this.#core, topic, partitions, {})
    this.#producer = new Kafka({
      clientId: 'demo-shop',
      brokers: [this.#address],
      logLevel: logLevel.NOTHING,
    }).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
    })
    try {
      await this.#producer.connect()
    } catch (error) {
      await this.stop()
      throw error
    }
    this.#repeat(batchEveryMs, () => this.#produce())
    for (let i = 0; i < consumers; i++) this.#join(i)
    this.#repeat(changeEveryMs, () => this.#comeOrGo())
    this.#tell(null)
  }

  /** Ends the clients and removes what they made. */
  async stop(): Promise<void> {
    if (!this.#kafka) return
    for (const end of this.#ends.splice(0)) end()
    const leaving = this.#consumers.splice(0)
    this.#kafka = undefined
    await Promise.all([
      this.#producer?.disconnect(),
      ...leaving.map((consumer) => consumer?.disconnect()),
      ...this.#leaving,
    ])
    this.#producer = undefined
    for (const topic of Object.keys(topics)) {
      const found = this.#core.topics.find(topic)
      if (found) this.#core.topics.delete(found)
    }
    // Who hung up in the middle of a rebalance may not have said that it leaves.
    await this.#core.groups.fence(groupId, 'the demo is over')
    this.#core.groups.delete(groupId)
    this.#tell(null)
  }

  #tell(note: string | null): void {
    this.#note = note
    this.#changes.emit()
  }

  #repeat(everyMs: number, run: () => void): void {
    let cancel: () => void = () => {}
    const next = () => {
      cancel = this.#clock.at(this.#clock.now() + everyMs, () => {
        run()
        next()
      })
    }
    next()
    this.#ends.push(() => cancel())
  }

  #produce(): void {
    const at = this.#clock.now()
    const count = 3 + (this.#next % 7)
    const sent = Array.from({ length: count }, () => this.#order(at))
    const paid = sent.filter(({ order }) => order % 3 === 0)
    const send = (topic: string, values: readonly { key: string }[]) =>
      this.#producer?.send({
        topic,
        messages: values.map((value) => ({
          key: value.key,
          value: JSON.stringify(value),
          headers: { source: 'demo-shop' },
        })),
      })
    Promise.all([send(orders, sent), paid.length > 0 ? send(payments, paid) : undefined]).catch((error: unknown) => {
      // Clients that are being stopped may still have something on its way.
      if (this.#kafka) this.#onError(error)
    })
  }

  #order(at: number) {
    const order = this.#next++
    const customer = customers[order % customers.length] as string
    const item = items[(order * 7) % items.length] as string
    return {
      key: customer,
      order,
      customer,
      item,
      quantity: 1 + (order % 4),
      price: ((order * 37) % 900) / 10 + 5,
      at: new Date(at).toISOString(),
    }
  }

  #join(place: number): void {
    const kafka = this.#kafka
    if (!kafka) return
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: 10_000,
      rebalanceTimeout: 10_000,
      heartbeatInterval: 1000,
    })
    this.#consumers[place] = consumer
    const run = async () => {
      await consumer.connect()
      await consumer.subscribe({ topics: Object.keys(topics), fromBeginning: true })
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
    const place = this.#next % consumers
    const leaving = this.#consumers[place]
    this.#consumers[place] = undefined
    const left = leaving?.disconnect().catch(this.#onError)
    if (!left) return
    this.#leaving.add(left)
    left.finally(() => this.#leaving.delete(left))
  }
}
