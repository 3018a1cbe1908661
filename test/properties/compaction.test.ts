import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Batch, type Codec, readBatches } from '../../src-main/records/batch'
import { encodeBatch } from '../../src-main/records/encode'
import { readRecords } from '../../src-main/records/record'
import { asModel, CompactionModel, type ModelTransaction } from '../support/compaction-model'
import { start, TestBroker } from '../support/core'
import { TransactionalProducer } from '../support/transactional-producer'
import { part } from './part'

const codec = fc.constantFrom<Codec>('none', 'gzip', 'snappy', 'lz4', 'zstd')
const pairs = fc.array(
  fc.tuple(
    fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    fc.option(fc.integer({ min: 0, max: 99 }).map(String), { freq: 3 }),
  ),
  { minLength: 1, maxLength: 4 },
)
const write = { pairs, codec, agoMs: fc.constantFrom(0, 0, 10_000, 80_000_000) }
const who = fc.integer({ min: 0, max: 1 })
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('plain' as const), ...write }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('idempotent' as const), who, ...write }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('transactional' as const), who, ...write }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), who, committed: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1, 700, 2500, 9000) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('clean' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('delete' as const), part }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const rules = fc.record({
  deleteRetentionMs: fc.constantFrom(0, 1000, 5000),
  minCompactionLagMs: fc.constantFrom(0, 0, 3000),
  retentionMs: fc.constantFrom(-1, -1, 20_000),
})
type Rules = typeof rules extends fc.Arbitrary<infer T> ? T : never

interface Written {
  readonly pairs: readonly (readonly [string, string | null])[]
  readonly codec: Codec
  readonly agoMs: number
}

/** A producer without transactions, and the sequence that it goes on with. */
interface Idempotent {
  readonly producerId: bigint
  sequence: number
}

interface Transactional {
  readonly producer: TransactionalProducer
  open: ModelTransaction | undefined
}

