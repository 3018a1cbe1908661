import type { KafkaClient } from '../../src-main/client/client'
import { check } from '../../src-main/client/failures'
import type { RequestInput } from '../../src-main/protocol/api-types'
import { type Batch, type Codec, codecs, readBatches } from '../../src-main/records/batch'
import { encodeBatch, markerOf } from '../../src-main/records/encode'
import { readRecords } from '../../src-main/records/record'

type Pair = readonly [key: string, value: string | null]

type Step =
  | { readonly do: 'plain' | 'idempotent'; readonly pairs: readonly Pair[]; readonly codec?: Codec }
  | { readonly do: 'transactional'; readonly who: 1 | 2; readonly pairs: readonly Pair[]; readonly codec?: Codec }
  | { readonly do: 'commit' | 'abort'; readonly who: 1 | 2 }

export interface CompactionHistory {
  readonly name: string
  readonly deleteRetentionMs: number
  readonly steps: readonly Step[]
}

const day = 86_400_000
const plain = (...pairs: Pair[]): Step => ({ do: 'plain', pairs })

/** Things that compaction decides, and three longer ones that are drawn from a seed. */
export const compactionHistories: readonly CompactionHistory[] = [
  {
    name: 'an aborted record over a committed one',
    deleteRetentionMs: day,
    steps: [
      plain(['k', 'v1'], ['x', '1']),
      {
        do: 'transactional',
        who: 1,
        pairs: [
          ['k', 'aborted'],
          ['x', null],
        ],
      },
      { do: 'abort', who: 1 },
      { do: 'transactional', who: 2, pairs: [['k', 'aborted too']] },
      { do: 'abort', who: 2 },
    ],
  },
  ...[day, 0].map((deleteRetentionMs) => ({
    name: `tombstones, kept ${deleteRetentionMs} ms`,
    deleteRetentionMs,
    steps: [plain(['a', '1'], ['b', '1']), plain(['a', null], ['c', '1']), plain(['b', null]), plain(['b', '2'])],
  })),
  ...codecs.map((codec) => ({
    name: `an idempotent producer, ${codec}`,
    deleteRetentionMs: day,
    steps: [
      ...[1, 2, 3, 4].map(
        (i): Step => ({
          do: 'idempotent',
          codec,
          pairs: [
            ['a', `${i}`],
            ['b', 'v'.repeat(100)],
            [`only ${i % 2}`, `${i}`],
          ],
        }),
      ),
      plain(['a', 'end'], ['b', 'end'], ['only 0', 'end']),
    ],
  })),
  ...([1, 2] as const).flatMap((who) =>
    [day, 0].map((deleteRetentionMs) => ({
      name: `markers of transactions with version ${who}, kept ${deleteRetentionMs} ms`,
      deleteRetentionMs,
      steps: [
        ...[1, 2, 3, 4].flatMap((i): Step[] => [
          { do: 'transactional', who, pairs: [['k', `${i}`]] },
          { do: i % 2 === 0 ? 'commit' : 'abort', who },
        ]),
        plain(['k', 'end']),
      ],
    })),
  ),
  ...[1, 2, 3].map((seed) => ({
    name: `random history ${seed}`,
    deleteRetentionMs: seed === 1 ? day : 0,
    steps: drawn(seed),
  })),
]

/** Steps that are the same for the same seed (a linear congruential generator). */
function drawn(seed: number): Step[] {
  let state = seed
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  const pairsOf = (): Pair[] =>
    Array.from({ length: 1 + next(3) }, () => [`k${next(6)}`, next(4) === 0 ? null : `${next(100)}`] as const)
  const open = new Set<1 | 2>()
  const steps: Step[] = []
  for (let i = 0; i < 60; i++) {
    const codec = codecs[next(codecs.length)] as Codec
    const who = next(2) === 0 ? 1 : 2
    switch (next(5)) {
      case 0:
        steps.push({ do: 'plain', pairs: pairsOf(), codec })
        break
      case 1:
        steps.push({ do: 'idempotent', pairs: pairsOf(), codec })
        break
      case 2:
      case 3:
        open.add(who)
        steps.push({ do: 'transactional', who, pairs: pairsOf(), codec })
        break
      default:
        if (open.delete(who)) steps.push({ do: next(2) === 0 ? 'commit' : 'abort', who })
    }
  }
  for (const who of open) steps.push({ do: 'commit', who })
  return steps
}

/** Both brokers are one node with this id. */
const leader = { to: 'node', nodeId: 1 } as const

