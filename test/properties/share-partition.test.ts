import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type AcknowledgementBatch,
  type AcknowledgeType,
  acknowledge,
  expireLocks,
  logStartMoved,
  release,
} from '../../src-main/groups/share/acknowledge'
import { acquire, type ReadBatch } from '../../src-main/groups/share/acquire'
import { type Delivery, isAlike } from '../../src-main/groups/share/runs'
import {
  activeGap,
  type DeliverySettings,
  emptySharePartition,
  finishedCount,
  inFlight,
  nextFetchOffset,
  nextLockEnd,
  type Outcome,
  runsOf,
  type SharePartition,
} from '../../src-main/groups/share/share-partition'
import {
  combinedRuns,
  loadSharePartition,
  outcomeRuns,
  type StoredRun,
  storedRuns,
  unpackRuns,
} from '../../src-main/groups/share/stored-runs'

const settings: DeliverySettings = { deliveryCountLimit: 4, maxRecordLocks: 40, lockMs: 10, renewEnabled: true }
const members = ['a', 'b', 'c']

type Move =
  | { readonly kind: 'append'; readonly size: number; readonly isAborted: boolean }
  | {
      readonly kind: 'fetch'
      readonly member: number
      readonly max: number
      readonly batchSize: number
      readonly exact: boolean
    }
  | {
      readonly kind: 'acknowledge'
      readonly member: number
      /** From the end of the batch before, -1 for its last offset again. */
      readonly batches: readonly {
        readonly skip: number
        readonly length: number
        readonly types: readonly AcknowledgeType[]
      }[]
    }
  | {
      /** Its holder acknowledges a part of what it holds: any offset of the window, and its neighbours as far as they are held together. */
      readonly kind: 'part'
      readonly at: number
      readonly length: number
      readonly types: readonly AcknowledgeType[]
    }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'leave'; readonly member: number }
  | { readonly kind: 'cut'; readonly by: number }
  | { readonly kind: 'restart' }

const member = fc.nat(members.length - 1)
const type = fc.constantFrom<AcknowledgeType>('gap', 'accept', 'release', 'reject', 'renew')
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      size: fc.integer({ min: 1, max: 12 }),
      isAborted: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('fetch' as const),
      member,
      max: fc.integer({ min: 1, max: 15 }),
      batchSize: fc.integer({ min: 1, max: 10 }),
      exact: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('acknowledge' as const),
      member,
      batches: fc.array(
        fc.record({
          skip: fc.integer({ min: -1, max: 12 }),
          length: fc.integer({ min: 1, max: 8 }),
          types: fc.array(type, { minLength: 1, maxLength: 8 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('part' as const),
      at: fc.nat(20),
      length: fc.integer({ min: 1, max: 4 }),
      types: fc.array(fc.constantFrom<AcknowledgeType>('accept', 'release', 'release', 'renew'), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 12 }) }) },
  fc.record({ kind: fc.constant('leave' as const), member }),
  fc.record({ kind: fc.constant('cut' as const), by: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('restart' as const) }),
)

/** A share-partition with one entry for each record in flight, as it would be without runs. */
type Records = Map<number, Delivery>

function recordsOf(partition: SharePartition): Records {
  const records: Records = new Map()
  for (const { first, last, ...delivery } of runsOf(partition)) {
    for (let offset = first; offset <= last; offset++) records.set(offset, delivery)
  }
  return records
}

const unheld = { memberId: null, acquiredAt: null, lockedUntil: null }
const unread: Delivery = { state: 'available', deliveryCount: 0, ...unheld }

/** A record that its member no longer holds. */
function givenBack({ deliveryCount }: Delivery): Delivery {
  const state = deliveryCount >= settings.deliveryCountLimit ? 'archived' : 'available'
  return { state, deliveryCount, ...unheld }
}

function acknowledgedAs(record: Delivery, type: AcknowledgeType, now: number): Delivery {
  if (type === 'renew') return { ...record, lockedUntil: now + settings.lockMs }
  if (type === 'release') return givenBack(record)
  return { state: type === 'accept' ? 'acknowledged' : 'archived', deliveryCount: record.deliveryCount, ...unheld }
}

