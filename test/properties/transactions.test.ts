import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { errorName } from '../../src-main/protocol/errors'
import { readBatches } from '../../src-main/records/batch'
import { readRecords } from '../../src-main/records/record'
import { batchOf, TestBroker, type TestClient } from '../support/core'
import { TransactionModel } from '../support/transaction-model'
import { TransactionalProducer } from '../support/transactional-producer'
import { copyFiles } from '../support/workspace-files'

const topic = 't'
const partitions = 3
const timeoutMs = 60_000
/** One client with transaction version 2 and one without, and a third beside them. */
const ids = ['a', 'b', 'c'] as const
const versionOf = { a: 1, b: 2, c: 2 } as const
type Id = (typeof ids)[number]

type Act =
  | { readonly do: 'produce' | 'add'; readonly id: Id; readonly partition: number; readonly records: number }
  | { readonly do: 'offset' | 'take' | 'recover' | 'zombie'; readonly id: Id }
  | { readonly do: 'end'; readonly id: Id; readonly committed: boolean; readonly answerIsLost: boolean }
type Step =
  | Act
  | { readonly do: 'pass'; readonly ms: number }
  /** As kill -9: what `during` had not yet stored is gone; later it is started again. */
  | { readonly do: 'crash'; readonly during: Act | null; readonly downMs: number }
  /** The disk is full: nothing of the turn is stored, in which one more asks, before or after what does not fit. */
  | { readonly do: 'full'; readonly act: Act; readonly isFirst: boolean }

const id = fc.constantFrom(...ids)
const partition = fc.nat(partitions - 1)
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('produce' as const),
      id,
      partition,
      records: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('add' as const), id, partition, records: fc.constant(0) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('offset' as const), id }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('end' as const), id, committed: fc.boolean(), answerIsLost: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('take' as const, 'recover' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('zombie' as const), id }) },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: act },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: timeoutMs }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      during: fc.option(act),
      downMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 * timeoutMs })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('full' as const), act, isFirst: fc.boolean() }) },
)

/** A broker that is killed now and then, its producers, and what must be true beside them. */
class World {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ottla-transactions-'))
  readonly #model = new TransactionModel(partitions)
  readonly #producers = new Map<Id, TransactionalProducer>()
  readonly #zombies = new Map<Id, TransactionalProducer>()
  /** Whose transaction timed out, and who have not heard of it yet. */
  readonly #unaware = new Set<Id>()
  readonly #ended: TestBroker[] = []
  #broker = new TestBroker({}, join(this.#folder, '0.ottla'))
  #client = this.#broker.client()
  #values = 0
  #offsets = 0

  async begin(): Promise<void> {
    await this.#client.create(topic, partitions)
    for (const one of ids) await this.#take(one)
  }

