import { describe, expect, test } from 'vitest'
import { keyOf } from '../../../src-main/base/topic-partition'
import {
  addPartitions,
  end,
  expiresAt,
  fence,
  init,
  newTransaction,
  producerProblem,
  type Transaction,
} from '../../../src-main/transactions/coordinator'

const none = {
  timeoutMs: 60_000,
  producerId: '-1',
  producerEpoch: -1,
  freshProducerId: '7',
  clusterVersion: 2,
} as const
const before = { ...none, clusterVersion: 0 } as const
const begin = (): Transaction => init(newTransaction('tx', none, 0), none, 0).transaction
const open = (): Transaction => addPartitions(begin(), [keyOf('t', 0)], 0, 10)
const tv1 = { producerId: '7', committed: true, clientVersion: 0, freshProducerId: '8' } as const

describe('the transaction coordinator', () => {
  test('[T1] whoever asks last has the transactional id', () => {
    const first = begin()
    expect(first).toMatchObject({ producerId: '7', producerEpoch: 0, state: 'Empty' })
    expect(init(first, none, 1).transaction.producerEpoch).toBe(1)
  })

  test('[T2] a producer that is not known is fenced', () => {
    expect(init(begin(), { ...none, producerId: '99', producerEpoch: 0 }, 1).error).toBe('PRODUCER_FENCED')
    expect(init(begin(), { ...none, producerId: '7', producerEpoch: 5 }, 1).error).toBe('PRODUCER_FENCED')
  })

  test('[T3] an open transaction is aborted before its id is given away', () => {
    const { error, markers, transaction } = init(open(), none, 20)
    expect(error).toBe('CONCURRENT_TRANSACTIONS')
    expect(markers).toEqual({ committed: false, producerId: '7', producerEpoch: 1, partitions: ['t:0'] })
    expect(init(transaction, none, 21)).toMatchObject({ error: 'NONE', transaction: { producerEpoch: 2 } })
  })

  test('[T14] whose transaction was aborted may be given the new epoch, with version 2 only', () => {
    const mine = { producerId: '7', producerEpoch: 0 }
    const { transaction } = init(open(), { ...none, ...mine }, 20)
    expect(init(transaction, { ...none, ...mine }, 21)).toMatchObject({
      error: 'NONE',
      transaction: { producerEpoch: 1, lastProducerEpoch: 0 },
    })
    const fenced = init(open(), { ...before, ...mine }, 20)
    expect(fenced).toMatchObject({ transaction: { producerEpoch: 1, lastProducerEpoch: -1 } })
    expect(init(fenced.transaction, { ...before, ...mine }, 21).error).toBe('PRODUCER_FENCED')
  })

  test('[T4] epochs that run out are followed by a new producer id', () => {
    const worn = { ...begin(), producerEpoch: 32_766 }
    expect(init(worn, { ...none, freshProducerId: '8' }, 1).transaction).toMatchObject({
      producerId: '8',
      producerEpoch: 0,
      previousProducerId: '7',
    })
    const { transaction, markers } = fence({ ...open(), producerEpoch: 32_766 }, { ...none, freshProducerId: '8' }, 1)
    expect(transaction).toMatchObject({ producerId: '8', producerEpoch: 0, lastProducerEpoch: 32_766 })
    expect(markers).toMatchObject({ producerId: '7', producerEpoch: 32_767 })
  })

  test('[T4] the id before is known only until the next step', () => {
    const rotated = init({ ...begin(), producerEpoch: 32_766 }, { ...none, freshProducerId: '8' }, 1).transaction
    const old = { ...none, producerId: '7', producerEpoch: 32_766 }
    expect(init(rotated, old, 2)).toMatchObject({ error: 'PRODUCER_FENCED' })
    expect(init({ ...rotated, lastProducerEpoch: 32_766 }, old, 2)).toMatchObject({
      error: 'NONE',
      transaction: { producerId: '8', producerEpoch: 0 },
    })
    expect(addPartitions(rotated, [keyOf('t', 0)], 2, 3).previousProducerId).toBe('8')
  })

  test('[T5] a bump whose answer was lost is answered again', () => {
    const bumped = init(begin(), { ...none, producerId: '7', producerEpoch: 0 }, 1).transaction
    expect(bumped).toMatchObject({ producerEpoch: 1, lastProducerEpoch: 0 })
    expect(init(bumped, { ...none, producerId: '7', producerEpoch: 0 }, 2)).toMatchObject({
      error: 'NONE',
      transaction: { producerEpoch: 1 },
    })
  })

  test('[T6] another producer is told what is wrong', () => {
    expect(producerProblem(undefined, { producerId: '7', producerEpoch: 0 })).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(producerProblem(begin(), { producerId: '8', producerEpoch: 0 })).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(producerProblem(begin(), { producerId: '7', producerEpoch: 1 })).toBe('PRODUCER_FENCED')
    expect(producerProblem(begin(), { producerId: '7', producerEpoch: 0 })).toBeUndefined()
  })

  test('[T7] the first partition opens a transaction, and the same one changes nothing', () => {
    const opened = open()
    expect(opened).toMatchObject({ state: 'Ongoing', startedAt: 10, partitions: ['t:0'] })
    expect(addPartitions(opened, [keyOf('t', 0)], 0, 20)).toBe(opened)
    expect(addPartitions(opened, [keyOf('t', 1)], 0, 20)).toMatchObject({ startedAt: 10, partitions: ['t:0', 't:1'] })
  })

  test('[T8] [T12] ending gives the markers with the state', () => {
    expect(end(open(), { ...tv1, producerEpoch: 0 }, 30)).toMatchObject({
      error: 'NONE',
      transaction: { state: 'CompleteCommit', partitions: [], producerEpoch: 0 },
      markers: { committed: true, producerEpoch: 0, partitions: ['t:0'] },
    })
    expect(end(open(), { ...tv1, producerEpoch: 1 }, 30).error).toBe('PRODUCER_FENCED')
  })

  test('[T9] ending twice is answered twice, the opposite is refused', () => {
    const ended = end(open(), { ...tv1, producerEpoch: 0 }, 30).transaction
    expect(end(ended, { ...tv1, producerEpoch: 0 }, 31)).toEqual({ transaction: ended, error: 'NONE' })
    expect(end(ended, { ...tv1, committed: false, producerEpoch: 0 }, 31).error).toBe('INVALID_TXN_STATE')
    expect(end(begin(), { ...tv1, producerEpoch: 0 }, 31).error).toBe('INVALID_TXN_STATE')
  })

  test('[T10] with version 2 an abort of nothing bumps the epoch', () => {
    const tv2 = { ...tv1, clientVersion: 2, producerEpoch: 0 } as const
    expect(end(begin(), { ...tv2, committed: false }, 5)).toMatchObject({
      error: 'NONE',
      transaction: { state: 'CompleteAbort', producerEpoch: 1, startedAt: 5 },
      markers: { partitions: [] },
    })
    expect(end(begin(), tv2, 5).error).toBe('INVALID_TXN_STATE')
  })

  test('[T9] with version 2 only what is over can have lost its answer', () => {
    const tv2 = { ...tv1, clientVersion: 2, producerEpoch: 0 } as const
    const empty = init(begin(), none, 5).transaction
    expect(empty).toMatchObject({ state: 'Empty', producerEpoch: 1 })
    expect(end(empty, { ...tv2, committed: false }, 6).error).toBe('PRODUCER_FENCED')
    const reopened = addPartitions(end(open(), tv2, 5).transaction, [keyOf('t', 0)], 2, 6)
    expect(end(reopened, tv2, 7).error).toBe('PRODUCER_FENCED')
    const over = end(open(), tv2, 5).transaction
    expect(end(over, { ...tv2, committed: false }, 6).error).toBe('INVALID_TXN_STATE')
    expect(end(over, { ...tv2, producerId: '9' }, 6).error).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(end(over, { ...tv2, producerEpoch: 1 }, 6).error).toBe('INVALID_TXN_STATE')
    expect(end(over, { ...tv2, producerEpoch: 1, committed: false }, 6)).toMatchObject({
      error: 'NONE',
      transaction: { state: 'CompleteAbort', producerEpoch: 2 },
    })
  })

  test('[T11] with version 2 every end bumps the epoch, also when its answer is lost', () => {
    const tv2 = { ...tv1, clientVersion: 2, producerEpoch: 0 } as const
    const { transaction, markers } = end(open(), tv2, 5)
    expect(transaction).toMatchObject({ state: 'CompleteCommit', producerEpoch: 1 })
    expect(markers?.producerEpoch).toBe(1)
    expect(end(transaction, tv2, 6)).toEqual({ transaction, error: 'NONE' })
    const worn = { ...open(), producerEpoch: 32_766 }
    const changed = end(worn, { ...tv2, producerEpoch: 32_766 }, 6)
    expect(changed.transaction).toMatchObject({ producerId: '8', producerEpoch: 0 })
    expect(changed.markers).toMatchObject({ producerId: '7', producerEpoch: 32_767 })
    expect(end(changed.transaction, { ...tv2, producerEpoch: 32_766 }, 7).error).toBe('NONE')
  })

  test('[T13] a transaction that takes too long is aborted, and its producer fenced', () => {
    expect(expiresAt(begin())).toBeUndefined()
    expect(expiresAt(open())).toBe(60_010)
    const { transaction, markers } = fence(open(), none, 60_010)
    expect(transaction).toMatchObject({ state: 'CompleteAbort', producerEpoch: 1, lastProducerEpoch: 0, startedAt: 10 })
    expect(markers).toMatchObject({ committed: false, producerEpoch: 1 })
    expect(end(transaction, { ...tv1, producerEpoch: 0 }, 60_011).error).toBe('PRODUCER_FENCED')
    // With version 2 its producer learns by its own abort that it is over, and of the new epoch.
    const tv2 = { ...tv1, clientVersion: 2, producerEpoch: 0 } as const
    expect(end(transaction, { ...tv2, committed: false }, 60_011)).toEqual({ transaction, error: 'NONE' })
    expect(end(transaction, tv2, 60_011).error).toBe('INVALID_TXN_STATE')
  })
})