/** The outcomes of one acknowledgement after the other, record by record; `undefined` when one of them does not apply. */
function acknowledgedOneByOne(
  before: Records,
  memberId: string,
  batches: readonly AcknowledgementBatch[],
  startOffset: number,
  now: number,
): Records | undefined {
  const records = new Map(before)
  for (const { first, last, types } of batches) {
    if (last < startOffset) continue
    for (let offset = first; offset <= last; offset++) {
      const record = records.get(offset)
      // A hole, or an offset outside of the window.
      if (!record) continue
      if (record.memberId !== memberId) return undefined
      records.set(offset, acknowledgedAs(record, types[types.length === 1 ? 0 : offset - first] ?? 'accept', now))
    }
  }
  return records
}

/** The world around a share-partition, and what a plain table of offsets knows of it. */
class World {
  log: ReadBatch[] = []
  logStart = 0
  now = 0
  partition: SharePartition = emptySharePartition(0)
  readonly counts = new Map<number, number>()
  readonly holders = new Map<number, string>()
  readonly finished = new Set<number>()
  /** What the file has: runs in the order in which they were written. */
  #written: StoredRun[] = []
  #start = 0

  get logEnd() {
    return (this.log.at(-1)?.last ?? -1) + 1
  }

  run(next: Move): void {
    switch (next.kind) {
      case 'append':
        this.log.push({ first: this.logEnd, last: this.logEnd + next.size - 1, isAborted: next.isAborted })
        return
      case 'fetch':
        this.#fetch(next)
        return
      case 'acknowledge':
        this.#acknowledge(next)
        return
      case 'part':
        this.#acknowledgePart(next)
        return
      case 'wait':
        this.now += next.ms
        this.#givenBack(
          expireLocks(this.partition, settings, this.now),
          ({ lockedUntil }) => (lockedUntil ?? this.now + 1) <= this.now,
        )
        expect(nextLockEnd(this.partition) ?? Number.POSITIVE_INFINITY, 'no lock outlives its end').toBeGreaterThan(
          this.now,
        )
        return
      case 'leave': {
        const memberId = members[next.member] ?? ''
        this.#givenBack(release(this.partition, memberId, settings), (record) => record.memberId === memberId)
        return
      }
      case 'cut':
        this.logStart = Math.min(this.logStart + next.by, this.logEnd)
        this.#givenBack(logStartMoved(this.partition, this.logStart), () => false)
        return
      case 'restart': {
        const { startOffset } = this.partition
        this.partition = loadSharePartition(startOffset, combinedRuns(this.#written, startOffset))
        // Of a delivery that was under way nothing is known any more; all others are counted as before.
        for (const offset of this.holders.keys()) this.counts.set(offset, (this.counts.get(offset) ?? 0) - 1)
        this.holders.clear()
        const records = recordsOf(this.partition)
        for (const [offset, count] of this.counts) {
          if (count === 0 || this.finished.has(offset) || offset < this.partition.startOffset) continue
          expect(records.get(offset)?.deliveryCount).toBe(count)
        }
      }
    }
  }

  #fetch({ member, max, batchSize, exact }: Move & { kind: 'fetch' }): void {
    const memberId = members[member] ?? ''
    const fetchOffset = nextFetchOffset(this.partition)
    expect(fetchOffset, 'nothing is read that the log no longer has').toBeGreaterThanOrEqual(this.logStart)
    const read = this.log.filter(({ last }) => last >= Math.max(fetchOffset, this.logStart)).slice(0, 3)
    const mode = exact ? 'recordLimit' : 'batchOptimized'
    const request = { memberId, mode, batchSize, maxRecords: max, fetchOffset, read } as const
    const expected = recordsOf(this.partition)
    const { partition, acquired, outcomes } = acquire(this.partition, request, settings, this.now)
    const held = { state: 'acquired', memberId, acquiredAt: this.now, lockedUntil: this.now + settings.lockMs } as const
    for (const { first, last, deliveryCount } of acquired) {
      for (let offset = first; offset <= last; offset++) expected.set(offset, { ...held, deliveryCount })
    }
    for (const { first, last, deliveryCount } of outcomes) {
      for (let offset = first; offset <= last; offset++)
        expected.set(offset, { state: 'archived', deliveryCount, ...unheld })
    }
    // What was read along with others (D10).
    for (const offset of recordsOf(partition).keys()) if (!expected.has(offset)) expected.set(offset, unread)
    this.#becomes(partition, expected)
    let taken = 0
    for (const { first, last, deliveryCount } of acquired) {
      for (let offset = first; offset <= last; offset++) {
        expect(this.holders.get(offset), `offset ${offset} is held by one member`).toBeUndefined()
        expect(this.finished.has(offset), `offset ${offset} is not handed out again when finished`).toBe(false)
        expect(deliveryCount).toBe((this.counts.get(offset) ?? 0) + 1)
        expect(deliveryCount).toBeLessThanOrEqual(settings.deliveryCountLimit)
        this.counts.set(offset, deliveryCount)
        this.holders.set(offset, memberId)
        taken++
      }
    }
    if (exact) expect(taken).toBeLessThanOrEqual(max)
    this.#settle(outcomes)
  }

