import { systemClock } from '../../../src-main/base/clock'
import { Connection } from '../../../src-main/client/connection'
import { dialTcp } from '../../../src-main/client/dial'
import { pause } from '../../../src-main/client/retry'
import { type ClientSettings, defaultSettings, type SaslSettings } from '../../../src-main/client/settings'
import type { ApiName, RequestInput, ResponseOf } from '../../../src-main/protocol/api-types'
import { errorName } from '../../../src-main/protocol/errors'
import { readBatches } from '../../../src-main/records/batch'
import { encodeBatch } from '../../../src-main/records/encode'
import { readRecords } from '../../../src-main/records/record'

/** First and last offset, and one acknowledge type for all of them or one for each. */
export type Acknowledged = readonly [first: number, last: number, ...types: number[]]

export type FetchWish = Partial<RequestInput<'ShareFetch'>>

/** Longest time until something that both brokers do comes true. */
const patienceMs = 15_000
const pauseMs = 100

/** `HOST:PORT` of the listener without and with authentication. */
export interface Addresses {
  readonly open: string
  readonly secured: string
}

/** One scenario on one broker: what its clients asked, and what they were answered, as lines of text. */
export class Play {
  readonly lines: string[] = []
  readonly topicNames = new Map<string, string>()
  readonly #addresses: Addresses
  readonly #connections: Connection[] = []
  readonly #times = new Map<string, number>()

  constructor(addresses: Addresses) {
    this.#addresses = addresses
  }

