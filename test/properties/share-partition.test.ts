import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type AcknowledgeType,
  acknowledge,
  expireLocks,
  logStartMoved,
  release,
} from '../../src-main/groups/share/acknowledge'
import { acquire, type ReadBatch } from '../../src-main/groups/share/acquire'
import {
  type DeliverySettings,
  emptySharePartition,
  inFlight,
  loadSharePartition,
  nextFetchOffset,
  nextLockEnd,
  type Outcome,
  packRuns,
  type SharePartition,
  storedRuns,
  unpackRuns,
} from '../../src-main/groups/share/share-partition'

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
      at: fc.nat(20),
      length: fc.integer({ min: 1, max: 8 }),
      types: fc.array(type, { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 12 }) }) },
  fc.record({ kind: fc.constant('leave' as const), member }),
  fc.record({ kind: fc.constant('cut' as const), by: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('restart' as const) }),
)

/** The world around a share-partition, and what a plain table of offsets knows of it. */
class World {
  log: ReadBatch[] = []
  logStart = 0
  now = 0
  partition: SharePartition = emptySharePartition(0)
  readonly counts = new Map<number, number>()
  readonly holders = new Map<number, string>()
  readonly finished = new Set<number>()
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
      case 'wait':
        this.now += next.ms
        this.#ended(expireLocks(this.partition, settings, this.now))
        expect(nextLockEnd(this.partition) ?? Number.POSITIVE_INFINITY, 'no lock outlives its end').toBeGreaterThan(
          this.now,
        )
        return
      case 'leave':
        this.#ended(release(this.partition, members[next.member] ?? '', settings))
        return
      case 'cut':
        this.logStart = Math.min(this.logStart + next.by, this.logEnd)
        this.#ended(logStartMoved(this.partition, this.logStart))
        return
      case 'restart':
        this.partition = loadSharePartition(
          this.partition.startOffset,
          unpackRuns(packRuns(storedRuns(this.partition))),
        )
        // Of a delivery that was under way nothing is known any more; all others are counted as before.
        for (const offset of this.holders.keys()) this.counts.set(offset, (this.counts.get(offset) ?? 0) - 1)
        this.holders.clear()
        for (const [offset, count] of this.counts) {
          if (count === 0 || this.finished.has(offset) || offset < this.partition.startOffset) continue
          const runs = this.partition.batches.flatMap((batch) => batch.runs)
          expect(runs.find(({ first, last }) => first <= offset && offset <= last)?.deliveryCount).toBe(count)
        }
    }
  }

  #fetch({ member, max, batchSize, exact }: Move & { kind: 'fetch' }): void {
    const memberId = members[member] ?? ''
    const fetchOffset = nextFetchOffset(this.partition)
    const read = this.log.filter(({ last }) => last >= Math.max(fetchOffset, this.logStart)).slice(0, 3)
    const mode = exact ? 'recordLimit' : 'batchOptimized'
    const request = { memberId, mode, batchSize, maxRecords: max, fetchOffset, read } as const
    const { partition, acquired, outcomes } = acquire(this.partition, request, settings, this.now)
    this.partition = partition
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

  #acknowledge({ member, at, length, types }: Move & { kind: 'acknowledge' }): void {
    const memberId = members[member] ?? ''
    const first = this.partition.startOffset + at
    const last = first + length - 1
    const shape = types.length === 1 ? types : Array.from({ length }, (_, i) => types[i % types.length] ?? 'accept')
    const result = acknowledge(this.partition, memberId, [{ first, last, types: shape }], settings, this.now)
    const isAllHeld = Array.from({ length }, (_, i) => this.holders.get(first + i)).every(
      (holder) => holder === memberId,
    )
    if (isAllHeld) expect(result.error).toBe('NONE')
    if (result.error !== 'NONE') return
    for (const { first: from, last: to } of result.outcomes) {
      for (let offset = from; offset <= to; offset++) expect(this.holders.get(offset)).toBe(memberId)
    }
    this.partition = result.partition
    this.#settle(result.outcomes)
  }

  #ended({ partition, outcomes }: { partition: SharePartition; outcomes: readonly Outcome[] }): void {
    this.partition = partition
    this.#settle(outcomes)
  }

  #settle(outcomes: readonly Outcome[]): void {
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
    expect(startOffset, 'the start offset never goes back').toBeGreaterThanOrEqual(this.#start)
    this.#start = startOffset
    for (let offset = this.logStart; offset < startOffset; offset++) {
      expect(this.finished.has(offset), `the start offset ${startOffset} passed the unfinished ${offset}`).toBe(true)
    }
    expect(inFlight(this.partition)).toBeLessThanOrEqual(settings.maxRecordLocks + 12)
    let expected = startOffset
    for (const batch of batches) {
      expect(batch.first).toBeGreaterThanOrEqual(expected)
      let next = batch.first
      for (const run of batch.runs) {
        expect(run.first).toBe(next)
        expect(run.last).toBeGreaterThanOrEqual(run.first)
        next = run.last + 1
        for (let o = run.first; o <= run.last; o++) expect(this.holders.get(o) ?? null).toBe(run.memberId)
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