  #acknowledge({ member, batches }: Move & { kind: 'acknowledge' }): void {
    const memberId = members[member] ?? ''
    const { startOffset } = this.partition
    let end = startOffset
    const asked = batches.map(({ skip, length, types }): AcknowledgementBatch => {
      const first = Math.max(0, end + skip)
      end = first + length
      const shape = types.length === 1 ? types : Array.from({ length }, (_, i) => types[i % types.length] ?? 'accept')
      return { first, last: end - 1, types: shape }
    })
    this.#ask(memberId, asked)
  }

  #acknowledgePart({ at, length, types }: Move & { kind: 'part' }): void {
    const offsets = [...this.holders.keys()].sort((a, b) => a - b)
    const first = offsets[at % Math.max(1, offsets.length)]
    const memberId = first === undefined ? undefined : this.holders.get(first)
    if (first === undefined || memberId === undefined) return
    let last = first
    while (last - first + 1 < length && this.holders.get(last + 1) === memberId) last++
    const shape =
      types.length === 1
        ? types
        : Array.from({ length: last - first + 1 }, (_, i) => types[i % types.length] ?? 'accept')
    this.#ask(memberId, [{ first, last, types: shape }])
  }

  #ask(memberId: string, asked: readonly AcknowledgementBatch[]): void {
    const { startOffset } = this.partition
    const result = acknowledge(this.partition, memberId, asked, settings, this.now)
    const records = recordsOf(this.partition)
    const expected = acknowledgedOneByOne(records, memberId, asked, startOffset, this.now)
    const isCovered = asked.every(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i).every((o) => o < startOffset || records.has(o)),
    )
    if (expected && isCovered) expect(result.error).toBe('NONE')
    if (!expected) expect(result.error).not.toBe('NONE')
    if (result.error !== 'NONE' || !expected) return
    for (const { first: from, last: to } of result.outcomes) {
      for (let offset = from; offset <= to; offset++) expect(this.holders.get(offset)).toBe(memberId)
    }
    this.#becomes(result.partition, expected)
    this.#settle(result.outcomes)
  }

  #givenBack(
    { partition, outcomes }: { partition: SharePartition; outcomes: readonly Outcome[] },
    isGivenBack: (record: Delivery) => boolean,
  ): void {
    const before = [...recordsOf(this.partition)]
    const expected = new Map(before.map(([o, record]) => [o, isGivenBack(record) ? givenBack(record) : record]))
    this.#becomes(partition, expected)
    this.#settle(outcomes)
  }

  /** Runs say of each record what a table of records does. */
  #becomes(partition: SharePartition, expected: Records): void {
    this.partition = partition
    const { startOffset } = partition
    for (const offset of expected.keys()) if (offset < startOffset) expected.delete(offset)
    // A hole in the gap window is open, too.
    const isAnyOpen =
      activeGap(partition) !== null ||
      [...expected.values()].some(({ state }) => state === 'available' || state === 'acquired')
    expect(recordsOf(partition)).toEqual(isAnyOpen ? expected : new Map())
    const finished = [...expected.values()].filter(({ state }) => state === 'acknowledged' || state === 'archived')
    if (isAnyOpen) expect(finishedCount(partition)).toBe(finished.length)
    const lockEnds = [...expected.values()].map(({ lockedUntil }) => lockedUntil ?? Number.POSITIVE_INFINITY)
    expect(nextLockEnd(partition) ?? Number.POSITIVE_INFINITY).toBe(Math.min(Number.POSITIVE_INFINITY, ...lockEnds))
    const stored = new Map<number, { readonly state: string; readonly deliveryCount: number }>()
    for (const { first, last, state, deliveryCount } of unpackRuns(storedRuns(partition))) {
      for (let offset = first; offset <= last; offset++) stored.set(offset, { state, deliveryCount })
    }
    const kept = [...expected].flatMap(([offset, { state, deliveryCount }]) => {
      const count = state === 'acquired' ? deliveryCount - 1 : deliveryCount
      const kept = state === 'acquired' ? 'available' : state
      const isKept = isAnyOpen && (count > 0 || kept !== 'available')
      return isKept ? [[offset, { state: kept, deliveryCount: count }] as const] : []
    })
    expect(stored).toEqual(new Map(kept))
  }

  #settle(outcomes: readonly Outcome[]): void {
    this.#written.push(...unpackRuns(outcomeRuns(outcomes, this.partition.startOffset)))
    for (const { first, last, kind } of outcomes) {
      if (kind === 'renewed') continue
      for (let offset = first; offset <= last; offset++) {
        this.holders.delete(offset)
        if (kind !== 'released') this.finished.add(offset)
      }
    }
  }

  check(): void {
    const { startOffset, endOffset, batches } = this.partition
    expect(combinedRuns(this.#written, startOffset), 'the updates say what the window does').toEqual(
      storedRuns(this.partition),
    )
    expect(startOffset, 'the start offset never goes back').toBeGreaterThanOrEqual(this.#start)
    this.#start = startOffset
    for (let offset = this.logStart; offset < startOffset; offset++) {
      expect(this.finished.has(offset), `the start offset ${startOffset} passed the unfinished ${offset}`).toBe(true)
    }
    expect(inFlight(this.partition)).toBeLessThanOrEqual(settings.maxRecordLocks + 12)
    let expected = startOffset
    for (const batch of batches) {
      expect(batch.first).toBeGreaterThanOrEqual(expected)
      expect(batch.lasts.length).toBe(batch.deliveries.length)
      let next = batch.first
      for (const [index, last] of batch.lasts.entries()) {
        expect(last).toBeGreaterThanOrEqual(next)
        const [delivery, behind] = [batch.deliveries[index], batch.deliveries[index + 1]]
        expect(delivery && behind && isAlike(delivery, behind), 'neighbours that are alike are joined').not.toBe(true)
        for (let o = next; o <= last; o++) expect(this.holders.get(o) ?? null).toBe(delivery?.memberId)
        next = last + 1
      }
      expect(next).toBe(batch.last + 1)
      expected = next
    }
    expect(endOffset).toBeGreaterThanOrEqual(expected - 1)
  }
}

it('[D14] a record is held by one member, never lost before it is finished, never handed out after that', () => {
  fc.assert(
    fc.property(fc.array(move, { minLength: 1, maxLength: 60 }), (moves) => {
      const world = new World()
      for (const next of moves) {
        world.run(next)
        world.check()
      }
      // Whoever is left takes and accepts everything: nothing is stuck.
      for (const each of members) world.run({ kind: 'leave', member: members.indexOf(each) })
      for (let round = 0; round < 4 * world.logEnd && world.partition.startOffset < world.logEnd; round++) {
        world.run({ kind: 'fetch', member: 0, max: 15, batchSize: 10, exact: false })
        world.run({ kind: 'leave', member: 0 })
        world.check()
      }
      expect(world.partition.startOffset).toBe(world.logEnd)
    }),
    { numRuns: 400 },
  )
})
