import type { Clock } from '../base/clock'
import { Emitter, type Listen } from '../base/emitter'
import { describeGroup } from '../client/admin/describe-group'
import { deleteGroup, removeMembers } from '../client/admin/groups'
import { describeShareGroup, removeShareMembers } from '../client/admin/share-groups'
import { createTopics, deleteTopics, type NewTopic } from '../client/admin/topics'
import { KafkaClient } from '../client/client'
import { GroupConsumer } from '../client/consumer/consumer'
import { pause } from '../client/retry'
import { defaultSettings } from '../client/settings'
import type { InProcess } from './in-process'
import { Packers, packingGroup } from './packers'
import { type DemoRegistry, shipments, subjects, tracking } from './schemas'
import { customerBytes, customers, orders, payments, Shop } from './shop'
import { removeStatistics, Statistics } from './statistics'
import { internalTopicNames, sales } from './statistics-topology'
import { Warehouse } from './warehouse'

const orderPartitions = 6
const topics: readonly NewTopic[] = [
  { name: orders, partitions: orderPartitions },
  { name: payments, partitions: 3 },
  {
    name: customers,
    partitions: 2,
    configs: { 'cleanup.policy': 'compact', 'max.message.bytes': String(customerBytes) },
  },
  { name: sales, partitions: 2, configs: { 'cleanup.policy': 'compact' } },
  { name: shipments, partitions: 2 },
  { name: tracking, partitions: 2 },
]
const topicNames = [...topics.map(({ name }) => name), ...internalTopicNames]
const groupId = 'demo-billing'
const consumers = 3
/** One of the consumers leaves or comes back this often, so that a rebalance is never far. */
const changeEveryMs = 9000
/** How long clients may take to leave. */
const goodbyeMs = 2000
/** A broker in this process answers at once, or has a fault that is worth a line in the log. */
const callTimeoutMs = 5000

export interface DemoState {
  readonly running: boolean
  /** Topics of an earlier run are still there. */
  readonly leftover: boolean
  /** What it is doing now; null when nothing needs to be said. */
  readonly note: string | null
}

/** Remembers in the workspace that the demo's topics are its own, also after a crash. */
export interface DemoMark {
  get(): boolean
  /** Resolves when it is stored. */
  set(isOurs: boolean): Promise<void>
}

export interface DemoParts {
  readonly inProcess: InProcess
  readonly mark: DemoMark
  readonly registry: DemoRegistry
  readonly clock: Clock
  readonly version: string
  readonly onError: (error: unknown) => void
}

function notOurs(kind: string, name: string): Error {
  return new Error(`There is a ${kind} ${name} that the demo did not make. It would write to it, and delete it.`)
}

/** Producers and consumers that come and go: what an empty workspace is shown with. */
export class Demo {
  readonly changed: Listen<void>
  readonly #parts: DemoParts
  readonly #changes: Emitter<void>
  #clients: KafkaClient[] = []
  #isRunning = false
  #shop: Shop | undefined
  #warehouse: Warehouse | undefined
  #packers: Packers | undefined
  #statistics: Statistics | undefined
  #consumers: (DemoConsumer | undefined)[] = []
  /** Consumers that are leaving. */
  readonly #leaving = new Set<Promise<void>>()
  #cancelChange: () => void = () => {}
  #note: string | null = null
  #changesMade = 0
  /** Starts and stops come one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: DemoParts) {
    this.#parts = parts
    this.#changes = new Emitter(parts.onError)
    this.changed = this.#changes.listen
  }

  get state(): DemoState {
    return { running: this.#isRunning, leftover: !this.#isRunning && this.#parts.mark.get(), note: this.#note }
  }

  /** True for a connection of the demo's own clients: some of what they do fails on purpose. */
  owns(connectionId: number): boolean {
    return this.#parts.inProcess.owns(connectionId)
  }

  /** @throws Error when topics of the same names are not the demo's, or its clients cannot begin */
  start(): Promise<void> {
    return this.#afterLast(() => this.#start())
  }

  /** Ends the clients and removes what they made, also what an earlier run left. */
  stop(): Promise<void> {
    return this.#afterLast(() => this.#stop())
  }

