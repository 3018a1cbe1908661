import { encodeBatch } from '../../../src-main/records/encode'
import { Admin, Member, type Play, settled } from './play'

const accept = 1
const release = 2
const earliest = { 'share.auto.offset.reset': 'earliest' }

/** A producer with a transactional id, by the protocol of transaction version 2. */
class Transactions {
  #sequence = 0
  #id = -1n
  #epoch = -1
  readonly #admin: Admin
  readonly #transactionalId: string

  constructor(admin: Admin, transactionalId: string) {
    this.#admin = admin
    this.#transactionalId = transactionalId
  }

  async begin(): Promise<void> {
    const ask = async () => {
      const found = await this.#admin.connection.ask('FindCoordinator', {
        keyType: 1,
        coordinatorKeys: [this.#transactionalId],
      })
      if (found.coordinators[0]?.errorCode !== 0) return undefined
      return await this.#admin.connection.ask(
        'InitProducerId',
        { transactionalId: this.#transactionalId, transactionTimeoutMs: 60_000, producerId: -1n, producerEpoch: -1 },
        { maxVersion: 5 },
      )
    }
    const answer = await settled(ask, (one) => one?.errorCode === 0)
    this.#id = answer?.producerId ?? -1n
    this.#epoch = answer?.producerEpoch ?? -1
  }

  async write(topic: string, values: readonly string[]): Promise<void> {
    const timestamp = Date.now()
    const records = encodeBatch(
      values.map((value) => ({ key: null, value: Buffer.from(value), timestamp })),
      { producerId: this.#id, producerEpoch: this.#epoch, baseSequence: this.#sequence, isTransactional: true },
    )
    await this.#admin.write(topic, records, 0, this.#transactionalId)
    this.#sequence += values.length
  }

  async end(committed: boolean): Promise<void> {
    const body = { transactionalId: this.#transactionalId, producerId: this.#id, producerEpoch: this.#epoch, committed }
    const answer = await settled(
      () => this.#admin.connection.ask('EndTxn', body, { maxVersion: 5 }),
      ({ errorCode }) => errorCode === 0,
    )
    this.#id = answer.producerId
    this.#epoch = answer.producerEpoch
    this.#sequence = 0
  }
}

/** The log under the window: where it begins, what is missing from it, transactions. */
export const logs = {
  'a group begins at the end unless it is told otherwise': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('newest')
    await admin.produce('newest', ['v0', 'v1'])
    const a = await Member.of(play, 'a', 'newest', topicId)
    await a.join(['newest'], 1)
    await admin.lag('newest', 'newest', -1)
    await settled(
      () => a.asked({ maxWaitMs: 500 }),
      ({ errorCode, responses }) => errorCode === 0 && responses.every(({ partitions: [one] }) => one?.errorCode === 0),
    )
    await admin.configure(32, 'newest', earliest)
    await admin.produce('newest', ['v2'])
    await a.fetch()
    await a.acknowledge([[2, 2, accept]])
    await admin.lag('newest', 'newest', 0)
  },

  'by_duration begins with records of that age': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('aged')
    const write = async (ageMs: number) => {
      const record = { key: null, value: Buffer.from(`${ageMs}`), timestamp: Date.now() - ageMs }
      await admin.write('aged', encodeBatch([record]))
    }
    for (const ageMs of [10_800_000, 7_200_000, 1_800_000, 0]) await write(ageMs)
    for (const [groupId, policy] of Object.entries({ 'aged-1': 'PT1H', 'aged-2': 'P1D' })) {
      await admin.configure(32, groupId, { 'share.auto.offset.reset': `by_duration:${policy}` })
      const a = await Member.of(play, 'a', groupId, topicId)
      await a.join(['aged'], 1)
      const acquired = await settled(
        async () => {
          const { responses } = await a.asked({ maxWaitMs: 500 })
          return responses.flatMap(({ partitions }) => partitions.flatMap((one) => one.acquiredRecords))
        },
        (ranges) => ranges.length > 0,
      )
      play.say(`acquired with ${policy}`, acquired)
      await a.acknowledge([[Number(acquired[0]?.firstOffset), 3, accept]])
      await admin.lag(groupId, 'aged', 0)
    }
    // No record is as young as that.
    await admin.configure(32, 'aged-3', { 'share.auto.offset.reset': 'by_duration:PT0.001S' })
    const a = await Member.of(play, 'a', 'aged-3', topicId)
    await a.join(['aged'], 1)
    const { responses } = await a.asked({ maxWaitMs: 500 })
    play.say('no record of that age', responses[0]?.partitions[0])
  },

  'partitions that are added are read from their beginning': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('growing')
    await admin.configure(32, 'growing', { 'share.auto.offset.reset': 'latest' })
    const a = await Member.of(play, 'a', 'growing', topicId, [0, 1])
    await a.join(['growing'], 1)
    await admin.connection.ask('CreatePartitions', {
      topics: [{ name: 'growing', count: 2, assignments: null }],
      timeoutMs: 30_000,
      validateOnly: false,
    })
    await admin.known('growing', 2)
    await admin.produce('growing', ['v0'], 1)
    await a.join(['growing'], 2)
    const wish = { topics: [{ topicId, partitions: [{ partitionIndex: 1, acknowledgementBatches: [] }] }] }
    await a.fetch(wish)
  },

  'read_committed waits for open transactions and leaves out aborted ones': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('committed')
    await admin.configure(32, 'committed', { 'share.isolation.level': 'read_committed' })
    await admin.begin('committed', 'committed')
    const producer = new Transactions(await Admin.of(play), 'committed')
    await producer.begin()
    await admin.produce('committed', ['plain'])
    await producer.write('committed', ['c1', 'c2'])
    const a = await Member.of(play, 'a', 'committed', topicId)
    await a.fetch()
    await a.nothing()
    await producer.end(true)
    await a.fetch({}, [[0, 0, accept]])
    await producer.write('committed', ['a1', 'a2'])
    await a.nothing()
    await producer.end(false)
    await admin.produce('committed', ['last'])
    await a.acknowledge([
      [1, 2, accept],
      [3, 3, 0],
    ])
    await a.fetch()
    await a.acknowledge([
      [6, 6, 0],
      [7, 7, accept],
    ])
    await admin.lag('committed', 'committed', 0)
  },

  'read_uncommitted reads everything': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('uncommitted')
    await admin.begin('uncommitted', 'uncommitted')
    const producer = new Transactions(await Admin.of(play), 'uncommitted')
    await producer.begin()
    await producer.write('uncommitted', ['a1', 'a2'])
    const a = await Member.of(play, 'a', 'uncommitted', topicId)
    await a.fetch()
    await producer.end(false)
    await a.fetch({}, [[0, 1, accept]])
    await a.acknowledge([[2, 2, 0]])
    await admin.lag('uncommitted', 'uncommitted', 0)
  },

  'records are deleted under the window': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('cut')
    for (const value of ['v0', 'v1', 'v2', 'v3', 'v4', 'v5']) await admin.produce('cut', [value])
    await admin.begin('cut', 'cut')
    const a = await Member.of(play, 'a', 'cut', topicId)
    await a.fetch({ maxRecords: 4, batchSize: 1 })
    await a.acknowledge([[1, 1, release]])
    await admin.connection.ask('DeleteRecords', {
      topics: [{ name: 'cut', partitions: [{ partitionIndex: 0, offset: 3n }] }],
      timeoutMs: 30_000,
    })
    const seen = await settled(
      async () => (await a.asked({ maxWaitMs: 300 })).responses.flatMap(({ partitions }) => partitions),
      ([partition]) => (partition?.acquiredRecords.length ?? 0) > 0,
    )
    play.say('acquired', seen[0]?.acquiredRecords)
    await a.acknowledge([[0, 0, accept]])
    await a.acknowledge([[2, 2, accept]])
    await a.acknowledge([[3, 5, accept]])
    await admin.produce('cut', ['v6'])
    await a.fetch()
  },

  'all records are deleted': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('emptied')
    await admin.produce('emptied', ['v0', 'v1', 'v2'])
    await admin.begin('emptied', 'emptied')
    const a = await Member.of(play, 'a', 'emptied', topicId)
    await a.fetch()
    await admin.connection.ask('DeleteRecords', {
      topics: [{ name: 'emptied', partitions: [{ partitionIndex: 0, offset: -1n }] }],
      timeoutMs: 30_000,
    })
    await a.nothing()
    await a.acknowledge([[0, 2, release]])
    await a.nothing()
    await admin.produce('emptied', ['v3'])
    await a.fetch()
    await a.acknowledge([[3, 3, accept]])
    await admin.lag('emptied', 'emptied', 0)
  },

  'a topic is deleted and made again': async (play: Play) => {
    const admin = await Admin.of(play)
    const old = await admin.create('again')
    await admin.produce('again', ['v0', 'v1', 'v2'])
    await admin.begin('again', 'again')
    const a = await Member.of(play, 'a', 'again', old)
    await a.fetch()
    await admin.connection.ask('DeleteTopics', { topics: [{ name: 'again' }], timeoutMs: 30_000 })
    await settled(
      () => admin.connection.ask('Metadata', { topics: [{ name: 'again' }], allowAutoTopicCreation: false }),
      ({ topics: [topic] }) => topic?.errorCode === 3,
    )
    play.topicNames.set(old, 'again, deleted')
    await a.nothing()
    await a.acknowledge([[0, 2, accept]])
    await admin.lag('again', 'again')
    const id = await admin.create('again')
    await admin.produce('again', ['w0'])
    await admin.configure(32, 'again', earliest)
    const b = await Member.of(play, 'b', 'again', id)
    await b.join(['again'], 1)
    await b.fetch()
    await b.acknowledge([[0, 0, accept]])
    await admin.lag('again', 'again', 0)
  },

  'the log is compacted under the window': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('compacted', 1, {
      'cleanup.policy': 'compact',
      'min.cleanable.dirty.ratio': '0.01',
      'segment.ms': '200',
      'min.compaction.lag.ms': '0',
    })
    const write = async (keys: readonly string[]) => {
      const timestamp = Date.now()
      const records = keys.map((key) => ({ key: Buffer.from(key), value: Buffer.from(key), timestamp }))
      await admin.write('compacted', encodeBatch(records))
    }
    await write(['a', 'b', 'c'])
    await write(['a', 'd'])
    await admin.begin('compacted', 'compacted')
    const a = await Member.of(play, 'a', 'compacted', topicId)
    await a.fetch()
    await a.acknowledge([[0, 4, release]])
    await write(['b', 'c'])
    // The first batch is superseded as a whole; a segment that is not the last one is cleaned.
    await settled(
      async () => {
        await write(['tick'])
        return await admin.connection.ask(
          'Fetch',
          {
            replicaId: -1,
            maxWaitMs: 0,
            minBytes: 0,
            maxBytes: 1_000_000,
            isolationLevel: 0,
            sessionId: 0,
            sessionEpoch: -1,
            topics: [
              {
                topic: 'compacted',
                partitions: [
                  {
                    partition: 0,
                    currentLeaderEpoch: -1,
                    fetchOffset: 0n,
                    logStartOffset: -1n,
                    partitionMaxBytes: 1_000_000,
                  },
                ],
              },
            ],
            forgottenTopicsData: [],
            rackId: '',
          },
          { maxVersion: 12 },
        )
      },
      ({ responses: [topic] }) => {
        const bytes = topic?.partitions[0]?.records
        return bytes !== null && bytes !== undefined && bytes.length > 8 && Buffer.from(bytes).readBigInt64BE(0) >= 3n
      },
    )
    const { responses } = await a.asked({ maxRecords: 4, batchSize: 1 })
    const acquired = responses.flatMap(({ partitions }) => partitions.flatMap((one) => one.acquiredRecords))
    play.say('acquired at first', acquired[0])
  },
}
