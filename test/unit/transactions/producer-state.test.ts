import { describe, expect, test } from 'vitest'
import {
  type AppendedBatch,
  addSequence,
  type ProducerBatch,
  ProducerStates,
} from '../../../src-main/transactions/producer-state'

const batch = (baseSequence: number, fields: Partial<ProducerBatch> = {}): ProducerBatch => ({
  producerId: 1n,
  producerEpoch: 0,
  baseSequence,
  recordCount: 10,
  maxTimestamp: 7,
  isTransactional: false,
  ...fields,
})

/** Ten records at a time, each batch behind the one before. */
function appended(states: ProducerStates, count: number, fields: Partial<ProducerBatch> = {}): void {
  for (let i = 0; i < count; i++) {
    states.appended(batch(i * 10, fields), { baseOffset: i * 10, lastOffset: i * 10 + 9 })
  }
}

const nothing = () => [] as AppendedBatch[]
const noMarker = () => -1
const never = () => 0

describe('the producers of a partition', () => {
  test('[P2] a retry among the last five batches is answered as the first time', () => {
    const states = new ProducerStates(nothing, noMarker, [], never)
    appended(states, 6)
    expect(states.check(batch(10))).toMatchObject({ kind: 'duplicate', batch: { baseOffset: 10 } })
    expect(states.check(batch(0))).toMatchObject({ kind: 'refuse', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(states.check(batch(60))).toEqual({ kind: 'append' })
  })

  test('[P2] what is in the log is known after a restart', () => {
    const stored: AppendedBatch = {
      producerEpoch: 3,
      baseSequence: 20,
      recordCount: 10,
      baseOffset: 5,
      lastOffset: 14,
      maxTimestamp: 7,
      isControl: false,
    }
    const states = new ProducerStates(() => [stored], noMarker, [], never)
    expect(states.check(batch(20, { producerEpoch: 3 })).kind).toBe('duplicate')
    expect(states.check(batch(30, { producerEpoch: 3 })).kind).toBe('append')
    expect(states.check(batch(30, { producerEpoch: 2 }))).toMatchObject({ error: 'INVALID_PRODUCER_EPOCH' })
  })

  test('[P3] an older epoch is fenced', () => {
    const states = new ProducerStates(nothing, noMarker, [], never)
    appended(states, 1, { producerEpoch: 2 })
    expect(states.check(batch(10, { producerEpoch: 1 }))).toMatchObject({ error: 'INVALID_PRODUCER_EPOCH' })
  })

  test('[P4] a new epoch begins at 0, and there are no gaps', () => {
    const states = new ProducerStates(nothing, noMarker, [], never)
    expect(states.check(batch(70))).toEqual({ kind: 'append' })
    appended(states, 1)
    expect(states.check(batch(20))).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(states.check(batch(10, { producerEpoch: 1 }))).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(states.check(batch(0, { producerEpoch: 1 }))).toEqual({ kind: 'append' })
  })

  test('[P4] the epoch of a marker begins at 0, and the one it had goes on', () => {
    const states = new ProducerStates(nothing, noMarker, [], never)
    const transactional = (baseSequence: number, producerEpoch: number) =>
      batch(baseSequence, { producerEpoch, isTransactional: true })
    appended(states, 2, { isTransactional: true })
    states.marked({ producerId: 1n, producerEpoch: 0, coordinatorEpoch: 0 }, 2)
    expect(states.check(transactional(0, 0)).kind).toBe('duplicate')
    expect(states.check(transactional(20, 0))).toEqual({ kind: 'append' })
    states.marked({ producerId: 1n, producerEpoch: 1, coordinatorEpoch: 0 }, 3)
    expect(states.check(transactional(20, 1))).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(states.check(transactional(0, 1))).toEqual({ kind: 'append' })
  })

  test('[P4] nothing is demanded after the marker of data that was deleted before a restart', () => {
    const states = new ProducerStates(nothing, noMarker, [{ producerId: 1n, firstOffset: 0 }], never)
    states.marked({ producerId: 1n, producerEpoch: 0, coordinatorEpoch: 0 }, 7)
    expect(states.check(batch(10, { isTransactional: true })).kind).toBe('append')
  })

  test('[P4] markers after the last batches hide nothing after a restart', () => {
    const stored = (baseOffset: number, fields: Partial<AppendedBatch>): AppendedBatch => ({
      producerEpoch: 0,
      baseSequence: -1,
      recordCount: 1,
      baseOffset,
      lastOffset: baseOffset,
      maxTimestamp: 7,
      isControl: true,
      ...fields,
    })
    const markers = Array.from({ length: 30 }, (_, i) => stored(100 - i, {}))
    const data = stored(50, { baseSequence: 40, recordCount: 10, isControl: false })
    const restarted = (log: AppendedBatch[]) =>
      new ProducerStates(
        (_id, limit) => log.slice(0, limit),
        () => 5,
        [],
        never,
      )
    expect(restarted([...markers, data]).check(batch(50))).toEqual({ kind: 'append' })
    expect(restarted([...markers, data]).check(batch(0))).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    // Its batches were of an older epoch: the marker's has none. Or they are gone: then nobody knows.
    const bumped = stored(101, { producerEpoch: 1 })
    expect(restarted([bumped, data]).check(batch(50, { producerEpoch: 1 }))).toMatchObject({
      error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    })
    expect(restarted(markers).check(batch(50))).toEqual({ kind: 'append' })
    expect(restarted([bumped, data]).entry(1n).coordinatorEpoch).toBe(5)
    expect(restarted([data]).entry(1n).coordinatorEpoch).toBe(-1)
  })

  test('[P9] with transaction version 2 the first batch of a transaction begins at 0, also where nothing is known', () => {
    const states = new ProducerStates(nothing, noMarker, [], never)
    expect(states.check(batch(10, { isTransactional: true }), true)).toMatchObject({
      error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    })
    expect(states.check(batch(0, { isTransactional: true }), true)).toEqual({ kind: 'append' })
  })

  test('[P9] a transaction whose batches were deleted goes on where it was after a restart', () => {
    const states = new ProducerStates(nothing, noMarker, [{ producerId: 1n, firstOffset: 0 }], never)
    expect(states.check(batch(10, { isTransactional: true }), true)).toEqual({ kind: 'append' })
  })

  test('[P10] a marker of an older epoch or coordinator is refused', () => {
    const states = new ProducerStates(nothing, noMarker, [], never)
    const marker = { producerId: 1n, producerEpoch: 3, coordinatorEpoch: 5, transactionVersion: 0 }
    expect(states.markerProblem(marker)).toBeUndefined()
    states.appended(batch(0, { producerEpoch: 3, isTransactional: true }), {
      baseOffset: 0,
      lastOffset: 9,
    })
    expect(states.markerProblem({ ...marker, producerEpoch: 2 })).toBe('INVALID_PRODUCER_EPOCH')
    expect(states.markerProblem(marker)).toBeUndefined()
    // Version 2 bumps the epoch for the marker; a marker that comes again finds nothing open.
    expect(states.markerProblem({ ...marker, transactionVersion: 2 })).toBe('INVALID_PRODUCER_EPOCH')
    expect(states.markerProblem({ ...marker, transactionVersion: 2, producerEpoch: 4 })).toBeUndefined()
    states.marked({ ...marker, producerEpoch: 4 }, 2)
    expect(states.markerProblem({ ...marker, transactionVersion: 2, producerEpoch: 4 })).toBeUndefined()
    expect(states.markerProblem({ ...marker, producerEpoch: 4, coordinatorEpoch: 4 })).toBe(
      'TRANSACTION_COORDINATOR_FENCED',
    )
  })

  test('[P4] sequences begin again after the largest int', () => {
    expect(addSequence(2_147_483_647, 1)).toBe(0)
    expect(addSequence(2_147_483_640, 10)).toBe(2)
  })

  test('[P5] [P6] [P7] a transaction holds its first offset until a marker ends it', () => {
    const states = new ProducerStates(nothing, noMarker, [], never)
    const transactional = batch(0, { isTransactional: true })
    expect(states.opens(transactional)).toBe(true)
    states.appended(transactional, { baseOffset: 100, lastOffset: 109 })
    expect(states.opens(transactional)).toBe(false)
    expect([states.isOpen(1n, 0), states.isOpen(1n, 1)]).toEqual([true, false])
    expect(states.firstUnstableOffset).toBe(100)
    expect(states.check(batch(10))).toMatchObject({ error: 'INVALID_TXN_STATE' })
    states.marked({ producerId: 1n, producerEpoch: 1, coordinatorEpoch: 0 }, 2)
    expect(states.firstUnstableOffset).toBeUndefined()
    expect(states.check(batch(0, { isTransactional: true }))).toMatchObject({ error: 'INVALID_PRODUCER_EPOCH' })
  })

  test('[P1] the earliest of several open transactions counts, also after a restart', () => {
    const states = new ProducerStates(nothing, noMarker, [{ producerId: 2n, firstOffset: 50 }], never)
    states.appended(batch(0, { isTransactional: true }), { baseOffset: 100, lastOffset: 109 })
    expect(states.firstUnstableOffset).toBe(50)
    states.marked({ producerId: 2n, producerEpoch: 0, coordinatorEpoch: 0 }, 2)
    expect(states.firstUnstableOffset).toBe(100)
  })

  test('[P8] silent producers are forgotten, but not with a transaction open', () => {
    let forgetsBefore = 0
    const data = { ...batch(0), baseOffset: 0, lastOffset: 9, isControl: false }
    const log = (producerId: bigint) => (producerId === 1n ? [data] : [])
    const states = new ProducerStates(log, noMarker, [], () => forgetsBefore)
    states.appended(batch(0, { producerId: 2n, isTransactional: true }), { baseOffset: 10, lastOffset: 19 })
    expect(states.check(batch(500))).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    forgetsBefore = 8
    states.expire()
    expect(states.entry(1n).epoch).toBe(-1)
    expect(states.check(batch(500))).toEqual({ kind: 'append' })
    expect(states.firstUnstableOffset).toBe(10)
    expect(states.entry(2n).firstOffset).toBe(10)
  })
})