  #afterLast(run: () => Promise<void>): Promise<void> {
    const done = this.#last.then(run)
    this.#last = done.catch(() => {})
    return done
  }

  async #start(): Promise<void> {
    if (this.#isRunning) return
    if (this.#parts.mark.get()) await this.#withAdmin((admin) => this.#remove(admin))
    await this.#withAdmin(async (admin) => {
      const found = await admin.describeTopics(topicNames)
      const foreign = found.find(({ error }) => error === 'NONE')
      if (foreign) throw notOurs('topic', foreign.name)
      const [subject] = await this.#parts.registry.existing(subjects)
      if (subject !== undefined) throw notOurs('schema subject', subject)
      this.#isRunning = true
      this.#tell('starting')
      try {
        await this.#parts.mark.set(true)
        await createTopics(admin, topics)
        const { clock, registry, onError } = this.#parts
        const clientOf = (clientId: string) => this.#client(clientId)
        this.#shop = new Shop({ clientOf, clock, onError })
        await this.#shop.open()
        this.#warehouse = new Warehouse({ clientOf, registry, clock, onError })
        await this.#warehouse.open()
        this.#packers = new Packers({ clientOf, clock, onError })
        await this.#packers.open(admin, orderPartitions)
        this.#statistics = new Statistics({ newClient: (clientId) => this.#newClient(clientId), clock, onError })
        await this.#statistics.open(admin)
      } catch (error) {
        await this.#stop()
        throw error
      }
    })
    for (let i = 0; i < consumers; i++) this.#join(i)
    this.#planChange()
    this.#tell(null)
  }

  async #stop(): Promise<void> {
    const { clock, onError } = this.#parts
    if (this.#isRunning) {
      this.#isRunning = false
      this.#cancelChange()
      const leaving = this.#consumers.splice(0)
      const gone = Promise.all([
        this.#shop?.close(),
        this.#warehouse?.close(),
        this.#packers?.close(),
        this.#statistics?.close(),
        ...leaving.map((consumer) => consumer?.close()),
        ...this.#leaving,
      ]).catch(onError)
      await Promise.race([gone, pause(clock, goodbyeMs)])
      this.#shop = undefined
      this.#warehouse = undefined
      this.#packers = undefined
      this.#statistics = undefined
      for (const client of this.#clients.splice(0)) client.dispose()
    }
    if (this.#parts.mark.get()) await this.#withAdmin((admin) => this.#remove(admin))
    this.#tell(null)
  }

  async #remove(admin: KafkaClient): Promise<void> {
    const found = await admin.describeTopics(topicNames)
    const ours = found.filter(({ error }) => error === 'NONE').map(({ name }) => name)
    if (ours.length > 0) await deleteTopics(admin, ours)
    // A member that was cut off in the middle of a rebalance has not left.
    const group = await describeGroup(admin, groupId)
    if (group) {
      await removeMembers(admin, groupId, group.members, 'the demo was stopped')
      await deleteGroup(admin, groupId)
    }
    const packing = await describeShareGroup(admin, packingGroup)
    if (packing) {
      const memberIds = packing.members.map(({ memberId }) => memberId)
      await removeShareMembers(admin, packingGroup, memberIds)
      await deleteGroup(admin, packingGroup)
    }
    await removeStatistics(admin)
    await this.#parts.registry.remove(subjects)
    await this.#parts.mark.set(false)
  }

  async #withAdmin(run: (admin: KafkaClient) => Promise<void>): Promise<void> {
    const admin = this.#newClient('demo')
    try {
      await run(admin)
    } finally {
      admin.dispose()
    }
  }

  /** A client that lives until the demo is stopped. */
  #client(clientId: string): KafkaClient {
    const client = this.#newClient(clientId)
    this.#clients.push(client)
    return client
  }

  #newClient(clientId: string): KafkaClient {
    const { clock, version, inProcess } = this.#parts
    const bootstrap = [{ host: '127.0.0.1', port: 0 }]
    const settings = { ...defaultSettings, clientId, softwareVersion: version, callTimeoutMs, bootstrap }
    return new KafkaClient(settings, { clock, dial: inProcess.dial })
  }

  #tell(note: string | null): void {
    this.#note = note
    this.#changes.emit()
  }

  #planChange(): void {
    const { clock } = this.#parts
    this.#cancelChange = clock.at(clock.now() + changeEveryMs, () => {
      this.#planChange()
      this.#comeOrGo()
    })
  }

  #join(place: number): void {
    this.#consumers[place] = new DemoConsumer(this.#newClient('demo-billing'), this.#parts.onError)
  }

  #comeOrGo(): void {
    const away = this.#consumers.indexOf(undefined)
    if (away >= 0) {
      this.#join(away)
      return
    }
    const place = this.#changesMade++ % consumers
    const leaving = this.#consumers[place]
    this.#consumers[place] = undefined
    if (leaving) this.#leave(leaving)
  }

  #leave(consumer: DemoConsumer): void {
    const left = consumer
      .close()
      .catch(this.#parts.onError)
      .finally(() => this.#leaving.delete(left))
    this.#leaving.add(left)
  }
}

/** One consumer of the demo's group, with a client of its own. */
class DemoConsumer {
  readonly #client: KafkaClient
  readonly #consumer: GroupConsumer

  constructor(client: KafkaClient, onError: (error: unknown) => void) {
    this.#client = client
    this.#consumer = new GroupConsumer(client, {
      groupId,
      topics: [orders, payments],
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      heartbeatMs: 1000,
      commitEveryMs: 1000,
      isolation: 'read_committed',
      reset: 'earliest',
      onRecords: () => {},
      onError,
    })
    this.#consumer.start()
  }

  /** Leaves the group and ends the client. */
  async close(): Promise<void> {
    try {
      await this.#consumer.close()
    } finally {
      this.#client.dispose()
    }
  }
}