  /** A connection of its own. */
  async connect(sasl: SaslSettings | null = null): Promise<Connection> {
    const [host = '', port = ''] = (sasl ? this.#addresses.secured : this.#addresses.open).split(':')
    const settings: ClientSettings = { ...defaultSettings, clientId: 'sharer', sasl, bootstrap: [] }
    const target = { host, port: Number(port), nodeId: null }
    const connection = await Connection.open(target, { settings, clock: systemClock, dial: dialTcp })
    this.#connections.push(connection)
    return connection
  }

  /** A line `what -> answer`; a `what` that comes again is numbered. */
  say(what: string, answer: unknown): void {
    const times = (this.#times.get(what) ?? 0) + 1
    this.#times.set(what, times)
    this.lines.push(`${times === 1 ? what : `${what} (${times})`} -> ${this.#text(answer)}`)
  }

  /** Asks again until the answer is as wished; that one is the line. */
  async until<T>(what: string, ask: () => Promise<T>, isAsWished: (answer: T) => boolean): Promise<T> {
    const answer = await settled(ask, isAsWished)
    this.say(what, answer)
    return answer
  }

  dispose(): void {
    for (const connection of this.#connections) connection.dispose()
  }

  #text(value: unknown): string {
    if (typeof value === 'string') return value
    return JSON.stringify(value, (key, field: unknown) => this.#shown(key, field))
  }

  #shown(key: string, field: unknown): unknown {
    if (key === 'throttleTimeMs') return undefined
    if (key === 'port') return 'PORT'
    if (key === 'topicId' && typeof field === 'string') return this.topicNames.get(field) ?? field
    if (/errorCode$/i.test(key) && typeof field === 'number') return errorName(field)
    if (typeof field === 'bigint') return Number(field)
    if (key === 'records') return recordsShown(field)
    // Kafka keeps partitions in a hash table.
    if (key === 'partitions' && Array.isArray(field)) return [...field].sort(byIndex)
    if ((key === 'topics' || key === 'responses') && Array.isArray(field)) return [...field].sort(byName)
    return field
  }
}

const nameOf = (one: { readonly topicName?: string }) => one.topicName ?? ''
const byName = (a: { readonly topicName?: string }, b: { readonly topicName?: string }) =>
  nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0
const indexOf = (one: unknown) => (one as { readonly partitionIndex?: number }).partitionIndex ?? Number(one)
const byIndex = (a: unknown, b: unknown) => indexOf(a) - indexOf(b) || 0

/** Asks until the answer is as wished. */
export async function settled<T>(ask: () => Promise<T>, isAsWished: (answer: T) => boolean): Promise<T> {
  for (const end = Date.now() + patienceMs; ; ) {
    const answer = await ask()
    if (isAsWished(answer) || Date.now() > end) return answer
    await pause(systemClock, pauseMs)
  }
}

/** Each batch with its offsets and the values of its records. JSON sees a Buffer as an object with its bytes (Buffer.toJSON). */
function recordsShown(field: unknown): unknown {
  if (field === null) return null
  const bytes = Buffer.from((field as { readonly data: readonly number[] }).data)
  return [...readBatches(bytes)].map((batch) => {
    const kind = batch.isControl ? 'control' : [...readRecords(batch)].map(({ value }) => String(value)).join(' ')
    return `${batch.baseOffset}-${batch.lastOffset}: ${kind}`
  })
}

/** An administrator and producer. What it prepares is no line. */
export class Admin {
  readonly play: Play
  readonly connection: Connection

  constructor(play: Play, connection: Connection) {
    this.play = play
    this.connection = connection
  }

  static async of(play: Play): Promise<Admin> {
    return new Admin(play, await play.connect())
  }

  /** Asks, and makes a line of it. */
  async ask<N extends ApiName>(api: N, body: RequestInput<N>, what: string = api): Promise<ResponseOf<N>> {
    const answer = await this.connection.ask(api, body)
    this.play.say(what, answer)
    return answer
  }

  async create(name: string, partitions = 1, configs: Record<string, string> = {}): Promise<string> {
    const { topics } = await this.connection.ask('CreateTopics', {
      topics: [
        {
          name,
          numPartitions: partitions,
          replicationFactor: 1,
          assignments: [],
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
      timeoutMs: 30_000,
      validateOnly: false,
    })
    must(topics[0]?.errorCode, `create ${name}`)
    return await this.known(name, partitions)
  }

  /** Resolves with the id when the topic has a leader for every partition. */
  async known(name: string, partitions: number): Promise<string> {
    const ask = () => this.connection.ask('Metadata', { topics: [{ name }], allowAutoTopicCreation: false })
    const { topics } = await settled(ask, ({ topics: [topic] }) => {
      return (
        topic?.partitions.filter(({ errorCode, leaderId }) => errorCode === 0 && leaderId >= 0).length === partitions
      )
    })
    const id = topics[0]?.topicId ?? ''
    this.play.topicNames.set(id, name)
    return id
  }

  async produce(topic: string, values: readonly string[], partition = 0): Promise<void> {
    const now = Date.now()
    const records = encodeBatch(values.map((value) => ({ key: null, value: Buffer.from(value), timestamp: now })))
    await this.write(topic, records, partition)
  }

  async write(topic: string, records: Uint8Array, partition = 0, transactionalId: string | null = null): Promise<void> {
    const topicData = [{ name: topic, partitionData: [{ index: partition, records }] }]
    const body = { transactionalId, acks: -1, timeoutMs: 30_000, topicData }
    const ask = () => this.connection.ask('Produce', body, { maxVersion: 12 })
    // A topic that was just created may not be led yet.
    const isLed = (code: number | undefined) => code !== 6 && code !== 3
    const { responses } = await settled(ask, ({ responses: [one] }) => isLed(one?.partitionResponses[0]?.errorCode))
    must(responses[0]?.partitionResponses[0]?.errorCode, `produce to ${topic}`)
  }

  /** Sets configs of a group (32), a topic (2) or all brokers (4). */
  async configure(resourceType: 32 | 2 | 4, name: string, configs: Record<string, string>): Promise<void> {
    const { responses } = await this.connection.ask('IncrementalAlterConfigs', {
      resources: [
        {
          resourceType,
          resourceName: name,
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, configOperation: 0, value })),
        },
      ],
      validateOnly: false,
    })
    must(responses[0]?.errorCode, `configs of ${name}`)
  }

  /** A group that begins at these offsets. */
  async begin(groupId: string, topic: string, offsets: readonly number[] = [0]): Promise<void> {
    const partitions = offsets.map((offset, partitionIndex) => ({ partitionIndex, startOffset: BigInt(offset) }))
    const topics = [{ topicName: topic, partitions }]
    const ask = () => this.connection.ask('AlterShareGroupOffsets', { groupId, topics })
    const answer = await settled(ask, ({ errorCode, responses }) =>
      [errorCode, ...(responses[0]?.partitions ?? []).map((one) => one.errorCode)].every((code) => code === 0),
    )
    must(answer.errorCode, `offsets of ${groupId}`)
  }

  /**
   * Records of each partition that are not finished, when it is so many. The start offset is no line: Kafka describes the one that it stored
   * with the last acknowledgement, which is where it was before that.
   */
  async lag(groupId: string, topic: string, ...wished: readonly number[]): Promise<void> {
    const ask = async () => {
      const { groups } = await this.connection.ask('DescribeShareGroupOffsets', { groups: [{ groupId, topics: null }] })
      const found = groups[0]?.topics.find(({ topicName }) => topicName === topic)
      return (found?.partitions ?? []).map(({ lag }) => Number(lag))
    }
    await this.play.until(`lag of ${groupId}`, ask, (lags) => lags.join() === wished.join())
  }
}

function must(code: number | undefined, what: string): void {
  if (code !== 0) throw new Error(`${what}: ${code === undefined ? 'no answer' : errorName(code)}`)
}

/** A member of a share group on a connection of its own; it reads the partitions it is made with. */
export class Member {
  epoch = 0
  memberEpoch = 0
  readonly play: Play
  readonly name: string
  readonly groupId: string
  readonly topicId: string
  readonly partitions: readonly number[]
  readonly connection: Connection

