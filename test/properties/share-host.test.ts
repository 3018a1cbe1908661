import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Commits } from '../../src-main/broker/commits'
import { StoredSharePartitions, shareKeyOf } from '../../src-main/broker/share/stored-partitions'
import { storedRuns } from '../../src-main/groups/share/stored-runs'
import { batchOf, TestBroker } from '../support/core'
import { type Acknowledged, Sharer, setGroupConfig } from '../support/sharer'

const names = ['a', 'b', 'c']
const accept = 1
const noError = 0
const storageError = 56

type Step =
  | { readonly kind: 'produce'; readonly size: number }
  | { readonly kind: 'fetch'; readonly member: number; readonly max: number }
  | { readonly kind: 'acknowledge'; readonly member: number; readonly types: readonly number[] }
  | { readonly kind: 'leave'; readonly member: number }

const member = fc.nat(names.length - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('produce' as const), size: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('fetch' as const), member, max: fc.integer({ min: 1, max: 20 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('acknowledge' as const),
      member,
      types: fc.array(fc.constantFrom(1, 2, 2, 3), { minLength: 1, maxLength: 9 }),
    }),
  },
  fc.record({ kind: fc.constant('leave' as const), member }),
)

/** What happens in one turn of the event loop, and what becomes of the turn. */
interface Turn {
  /** Time that passes before it. */
  readonly waitMs: number
  readonly steps: readonly Step[]
  readonly end: 'stored' | 'notStored' | 'restart'
}

const turn: fc.Arbitrary<Turn> = fc.record({
  waitMs: fc.constantFrom(0, 0, 0, 1000, 10_000, 31_000),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
  end: fc.constantFrom<Turn['end']>('stored', 'stored', 'stored', 'stored', 'notStored', 'notStored', 'restart'),
})

/** A broker with a share group, and what its members were answered. */
class World {
  readonly #file: string
  #broker: TestBroker
  #sharers = new Map<string, Sharer>()
  /** The ranges that a member acquired and did not acknowledge. */
  readonly #held = new Map<string, Map<number, number>>()
  /** The member that an offset was delivered to last. */
  readonly #holders = new Map<number, string>()
  readonly #accepted = new Set<number>()
  /** Offsets that the group was told to be finished, by the events of the broker. */
  readonly #told = new Map<number, string>()
  #size = 0

  private constructor(file: string) {
    this.#file = file
    this.#broker = new TestBroker({}, file)
    this.#listen()
  }

  static async open(file: string): Promise<World> {
    const world = new World(file)
    const admin = world.#broker.client()
    await admin.create('orders')
    await setGroupConfig(admin, 'g', 'share.auto.offset.reset', 'earliest')
    await setGroupConfig(admin, 'g', 'share.delivery.count.limit', '10')
    await world.#sharer('a').join()
    await world.#produce(30)
    return world
  }

  async run({ waitMs, steps, end }: Turn): Promise<void> {
    this.#broker.clock.advance(waitMs)
    await this.#broker.workspace.committed()
    await new Promise(setImmediate)
    const value = this.#open?.value
    const answers = steps.map((one) => this.#begin(one))
    if (end === 'notStored') {
      const fail = () => {
        throw new Error('no room')
      }
      expect(() => this.#broker.workspace.write(fail)).toThrow('no room')
    }
    for (const answer of answers) await answer
    await this.#broker.workspace.committed().catch(() => {})
    await new Promise(setImmediate)
    if (end === 'notStored' && value && this.#open) expect(storedRuns(this.#open.value)).toEqual(storedRuns(value))
    this.#check()
    if (end === 'restart') await this.#restart()
  }

  /** Everything that is not finished is delivered to one member in the end, which accepts it. */
  async end(): Promise<void> {
    for (const name of names) this.#leave(name)
    for (let round = 0; round < 200 && this.#start < this.#size; round++) {
      await this.#fetch('a', 500)
      await this.#acknowledge('a', [accept])
      this.#leave('a')
      this.#check()
    }
    expect(this.#start).toBe(this.#size)
  }

  async dispose(): Promise<void> {
    const errors = this.#broker.logged.filter(
      (line) => line.startsWith('error') && !/cannot be written|no room/.test(line),
    )
    await this.#broker.dispose()
    expect(errors).toEqual([])
  }

  get #topicId(): string {
    return this.#broker.core.topics.find('orders')?.id ?? ''
  }

  get #open() {
    return this.#broker.core.share.partitions.find('g', this.#topicId, 0)
  }

  get #start(): number {
    return this.#broker.core.share.partitions.value('g', this.#topicId, 0)?.startOffset ?? 0
  }