interface Producer {
  producerId: bigint
  producerEpoch: number
  sequence: number
  isAdded: boolean
}

/** Runs a history on a topic of its own, and lets the cleaner work until nothing changes any more. Returns a line for each batch that is left. */
export async function compactedLog(client: KafkaClient, history: CompactionHistory, topic: string): Promise<string[]> {
  const run = new Run(client, topic)
  // Nothing is cleaned before all is written.
  await run.create({
    'cleanup.policy': 'compact',
    'min.cleanable.dirty.ratio': '1',
    'delete.retention.ms': String(history.deleteRetentionMs),
  })
  for (const step of history.steps) await run.take(step)
  const end = await run.end()
  // Each of what follows is a segment of its own on Kafka, and what was written before is one.
  await run.configure({ 'segment.ms': '500', 'min.cleanable.dirty.ratio': '0' })
  let lines: string[] = []
  for (let round = 0, same = 0; same < 4 && round < 60; round++) {
    await run.take(plain(['push', `${round}`]))
    await pause(1000)
    const now = (await run.log()).filter(({ lastOffset }) => lastOffset < end).map(lineOf)
    same = now.join() === lines.join() ? same + 1 : 0
    lines = now
  }
  return lines
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function lineOf(batch: Batch): string {
  const {
    baseOffset,
    lastOffset,
    codec,
    isTransactional,
    isControl,
    hasDeleteHorizon,
    producerId,
    bytes,
    recordCount,
  } = batch
  const marks = [
    codec,
    ...(producerId >= 0n ? ['producer'] : []),
    ...(isTransactional ? ['transactional'] : []),
    ...(hasDeleteHorizon ? ['horizon'] : []),
    ...(recordCount === 0 ? [`bare, ${bytes.length} bytes`] : []),
  ]
  const records = [...readRecords(batch)].map(({ offset, key, value }) =>
    isControl ? `${offset} ${markerOf(key)}` : `${offset} ${key}=${value}`,
  )
  return `${baseOffset}..${lastOffset} ${isControl ? 'marker' : 'data'} (${marks.join(', ')}) ${records.join(', ')}`.trimEnd()
}

class Run {
  readonly #client: KafkaClient
  readonly #topic: string
  readonly #producers = new Map<string, Producer>()

  constructor(client: KafkaClient, topic: string) {
    this.#client = client
    this.#topic = topic
  }

  async create(configs: Record<string, string>): Promise<void> {
    await this.#client.ask({ to: 'controller' }, 'CreateTopics', {
      topics: [
        {
          name: this.#topic,
          numPartitions: 1,
          replicationFactor: 1,
          assignments: [],
          configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
        },
      ],
      timeoutMs: 10_000,
    } as RequestInput<'CreateTopics'>)
    await this.#client.retry(() => this.#client.topics([this.#topic], { isNew: true }))
  }

  async configure(configs: Record<string, string>): Promise<void> {
    const changes = Object.entries(configs).map(([name, value]) => ({ name, configOperation: 0, value }))
    await this.#client.ask({ to: 'controller' }, 'IncrementalAlterConfigs', {
      resources: [{ resourceType: 2, resourceName: this.#topic, configs: changes }],
      validateOnly: false,
    })
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'plain':
        return await this.#produce(step.pairs, step.codec, undefined)
      case 'idempotent':
        return await this.#produce(step.pairs, step.codec, await this.#producer('idempotent'))
      case 'transactional': {
        const producer = await this.#producer(`tx-${step.who}`)
        if (step.who === 1 && !producer.isAdded) await this.#add(producer)
        return await this.#produce(step.pairs, step.codec, producer, step.who)
      }
      default:
        return await this.#finish(step.do === 'commit', step.who)
    }
  }

  async end(): Promise<number> {
    const { topics } = await this.#client.ask(leader, 'ListOffsets', {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: this.#topic, partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1n }] }],
      timeoutMs: 1000,
    } as RequestInput<'ListOffsets'>)
    return Number(topics[0]!.partitions[0]!.offset)
  }

  async log(): Promise<Batch[]> {
    const batches: Batch[] = []
    const end = await this.end()
    for (let at = 0; at < end; ) {
      const body = {
        replicaId: -1,
        maxWaitMs: 100,
        minBytes: 1,
        maxBytes: 10_000_000,
        isolationLevel: 0,
        sessionId: 0,
        sessionEpoch: -1,
        topics: [
          {
            topic: this.#topic,
            partitions: [
              {
                partition: 0,
                currentLeaderEpoch: -1,
                fetchOffset: BigInt(at),
                lastFetchedEpoch: -1,
                logStartOffset: -1n,
                partitionMaxBytes: 10_000_000,
              },
            ],
          },
        ],
        forgottenTopicsData: [],
        rackId: '',
      } as RequestInput<'Fetch'>
      const { responses } = await this.#client.ask(leader, 'Fetch', body, { maxVersion: 12 })
      const got = [...readBatches(responses[0]?.partitions[0]?.records ?? new Uint8Array())]
      const last = got.at(-1)
      if (!last) break
      batches.push(...got)
      at = last.lastOffset + 1
    }
    return batches
  }

  async #produce(pairs: readonly Pair[], codec: Codec = 'none', producer?: Producer, who?: 1 | 2): Promise<void> {
    const timestamp = Date.now()
    const records = encodeBatch(
      pairs.map(([key, value]) => ({
        key: Buffer.from(key),
        value: value === null ? null : Buffer.from(value),
        timestamp,
      })),
      {
        codec,
        ...(producer
          ? { producerId: producer.producerId, producerEpoch: producer.producerEpoch, baseSequence: producer.sequence }
          : {}),
        isTransactional: who !== undefined,
      },
    )
    const body = {
      transactionalId: who === undefined ? null : this.#transactionalId(who),
      acks: -1,
      timeoutMs: 10_000,
      topicData: [{ name: this.#topic, partitionData: [{ index: 0, records }] }],
    } as RequestInput<'Produce'>
    await this.#client.retry(async () => {
      // From 12 on a partition is added by writing to it (KIP-890); from 13 on topics have ids.
      const { responses } = await this.#client.ask(leader, 'Produce', body, { maxVersion: who === 2 ? 12 : 11 })
      check(responses[0]!.partitionResponses[0]!.errorCode, 'Produce')
    })
    if (producer) producer.sequence += pairs.length
  }

  async #producer(name: string): Promise<Producer> {
    const known = this.#producers.get(name)
    if (known) return known
    const transactionalId = name === 'idempotent' ? null : `${this.#topic}-${name}`
    const producer = await this.#client.retry(async () => {
      const { errorCode, producerId, producerEpoch } = await this.#client.ask(
        this.#destination(transactionalId),
        'InitProducerId',
        { transactionalId, transactionTimeoutMs: 60_000, producerId: -1n, producerEpoch: -1 },
      )
      check(errorCode, 'InitProducerId')
      return { producerId, producerEpoch, sequence: 0, isAdded: false }
    })
    this.#producers.set(name, producer)
    return producer
  }

  async #add(producer: Producer): Promise<void> {
    const body = {
      v3AndBelowTransactionalId: this.#transactionalId(1),
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [{ name: this.#topic, partitions: [0] }],
    }
    await this.#client.retry(async () => {
      const coordinator = this.#destination(this.#transactionalId(1))
      const { resultsByTopicV3AndBelow: topics } = await this.#client.ask(coordinator, 'AddPartitionsToTxn', body, {
        maxVersion: 3,
      })
      check(topics[0]!.resultsByPartition[0]!.partitionErrorCode, 'AddPartitionsToTxn')
    })
    producer.isAdded = true
  }

  async #finish(committed: boolean, who: 1 | 2): Promise<void> {
    const producer = await this.#producer(`tx-${who}`)
    const transactionalId = this.#transactionalId(who)
    const { producerId, producerEpoch } = producer
    const end = await this.end()
    const answer = await this.#client.retry(async () => {
      const body = { transactionalId, producerId, producerEpoch, committed }
      const options = { maxVersion: who === 2 ? 5 : 4 }
      const ended = await this.#client.ask(this.#destination(transactionalId), 'EndTxn', body, options)
      check(ended.errorCode, 'EndTxn')
      return ended
    })
    // Kafka answers before the marker is in the log.
    while ((await this.end()) === end) await pause(20)
    producer.isAdded = false
    if (who === 2)
      Object.assign(producer, { producerId: answer.producerId, producerEpoch: answer.producerEpoch, sequence: 0 })
  }

  #transactionalId(who: 1 | 2): string {
    return `${this.#topic}-tx-${who}`
  }

  #destination(transactionalId: string | null) {
    return transactionalId === null
      ? ({ to: 'any' } as const)
      : ({ to: 'coordinator', keyType: 'transaction', key: transactionalId } as const)
  }
}