  private constructor(
    play: Play,
    connection: Connection,
    name: string,
    groupId: string,
    topicId: string,
    partitions: readonly number[],
  ) {
    this.play = play
    this.connection = connection
    this.name = name
    this.groupId = groupId
    this.topicId = topicId
    this.partitions = partitions
  }

  static async of(play: Play, name: string, groupId: string, topicId: string, partitions = [0]): Promise<Member> {
    return new Member(play, await play.connect(), name, groupId, topicId, partitions)
  }

  static on(play: Play, connection: Connection, name: string, groupId: string, topicId: string): Member {
    return new Member(play, connection, name, groupId, topicId, [0])
  }

  heartbeat(body: Partial<RequestInput<'ShareGroupHeartbeat'>>): Promise<ResponseOf<'ShareGroupHeartbeat'>> {
    const whole = { groupId: this.groupId, memberId: this.name, memberEpoch: this.memberEpoch, ...body }
    return this.connection.ask('ShareGroupHeartbeat', whole)
  }

  /** One heartbeat, with its line. */
  async beat(body: Partial<RequestInput<'ShareGroupHeartbeat'>> = {}): Promise<ResponseOf<'ShareGroupHeartbeat'>> {
    const answer = await this.heartbeat(body)
    this.play.say(`${this.name} heartbeats ${shown(body)}`, answer)
    if (answer.errorCode === 0) this.memberEpoch = answer.memberEpoch
    return answer
  }

  /** Joins, and heartbeats until it has so many partitions. Epochs are no line: Kafka needs several heartbeats. */
  async join(topics: readonly string[], partitions: number): Promise<void> {
    let assigned: readonly { readonly topicId: string; readonly partitions: readonly number[] }[] = []
    await settled(
      async () => {
        const isFirst = this.memberEpoch === 0
        const answer = await this.heartbeat(isFirst ? { subscribedTopicNames: [...topics] } : {})
        if (answer.errorCode === 0) this.memberEpoch = answer.memberEpoch
        if (answer.assignment) assigned = answer.assignment.topicPartitions
        return assigned
      },
      (found) => found.reduce((sum, each) => sum + each.partitions.length, 0) === partitions,
    )
    const named = (topicId: string) => this.play.topicNames.get(topicId) ?? topicId
    const sorted = assigned
      .map(({ topicId, partitions: some }) => ({ topicId: named(topicId), partitions: [...some].sort() }))
      .sort((x, y) => (x.topicId < y.topicId ? -1 : 1))
    this.play.say(`${this.name} is assigned`, sorted)
  }

