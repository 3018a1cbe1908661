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
  isTransactional: false,
  ...fields,
})

/** Ten records at a time, each batch behind the one before. */
function appended(states: ProducerStates, count: number, fields: Partial<ProducerBatch> = {}): void {
  for (let i = 0; i < count; i++) {
    states.appended(batch(i * 10, fields), { baseOffset: i * 10, lastOffset: i * 10 + 9, appendedAt: i })
  }
}

const nothing = () => [] as AppendedBatch[]

describe('the producers of a partition', () => {
  test('[P2] a retry among the last five batches is answered as the first time', () => {
    const states = new ProducerStates(nothing, [])
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
      appendedAt: 1,
      isControl: false,
    }
    const states = new ProducerStates(() => [stored], [])
    expect(states.check(batch(20, { producerEpoch: 3 })).kind).toBe('duplicate')
    expect(states.check(batch(30, { producerEpoch: 3 })).kind).toBe('append')
    expect(states.check(batch(30, { producerEpoch: 2 }))).toMatchObject({ error: 'INVALID_PRODUCER_EPOCH' })
  })

  test('[P3] an older epoch is fenced', () => {
    const states = new ProducerStates(nothing, [])
    appended(states, 1, { producerEpoch: 2 })
    expect(states.check(batch(10, { producerEpoch: 1 }))).toMatchObject({ error: 'INVALID_PRODUCER_EPOCH' })
  })

  test('[P4] a new epoch begins at 0, and there are no gaps', () => {
    const states = new ProducerStates(nothing, [])
    expect(states.check(batch(70))).toEqual({ kind: 'append' })
    appended(states, 1)
    expect(states.check(batch(20))).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(states.check(batch(10, { producerEpoch: 1 }))).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(states.check(batch(0, { producerEpoch: 1 }))).toEqual({ kind: 'append' })
  })

  test('[P4] sequences begin again after the largest int', () => {
    expect(addSequence(2_147_483_647, 1)).toBe(0)
    expect(addSequence(2_147_483_640, 10)).toBe(2)
  })

  test('[P5] [P6] [P7] a transaction holds its first offset until a marker ends it', () => {
    const states = new ProducerStates(nothing, [])
    const transactional = batch(0, { isTransactional: true })
    expect(states.appended(transactional, { baseOffset: 100, lastOffset: 109, appendedAt: 1 })).toBe(true)
    expect(states.firstUnstableOffset).toBe(100)
    expect(states.check(batch(10))).toMatchObject({ error: 'INVALID_TXN_STATE' })
    expect(states.marked(1n, 1, 0, 2)).toBe(100)
    expect(states.firstUnstableOffset).toBeUndefined()
    expect(states.check(batch(0, { isTransactional: true }))).toMatchObject({ error: 'INVALID_PRODUCER_EPOCH' })
  })

  test('[P1] the earliest of several open transactions counts, also after a restart', () => {
    const states = new ProducerStates(nothing, [{ producerId: 2n, firstOffset: 50 }])
    states.appended(batch(0, { isTransactional: true }), { baseOffset: 100, lastOffset: 109, appendedAt: 1 })
    expect(states.firstUnstableOffset).toBe(50)
    states.marked(2n, 0, 0, 2)
    expect(states.firstUnstableOffset).toBe(100)
  })

  test('[P8] silent producers are forgotten, but not with a transaction open', () => {
    const states = new ProducerStates(nothing, [])
    appended(states, 1)
    states.appended(batch(0, { producerId: 2n, isTransactional: true }), {
      baseOffset: 10,
      lastOffset: 19,
      appendedAt: 0,
    })
    states.expire(10_000, 5000)
    expect(states.check(batch(500)).kind).toBe('append')
    expect(states.firstUnstableOffset).toBe(10)
  })
})