/** One compacted partition, its producers, and the model of it. */
class History {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ottla-compaction-'))
  readonly #model: CompactionModel
  readonly #idempotent: readonly Idempotent[] = [
    { producerId: 9001n, sequence: 0 },
    { producerId: 9002n, sequence: 0 },
  ]
  #broker = this.#open(start)
  #client = this.#broker.client()
  #transactional: Transactional[] = []

  constructor(given: Rules) {
    this.#model = new CompactionModel(given)
  }

  async begin({ deleteRetentionMs, minCompactionLagMs, retentionMs }: Rules): Promise<void> {
    await this.#client.create('t', 1, {
      'cleanup.policy': retentionMs < 0 ? 'compact' : 'compact,delete',
      'retention.ms': String(retentionMs),
      'delete.retention.ms': String(deleteRetentionMs),
      'min.compaction.lag.ms': String(minCompactionLagMs),
      'min.cleanable.dirty.ratio': '0',
    })
    for (const version of [1, 2] as const) {
      const producer = new TransactionalProducer(this.#client, `tx-${version}`, version)
      expect(await producer.init({ timeoutMs: 800_000 })).toBe('NONE')
      this.#transactional.push({ producer, open: undefined })
    }
  }

  async dispose(): Promise<void> {
    await this.#broker.dispose()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async take(one: Step): Promise<void> {
    const at = this.#broker.clock.now()
    switch (one.do) {
      case 'plain':
        await this.#produce(one, {})
        this.#model.append(one.pairs, at - one.agoMs)
        break
      case 'idempotent': {
        const producer = this.#idempotent[one.who]!
        await this.#produce(one, { producerId: producer.producerId, producerEpoch: 0, baseSequence: producer.sequence })
        producer.sequence += one.pairs.length
        this.#model.append(one.pairs, at - one.agoMs)
        break
      }
      case 'transactional': {
        const writer = this.#transactional[one.who]!
        writer.open ??= this.#model.begin()
        expect(await writer.producer.produceRecords('t', this.#records(one), one.codec)).toBe('NONE')
        this.#model.append(one.pairs, at - one.agoMs, writer.open)
        break
      }
      case 'end': {
        const writer = this.#transactional[one.who]!
        if (!writer.open) break
        expect(await writer.producer.end(one.committed)).toBe('NONE')
        this.#model.finish(writer.open, one.committed, at)
        writer.open = undefined
        break
      }
      case 'advance':
        this.#broker.clock.advance(one.ms)
        break
      case 'clean':
        await this.#clean()
        break
      case 'delete':
        this.#partition.deleteBefore(Math.floor(this.#partition.highWatermark * one.part))
        await this.#broker.core.commits.settled
        this.#model.start = this.#partition.logStartOffset
        break
      case 'restart':
        await this.#broker.dispose()
        this.#broker = this.#open(at)
        this.#client = this.#broker.client()
        for (const { producer } of this.#transactional) producer.client = this.#client
    }
    await this.check()
  }

  async check(): Promise<void> {
    const { highWatermark, lastStableOffset, facts } = this.#partition
    expect({ highWatermark, lastStableOffset, cleanedUntil: facts.cleanedUntil }).toEqual({
      highWatermark: this.#model.end,
      lastStableOffset: this.#model.lastStableOffset,
      cleanedUntil: this.#model.cleanedUntil,
    })
    const batches = await this.#read(0)
    const plain = ({ offset, key, value, timestamp }: ReturnType<CompactionModel['visible']>[number]) => ({
      offset,
      key,
      value,
      timestamp,
    })
    expect(this.#data(batches)).toEqual(this.#model.visible().map(plain))
    const committed = this.#data(await this.#read(1), await this.#aborted())
    expect(committed).toEqual(this.#model.committed().map(plain))
    expect(facts.sizeBytes).toBe(
      batches
        .filter(({ lastOffset }) => lastOffset >= facts.logStart)
        .reduce((sum, { bytes }) => sum + bytes.length, 0),
    )
    this.#checkMarkers(batches)
  }

  /** After enough rounds nothing is left that says nothing. */
  async finish(): Promise<void> {
    for (const [i, { open }] of this.#transactional.entries()) {
      if (open) await this.take({ do: 'end', who: i, committed: i === 0 })
    }
    for (let round = 0; round < 4; round++) {
      this.#broker.clock.advance(9000)
      await this.take({ do: 'plain', pairs: [['a', '1']], codec: 'none', agoMs: 0 })
      await this.take({ do: 'plain', pairs: [['a', '2']], codec: 'none', agoMs: 0 })
      this.#broker.clock.advance(4000)
      await this.#clean()
      await this.check()
    }
    const cleaned = (await this.#read(0)).filter(({ lastOffset }) => lastOffset < this.#model.cleanedUntil)
    const bare = cleaned.filter(({ recordCount }) => recordCount === 0)
    expect(bare.length).toBeLessThanOrEqual(this.#idempotent.length + this.#transactional.length)
    expect(bare.every(({ bytes, codec: used }) => bytes.length === 61 && used === 'none')).toBe(true)
    const withData = new Set(
      cleaned
        .filter(({ isTransactional, isControl }) => isTransactional && !isControl)
        .map(({ baseOffset }) => this.#transactionAt(baseOffset)),
    )
    const markers = cleaned.filter(({ isControl, recordCount }) => isControl && recordCount > 0)
    expect(markers.length).toBeLessThanOrEqual(withData.size + this.#transactional.length)
  }

  get #partition() {
    return this.#broker.core.topics.find('t')!.partition(0)!
  }

  #open(now: number): TestBroker {
    // Rounds begin when the history says so.
    const never = { 'log.cleaner.backoff.ms': '900000000', 'log.retention.check.interval.ms': '900000000' }
    return new TestBroker(never, join(this.#folder, 'test.ottla'), now)
  }

  #records({ pairs: given, agoMs }: Written) {
    const timestamp = this.#broker.clock.now() - agoMs
    return given.map(([key, value]) => ({
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      timestamp,
    }))
  }

  async #produce(one: Written, of: Parameters<typeof encodeBatch>[1]): Promise<void> {
    const { errorCode } = await this.#client.produce('t', encodeBatch(this.#records(one), { codec: one.codec, ...of }))
    expect(errorCode).toBe(0)
  }

  async #clean(): Promise<void> {
    await this.#broker.broker.maintenance.run()
    // What retention took is gone before compaction looks.
    this.#model.start = this.#partition.logStartOffset
    this.#model.clean(this.#broker.clock.now())
  }

  async #read(isolationLevel: number): Promise<Batch[]> {
    const batches: Batch[] = []
    const { highWatermark, lastStableOffset, logStartOffset } = this.#partition
    const end = isolationLevel === 1 ? lastStableOffset : highWatermark
    for (let at = logStartOffset; at < end; ) {
      const { records } = await this.#client.fetch('t', at, { isolationLevel })
      const got = [...readBatches(records ?? new Uint8Array())]
      if (got.length === 0) break
      batches.push(...got)
      at = got.at(-1)!.lastOffset + 1
    }
    return batches
  }

  async #aborted() {
    const { abortedTransactions } = await this.#client.fetch('t', this.#partition.logStartOffset, { isolationLevel: 1 })
    return [...(abortedTransactions ?? [])].sort((a, b) => Number(a.firstOffset - b.firstOffset))
  }

  /** The data records from the log start on; with `aborted`, as a consumer of committed records leaves those out. */
  #data(batches: readonly Batch[], aborted?: { readonly producerId: bigint; readonly firstOffset: bigint }[]) {
    const ongoing = new Set<bigint>()
    const found: ReturnType<typeof asModel>[] = []
    for (const batch of batches) {
      while (aborted?.[0] && Number(aborted[0].firstOffset) <= batch.lastOffset)
        ongoing.add(aborted.shift()!.producerId)
      if (batch.isControl) {
        // Type 0 is an abort.
        const [marker] = readRecords(batch)
        if (marker?.key?.readInt16BE(2) === 0) ongoing.delete(batch.producerId)
      } else if (!(batch.isTransactional && ongoing.has(batch.producerId))) {
        found.push(...[...readRecords(batch)].map(asModel))
      }
    }
    return found.filter(({ offset }) => offset >= this.#partition.logStartOffset)
  }

  #transactionAt(offset: number): ModelTransaction {
    return this.#model.records.find((record) => record.offset === offset)!.transaction!
  }

  /** A transaction that has a batch in the log and has ended, has its marker. */
  #checkMarkers(batches: readonly Batch[]): void {
    const markers = new Set(
      batches.filter(({ isControl, recordCount }) => isControl && recordCount > 0).map(({ baseOffset }) => baseOffset),
    )
    for (const { isTransactional, isControl, baseOffset, lastOffset } of batches) {
      if (!isTransactional || isControl || lastOffset < this.#model.start) continue
      const { marker } = this.#transactionAt(baseOffset)
      if (marker !== undefined) expect(markers).toContain(marker)
    }
  }
}

/** OTTLA_RUNS tries more histories than a test run has time for. */
const runs = Number(process.env.OTTLA_RUNS ?? 40)

it(
  'a compacted log is what its history says, through transactions, codecs, time, deletions and restarts',
  async () => {
    const property = fc.asyncProperty(rules, fc.array(step, { minLength: 10, maxLength: 60 }), async (given, steps) => {
      const history = new History(given)
      try {
        await history.begin(given)
        for (const one of steps) await history.take(one)
        await history.finish()
      } finally {
        await history.dispose()
      }
    })
    await fc.assert(property, { numRuns: runs })
  },
  3000 * runs + 60_000,
)
