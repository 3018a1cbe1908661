import { ManualClock } from '../../src-main/base/clock'
import { createLog } from '../../src-main/base/log'
import { securityProtocols } from '../../src-main/base/security-protocol'
import { createBroker, type RunningBroker } from '../../src-main/broker/create'
import type { Connection, Served } from '../../src-main/broker/serve'
import type { ApiName, RequestInput, ResponseOf } from '../../src-main/protocol/api-types'
import { decodeResponse, encodeRequest } from '../../src-main/protocol/frame'
import { encodeBatch, type NewRecord } from '../../src-main/records/encode'
import { Workspace } from '../../src-main/storage'

export const start = Date.UTC(2026, 0, 1)

/** A broker in this process, on a temporary workspace and a clock that is moved by hand. */
export class TestBroker {
  readonly clock: ManualClock
  readonly logged: string[] = []
  readonly workspace: Workspace
  readonly broker: RunningBroker
  #connections = 0

  constructor(config: Record<string, string> = {}, file?: string, now = start) {
    this.clock = new ManualClock(now)
    const log = createLog(
      'test',
      'info',
      ({ level, text }) => this.logged.push(`${level} ${text}`),
      () => this.clock.now(),
    )
    this.workspace = new Workspace({ clock: this.clock, log, ...(file ? { file } : {}) })
    this.broker = createBroker({
      workspace: this.workspace,
      clock: this.clock,
      log,
      config: new Map(Object.entries(config)),
      advertised: new Map(),
    })
  }

  get core(): RunningBroker['core'] {
    return this.broker.core
  }

  /** A client on a connection of its own. */
  client(facts: Partial<Connection> = {}): TestClient {
    const connection: Connection = {
      id: ++this.#connections,
      listener: 'PLAINTEXT',
      // Of Kafka's own names of listeners each means its protocol.
      securityProtocol: securityProtocols.find((known) => known === facts.listener) ?? 'PLAINTEXT',
      remoteAddress: '127.0.0.1',
      remotePort: 50_000 + this.#connections,
      localAddress: '127.0.0.1',
      localPort: 9092,
      connectedAt: this.clock.now(),
      ...facts,
    }
    this.broker.opened(connection)
    return new TestClient(this.broker, connection)
  }

  async dispose(): Promise<void> {
    this.broker.dispose()
    await this.workspace.dispose()
  }
}

export class TestClient {
  readonly #broker: RunningBroker
  readonly connection: Connection
  #correlationId = 0

  constructor(broker: RunningBroker, connection: Connection) {
    this.#broker = broker
    this.connection = connection
  }

  /** One request and its response; rejects when the connection would be closed. */
  async ask<N extends ApiName>(api: N, version: number, body: RequestInput<N>): Promise<ResponseOf<N>> {
    const frame = Buffer.concat(encodeRequest(api, version, ++this.#correlationId, 'tester', body))
    const chunks = await this.#broker.serve(this.connection, frame).response
    if (!chunks) throw new Error('there was no response')
    return decodeResponse(api, version, Buffer.concat(chunks)).body
  }

  /** A request as the server serves it: with what becomes of the connection. */
  served<N extends ApiName>(api: N, version: number, body: RequestInput<N>): Served {
    const frame = Buffer.concat(encodeRequest(api, version, ++this.#correlationId, 'tester', body))
    return this.#broker.serve(this.connection, frame)
  }

  /** Serves a whole frame. */
  serve(frame: Buffer): Promise<readonly Uint8Array[] | null> {
    return this.#broker.serve(this.connection, frame).response
  }

  async create(name: string, numPartitions = 1, configs: Record<string, string> = {}): Promise<void> {
    const { topics } = await this.ask('CreateTopics', 5, {
      topics: [
        {
          name,
          numPartitions,
          replicationFactor: 1,
          assignments: [],
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
      timeoutMs: 1000,
      validateOnly: false,
    })
    if (topics[0]?.errorCode !== 0) throw new Error(topics[0]?.errorMessage ?? 'not created')
  }

  /** Produces one batch; the partition's answer. */
  async produce(topic: string, records: Uint8Array, partition = 0, transactionalId: string | null = null, version = 9) {
    const { responses } = await this.ask('Produce', version, {
      transactionalId,
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    })
    const answer = responses[0]?.partitionResponses[0]
    if (!answer) throw new Error('the partition was not answered')
    return answer
  }

  /** Fetches from one partition at once; its answer. */
  async fetch(
    topic: string,
    fetchOffset: number,
    options: { isolationLevel?: number; maxBytes?: number; maxWaitMs?: number; partition?: number } = {},
  ) {
    const { responses } = await this.ask('Fetch', 11, {
      replicaId: -1,
      maxWaitMs: options.maxWaitMs ?? 0,
      minBytes: 1,
      maxBytes: 50_000_000,
      isolationLevel: options.isolationLevel ?? 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic,
          partitions: [
            {
              partition: options.partition ?? 0,
              currentLeaderEpoch: -1,
              fetchOffset: BigInt(fetchOffset),
              logStartOffset: -1n,
              partitionMaxBytes: options.maxBytes ?? 1_000_000,
            },
          ],
        },
      ],
      forgottenTopicsData: [],
      rackId: '',
    })
    const answer = responses[0]?.partitions[0]
    if (!answer) throw new Error('the partition was not answered')
    return answer
  }
}

/** Records with keys and values as text. */
export function batchOf(
  values: readonly (string | null)[],
  options: Parameters<typeof encodeBatch>[1] & { key?: (i: number) => string | null } = {},
): Buffer {
  const { key, ...rest } = options
  const records = values.map((value, i): NewRecord => {
    const name = key ? key(i) : `key-${i}`
    return {
      key: name === null ? null : Buffer.from(name),
      value: value === null ? null : Buffer.from(value),
      timestamp: start + i,
    }
  })
  return encodeBatch(records, rest)
}