  /** One ShareFetch, with its line. It waits for records; `nothing` does not. */
  async fetch(wish: FetchWish = {}, acknowledged: readonly Acknowledged[] = []): Promise<ResponseOf<'ShareFetch'>> {
    const answer = await this.asked(wish, acknowledged)
    this.play.say(`${this.name} fetches ${shown(wish)}${acknowledgedShown(acknowledged)}`, answer)
    return answer
  }

  /** A ShareFetch that is expected to give nothing, and waits a moment for it. */
  async nothing(wish: FetchWish = {}): Promise<void> {
    await this.fetch({ maxWaitMs: 300, ...wish })
  }

  /** The answer of a ShareFetch, without a line. `version` 1 knows neither modes nor renewals. */
  async asked(
    wish: FetchWish,
    acknowledged: readonly Acknowledged[] = [],
    maxVersion = 2,
  ): Promise<ResponseOf<'ShareFetch'>> {
    const body: RequestInput<'ShareFetch'> = {
      groupId: this.groupId,
      memberId: this.name,
      shareSessionEpoch: this.epoch,
      maxWaitMs: 10_000,
      minBytes: 1,
      maxBytes: 50_000_000,
      maxRecords: 500,
      batchSize: 500,
      topics: this.#topics(acknowledged),
      forgottenTopicsData: [],
      ...wish,
    }
    const answer = await this.connection.ask('ShareFetch', body, { maxVersion })
    const used = wish.shareSessionEpoch ?? this.epoch
    if (answer.errorCode === 0) this.epoch = used < 0 ? 0 : used + 1
    return answer
  }

  /** One ShareAcknowledge, with its line. */
  async acknowledge(
    acknowledged: readonly Acknowledged[],
    wish: Partial<RequestInput<'ShareAcknowledge'>> = {},
    maxVersion = 2,
  ): Promise<void> {
    const body: RequestInput<'ShareAcknowledge'> = {
      groupId: this.groupId,
      memberId: this.name,
      shareSessionEpoch: this.epoch,
      topics: acknowledged.length === 0 ? [] : this.#topics(acknowledged),
      ...wish,
    }
    const answer = await this.connection.ask('ShareAcknowledge', body, { maxVersion })
    if (answer.errorCode === 0) this.epoch = (wish.shareSessionEpoch ?? this.epoch) < 0 ? 0 : this.epoch + 1
    this.play.say(`${this.name} acknowledges ${shown(wish)}${acknowledgedShown(acknowledged)}`, answer)
  }

  /** Its connection ends without a word. */
  vanish(): void {
    this.connection.dispose()
  }

  #topics(acknowledged: readonly Acknowledged[]) {
    const acknowledgementBatches = acknowledged.map(([first, last, ...acknowledgeTypes]) => ({
      firstOffset: BigInt(first),
      lastOffset: BigInt(last),
      acknowledgeTypes,
    }))
    return [
      {
        topicId: this.topicId,
        partitions: this.partitions.map((partitionIndex) => ({
          partitionIndex,
          acknowledgementBatches: partitionIndex === this.partitions[0] ? acknowledgementBatches : [],
        })),
      },
    ]
  }
}

function shown(wish: object): string {
  return Object.entries(wish)
    .filter(([key]) => key !== 'topics' && key !== 'forgottenTopicsData')
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(' ')
}

function acknowledgedShown(acknowledged: readonly Acknowledged[]): string {
  return acknowledged.map(([first, last, ...types]) => ` [${first}-${last}: ${types.join()}]`).join('')
}