  #listen(): void {
    this.#broker.core.share.partitions.ended(({ outcomes }) => {
      for (const { kind, first, last } of outcomes) {
        for (let offset = first; offset <= last; offset++) {
          expect(this.#told.get(offset), `${offset} is finished once`).toBeUndefined()
          if (kind !== 'released') this.#told.set(offset, kind)
        }
      }
    })
  }

  #sharer(name: string): Sharer {
    const sharer = this.#sharers.get(name) ?? new Sharer(this.#broker.client(), name, this.#topicId)
    this.#sharers.set(name, sharer)
    sharer.epoch = this.#broker.core.share.sessions.find('g', name)?.epoch ?? 0
    return sharer
  }

  async #begin(one: Step): Promise<void> {
    if (one.kind === 'produce') await this.#produce(one.size)
    if (one.kind === 'fetch') await this.#fetch(names[one.member] ?? '', one.max)
    if (one.kind === 'acknowledge') await this.#acknowledge(names[one.member] ?? '', one.types)
    if (one.kind === 'leave') this.#leave(names[one.member] ?? '')
  }

  async #produce(size: number): Promise<void> {
    const values = Array.from({ length: size }, () => 'v')
    const { errorCode } = await this.#broker.client().produce('orders', batchOf(values))
    expect([noError, storageError]).toContain(errorCode)
    if (errorCode === noError) this.#size += size
  }

  async #fetch(name: string, max: number): Promise<void> {
    const { error, acquired } = await this.#sharer(name).fetch({ maxRecords: max, batchSize: 5 })
    if (error !== noError) return
    const mine = this.#held.get(name) ?? new Map<number, number>()
    this.#held.set(name, mine)
    for (const range of acquired) {
      const [first = 0, last = 0, count = 0] = range.split(/[- x]+/).map(Number)
      for (let offset = first; offset <= last; offset++) {
        expect(this.#accepted.has(offset), `${offset} was accepted`).toBe(false)
        mine.set(offset, count)
        this.#holders.set(offset, name)
      }
    }
  }

  async #acknowledge(name: string, types: readonly number[]): Promise<void> {
    const offsets = [...(this.#held.get(name)?.keys() ?? [])].sort((a, b) => a - b)
    const asked = offsets.map((offset): Acknowledged => [offset, offset, types[offset % types.length] ?? accept])
    if (asked.length === 0) return
    this.#held.delete(name)
    // [D16] What another member has finished is ignored.
    const mine = asked.filter(([offset]) => this.#holders.get(offset) === name && !this.#told.has(offset))
    const answer = await this.#sharer(name).acknowledge(...asked)
    if (answer !== noError) return
    for (const [offset, , type] of mine) if (type === accept) this.#accepted.add(offset)
  }

  #leave(name: string): void {
    const sharer = this.#sharers.get(name)
    if (!sharer) return
    this.#broker.broker.closed(sharer.client.connection)
    this.#sharers.delete(name)
    this.#held.delete(name)
  }

  async #restart(): Promise<void> {
    await this.#broker.dispose()
    const now = this.#broker.clock.now()
    this.#broker = new TestBroker({}, this.#file, now)
    this.#sharers = new Map()
    this.#held.clear()
    this.#listen()
    this.#check()
  }

  /** The file says what memory does, and the broker told what it answered. */
  #check(): void {
    const { workspace } = this.#broker
    const stored = new StoredSharePartitions({ workspace, commits: new Commits(workspace), mostUpdates: () => 500 })
    const found = stored.get(shareKeyOf('g', this.#topicId, 0))
    if (this.#open && found) {
      expect(found.packed).toEqual(storedRuns(this.#open.value))
      if (found.startOffset >= 0) expect(this.#start).toBeGreaterThanOrEqual(found.startOffset)
    }
    const accepted = [...this.#told].filter(([, kind]) => kind === 'accepted').map(([offset]) => offset)
    expect(new Set(accepted)).toEqual(this.#accepted)
  }
}

it('a share group delivers every record until it is finished, whichever turns fail, and tells what is stored', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ottla-share-host-'))
  let runs = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 40, size: 'max' }), async (turns) => {
        const world = await World.open(join(folder, `${runs++}.ottla`))
        try {
          for (const one of turns) await world.run(one)
          await world.end()
        } finally {
          await world.dispose()
        }
      }),
      { numRuns: 15 },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