  async dispose(): Promise<void> {
    for (const broker of [...this.#ended, this.#broker]) await broker.dispose()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async run(step: Step): Promise<void> {
    // Deadlines differ, so that their order is known.
    this.#pass(1)
    if (step.do === 'pass') this.#pass(step.ms)
    else if (step.do === 'crash') await this.#crash(step.during, step.downMs)
    else if (step.do === 'full') await this.#fill(step.act, step.isFirst)
    else await this.#act(step)
  }

  /** Nothing is lost, seen twice, or seen too early. */
  async check(): Promise<void> {
    await settled()
    for (let number = 0; number < partitions; number++) {
      for (const isolation of ['read_uncommitted', 'read_committed'] as const) {
        const answer = await this.#client.fetch(topic, 0, {
          isolationLevel: isolation === 'read_committed' ? 1 : 0,
          partition: number,
        })
        expect(seen(answer, isolation)).toEqual(this.#model.values(number, isolation))
        expect(Number(answer.highWatermark)).toBe(this.#model.logEnd(number))
        expect(Number(answer.lastStableOffset)).toBe(this.#model.lastStableOffset(number))
      }
    }
    for (const [i, one] of ids.entries()) {
      const { groups, transactions } = this.#broker.core
      expect(groups.offsets.get('g', topic, i)?.offset).toBe(this.#model.offsets.get(one))
      expect(groups.offsets.isPending('g', topic, i)).toBe(this.#model.open.get(one)?.sent !== undefined)
      expect(transactions.find(one)?.state === 'Ongoing').toBe(this.#model.open.has(one))
    }
  }

  /** Whoever is not ended is aborted by time alone. */
  async rest(): Promise<void> {
    this.#pass(timeoutMs)
    for (let number = 0; number < partitions; number++) {
      expect(this.#model.lastStableOffset(number)).toBe(this.#model.logEnd(number))
    }
    await this.check()
  }

  async #act(act: Act): Promise<void> {
    const producer = this.#producers.get(act.id)!
    if (act.do === 'take') return await this.#take(act.id)
    if (act.do === 'zombie') return await this.#zombie(act.id)
    if (act.do === 'recover') return await this.#recover(act.id)
    if (this.#unaware.has(act.id)) return await this.#learn(act, producer)
    const now = this.#broker.clock.now()
    switch (act.do) {
      case 'add':
        if (producer.version === 2) return
        expect(await producer.add(topic, act.partition)).toBe('NONE')
        this.#model.add(act.id, now, timeoutMs, act.partition)
        return
      case 'produce': {
        const values = Array.from({ length: act.records }, () => String(++this.#values))
        expect(await producer.produce(topic, values, act.partition)).toBe('NONE')
        const transaction = this.#model.add(act.id, now, timeoutMs, act.partition)
        for (const value of values) this.#model.append(act.partition, value, transaction)
        return
      }
      case 'offset':
        expect(await producer.sendOffset('g', topic, ++this.#offsets, ids.indexOf(act.id))).toBe('NONE')
        this.#model.add(act.id, now, timeoutMs).sent = this.#offsets
        return
      case 'end': {
        // A client ends nothing that it did not begin.
        if (!this.#model.open.has(act.id)) return
        if (act.answerIsLost) expect(await producer.twin().end(act.committed)).toBe('NONE')
        expect(await producer.end(act.committed)).toBe('NONE')
        this.#model.end(act.id, act.committed)
      }
    }
  }

  /** A new producer with the id of another one, whose transaction is aborted; that one is a zombie from now on. */
  async #take(one: Id): Promise<void> {
    const before = this.#producers.get(one)
    if (before) this.#zombies.set(one, before)
    this.#producers.set(one, await new TransactionalProducer(this.#client, one, versionOf[one]).take())
    this.#model.end(one, false)
    this.#unaware.delete(one)
  }

  /** The producer itself gives its transaction up and goes on (KIP-360). */
  async #recover(one: Id): Promise<void> {
    const producer = this.#producers.get(one)!
    if (this.#unaware.has(one)) return await this.#learn({ do: 'recover', id: one }, producer)
    if (this.#model.open.has(one)) {
      expect(await producer.end(false)).toBe('NONE')
      this.#model.end(one, false)
    }
    expect(await producer.init({ recovers: true })).toBe('NONE')
  }

  /** Nothing of it is taken. */
  async #zombie(one: Id): Promise<void> {
    const zombie = this.#zombies.get(one)
    if (!zombie) return
    zombie.client = this.#client
    const fenced = expect.stringMatching(/^(PRODUCER_FENCED|INVALID_PRODUCER_EPOCH)$/)
    expect(await zombie.write(topic, ['of a zombie'])).toEqual(fenced)
    expect(await zombie.commitOffset('g', topic, 1_000_000)).toEqual(fenced)
    expect(await zombie.end(true)).toEqual(fenced)
    expect(await zombie.end(false)).toEqual(fenced)
  }

  /** A producer hears that its transaction timed out: nothing is taken; with transaction version 2 it goes on after its abort. */
  async #learn(act: Act, producer: TransactionalProducer): Promise<void> {
    expect(await producer.write(topic, ['too late'])).toBe('INVALID_PRODUCER_EPOCH')
    expect(await producer.end(true)).toBe(producer.version === 2 ? 'INVALID_TXN_STATE' : 'PRODUCER_FENCED')
    if (producer.version === 1) return await this.#take(act.id)
    const goesOn = act.do === 'recover' ? producer.init({ recovers: true }) : producer.end(false)
    expect(await goesOn).toBe('NONE')
    this.#unaware.delete(act.id)
  }

  #pass(ms: number): void {
    const { clock } = this.#broker
    for (const one of this.#model.pass(clock.now(), clock.now() + ms)) this.#unaware.add(one as Id)
    clock.advance(ms)
  }

  async #crash(during: Act | null, downMs: number): Promise<void> {
    // What it does to the clock is stored, as every request is answered.
    await settled()
    const { clock, workspace } = this.#broker
    if (during) this.#ask(during)
    this.#ended.push(this.#broker)
    const file = join(this.#folder, `${this.#ended.length}.ottla`)
    copyFiles(workspace.file, file)
    this.#broker = new TestBroker({}, file, clock.now() + downMs)
    this.#client = this.#broker.client()
    for (const producer of this.#producers.values()) producer.client = this.#client
    // What is due is looked at when it opens.
    this.#pass(0)
    await this.check()
  }

  async #fill(act: Act, isFirst: boolean): Promise<void> {
    await settled()
    const { workspace } = this.#broker
    // To what it has already.
    workspace.limitFile(100_000)
    if (isFirst) this.#ask(act)
    const failing = this.#client.produce(topic, tooLarge())
    if (!isFirst) this.#ask(act)
    expect(errorName((await failing).errorCode)).toBe('KAFKA_STORAGE_ERROR')
    await settled()
    workspace.limitFile(1_000_000_000)
    await this.check()
  }

  /** Sends a request of which nothing is stored. */
  #ask(act: Act): void {
    const twin = this.#producers.get(act.id)!.twin()
    const ignore = () => {}
    if (act.do === 'take' || act.do === 'zombie') twin.init().then(ignore, ignore)
    else if (act.do === 'recover') twin.init({ recovers: true }).then(ignore, ignore)
    else if (act.do === 'end') twin.end(act.committed).then(ignore, ignore)
    else if (act.do === 'offset') twin.commitOffset('g', topic, 2_000_000).then(ignore, ignore)
    else if (act.do === 'produce' || act.do === 'add')
      twin.write(topic, ['lost'], { partition: act.partition }).then(ignore, ignore)
  }
}

const tooLarge = () => batchOf([Buffer.alloc(900_000, 'x').toString()])

/** The turn of the event loop ends, and its group commit with it. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** What a consumer shows its application: it leaves out what it was told is aborted (CompletedFetch.nextFetchedRecord). */
function seen(
  { records, abortedTransactions }: Awaited<ReturnType<TestClient['fetch']>>,
  isolation: 'read_committed' | 'read_uncommitted',
): string[] {
  const left = [...(abortedTransactions ?? [])].sort((one, other) => Number(one.firstOffset - other.firstOffset))
  const aborted = new Set<bigint>()
  const values: string[] = []
  for (const batch of readBatches(records ?? new Uint8Array())) {
    while (left[0] && Number(left[0].firstOffset) <= batch.lastOffset) aborted.add(left.shift()!.producerId)
    if (batch.isControl) aborted.delete(batch.producerId)
    else if (isolation === 'read_uncommitted' || !aborted.has(batch.producerId)) {
      for (const { offset, value } of readRecords(batch)) values.push(`${offset}:${Buffer.from(value!).toString()}`)
    }
  }
  return values
}

test('[T7] [T8] [T12] [T13] [P1] transactions are whole or nothing, however often the broker is killed, or the disk full', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
    const world = new World()
    try {
      await world.begin()
      for (const one of steps) await world.run(one)
      await world.check()
      await world.rest()
    } finally {
      await world.dispose()
    }
  })
  await fc.assert(property, { numRuns: 60, seed: 6 })
}, 60_000)
