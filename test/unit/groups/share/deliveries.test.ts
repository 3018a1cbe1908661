import { describe, expect, it } from 'vitest'
import {
  type AcknowledgeType,
  acknowledge,
  expireLocks,
  logStartMoved,
  release,
} from '../../../../src-main/groups/share/acknowledge'
import { type Acquire, acquire, type ReadBatch } from '../../../../src-main/groups/share/acquire'
import {
  canAcquire,
  type DeliverySettings,
  emptySharePartition,
  finishedCount,
  inFlight,
  nextFetchOffset,
  nextLockEnd,
  runsOf,
  type SharePartition,
} from '../../../../src-main/groups/share/share-partition'
import {
  loadSharePartition,
  packRuns,
  type StoredRun,
  storedRuns,
  unpackRuns,
} from '../../../../src-main/groups/share/stored-runs'

const settings: DeliverySettings = { deliveryCountLimit: 5, maxRecordLocks: 2000, lockMs: 30_000, renewEnabled: true }

/** Record batches of `size` offsets each, from `first` to `last`. */
function read(first: number, last: number, size = 10, aborted: readonly number[] = []): ReadBatch[] {
  const batches: ReadBatch[] = []
  for (let base = first; base <= last; base += size) {
    batches.push({ first: base, last: Math.min(last, base + size - 1), isAborted: aborted.includes(base) })
  }
  return batches
}

/** A share-partition that is written to step by step; it keeps what was handed out last. */
class Deliveries {
  partition: SharePartition
  settings: DeliverySettings

  constructor(partition = emptySharePartition(0), changed: Partial<DeliverySettings> = {}) {
    this.partition = partition
    this.settings = { ...settings, ...changed }
  }

  acquire(memberId: string, batches: readonly ReadBatch[], request: Partial<Acquire> = {}, at = 0) {
    const { partition, acquired } = acquire(
      this.partition,
      {
        memberId,
        mode: 'batchOptimized',
        batchSize: 500,
        maxRecords: 500,
        fetchOffset: nextFetchOffset(this.partition),
        read: batches,
        ...request,
      },
      this.settings,
      at,
    )
    this.partition = partition
    return acquired.map(({ first, last, deliveryCount }) => `${first}-${last} x${deliveryCount}`)
  }

  acknowledge(memberId: string, first: number, last: number, ...types: AcknowledgeType[]) {
    const result = acknowledge(this.partition, memberId, [{ first, last, types }], this.settings, 0)
    if (result.error === 'NONE') this.partition = result.partition
    return result.error === 'NONE' ? result.outcomes.map((o) => `${o.kind} ${o.first}-${o.last}`) : result.error
  }

  release(memberId: string) {
    this.partition = release(this.partition, memberId, this.settings).partition
  }

  get runs() {
    return Array.from(runsOf(this.partition), ({ first, last, state, deliveryCount, memberId }) =>
      [`${first}-${last}`, state, `x${deliveryCount}`, ...(memberId ? [memberId] : [])].join(' '),
    )
  }
}

/** Objects that hold the states of all records in flight. */
const statesOf = ({ partition }: Deliveries) => new Set(partition.batches.flatMap(({ deliveries }) => deliveries))

describe('records in flight', () => {
  it('have one object for each state, however many runs there are', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 499, 500))
    d.acknowledge('a', 0, 499, ...Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? 'release' : 'accept')))
    expect(d.runs.length).toBe(500)
    expect(statesOf(d).size).toBe(2)
    d.acquire('b', read(0, 499, 500))
    expect(d.runs.slice(0, 3)).toEqual(['0-0 acquired x2 b', '1-1 acknowledged x1', '2-2 acquired x2 b'])
    expect(statesOf(d).size).toBe(2)
    for (let offset = 2; offset < 500; offset += 2) d.acknowledge('b', offset, offset, 'renew')
    for (let offset = 2; offset < 500; offset += 2) d.acknowledge('b', offset, offset, 'reject')
    expect(d.runs.length).toBe(500)
    expect(statesOf(d).size).toBe(3)
  })

  it('are one run again when they became alike', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 9))
    for (const offset of [1, 3, 5]) d.acknowledge('a', offset, offset, 'release')
    expect(d.runs.length).toBe(7)
    for (const offset of [4, 0, 2]) d.acknowledge('a', offset, offset, 'release')
    expect(d.runs).toEqual(['0-5 available x1', '6-9 acquired x1 a'])
    d.release('a')
    expect(d.runs).toEqual(['0-9 available x1'])
  })

  it('[D15] are changed by acknowledgements in their order, the same offset twice too', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 9))
    const renewed = { first: 0, last: 4, types: ['renew'] } as const
    const accepted = { first: 4, last: 5, types: ['accept'] } as const
    const twice = acknowledge(d.partition, 'a', [accepted, { ...accepted, first: 5 }], d.settings, 0)
    expect(twice.error).toBe('INVALID_RECORD_STATE')
    const result = acknowledge(d.partition, 'a', [renewed, accepted], d.settings, 0)
    expect(result.error === 'NONE' && result.outcomes.map((o) => `${o.kind} ${o.first}-${o.last}`)).toEqual([
      'renewed 0-3',
      'accepted 4-5',
    ])
  })
})

describe('where a fetch reads', () => {
  it('[D1] begins at the given offset', () => {
    const partition = emptySharePartition(42)
    expect(nextFetchOffset(partition)).toBe(42)
    expect(new Deliveries(partition).acquire('a', read(40, 49))).toEqual(['42-49 x1'])
  })

  it('[D2] is the first available record, else behind everything', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 29))
    expect(nextFetchOffset(d.partition)).toBe(30)
    d.acknowledge('a', 12, 13, 'release')
    expect(nextFetchOffset(d.partition)).toBe(12)
    d.acquire('b', read(10, 19))
    expect(nextFetchOffset(d.partition)).toBe(30)
  })
})

describe('acquiring', () => {
  it('[D3] ends when all locks are taken, but not for what was given back', () => {
    const d = new Deliveries(undefined, { maxRecordLocks: 20 })
    expect(d.acquire('a', read(0, 19))).toEqual(['0-19 x1'])
    expect(canAcquire(d.partition, d.settings)).toBe(false)
    expect(d.acquire('b', read(20, 29))).toEqual([])
    d.acknowledge('a', 5, 5, 'release')
    expect(canAcquire(d.partition, d.settings)).toBe(true)
    expect(d.acquire('b', read(0, 29))).toEqual(['5-5 x2'])
    expect(inFlight(d.partition)).toBe(20)
  })

  it('[D7] is rounded up to a whole record batch', () => {
    expect(new Deliveries().acquire('a', read(0, 99), { maxRecords: 15 })).toEqual(['0-19 x1'])
    expect(new Deliveries().acquire('a', read(0, 99), { maxRecords: 0 })).toEqual([])
    expect(new Deliveries(undefined, { maxRecordLocks: 5 }).acquire('a', read(0, 99))).toEqual(['0-9 x1'])
  })

  it('[D8] finishes available records that are no longer in the log', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 29))
    d.release('a')
    expect(d.acquire('b', read(20, 29), { fetchOffset: 0 })).toEqual(['20-29 x2'])
    expect(d.partition.startOffset).toBe(20)
  })

  it('[D9] is cut at record batches of the wished size', () => {
    const d = new Deliveries()
    expect(d.acquire('a', read(0, 49), { batchSize: 15 })).toEqual(['0-19 x1', '20-39 x1', '40-49 x1'])
  })

  it('[D10] can be limited to exactly so many records', () => {
    const d = new Deliveries()
    expect(d.acquire('a', read(0, 99, 100), { mode: 'recordLimit', maxRecords: 1 })).toEqual(['0-0 x1'])
    expect(d.acquire('b', read(0, 99, 100), { mode: 'recordLimit', maxRecords: 3 })).toEqual(['1-3 x1'])
    expect(d.runs).toEqual(['0-0 acquired x1 a', '1-3 acquired x1 b', '4-99 available x0'])
  })

  it('[D11] takes whole pieces whole, and of others what is available', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 29), { batchSize: 10 })
    d.release('a')
    expect(d.acquire('b', read(0, 29))).toEqual(['0-9 x2', '10-19 x2', '20-29 x2'])
    d.acknowledge('b', 3, 4, 'release')
    d.acknowledge('b', 7, 7, 'release')
    expect(d.acquire('c', read(0, 29))).toEqual(['3-4 x3', '7-7 x3'])
  })

  it('[D12] isolates a record that keeps failing', () => {
    const d = new Deliveries()
    const rounds: string[][] = []
    for (let round = 0; round < 9; round++) {
      rounds.push(d.acquire('a', read(0, 7)))
      d.release('a')
    }
    // Whole up to half of the limit, then half of it, then each record alone on its last attempt.
    expect(rounds.slice(0, 5)).toEqual([['0-7 x1'], ['0-7 x2'], ['0-7 x3'], ['0-3 x4'], ['0-0 x5']])
    expect(rounds.slice(5)).toEqual([['1-1 x5'], ['2-2 x5'], ['3-3 x5'], ['4-7 x4']])
  })

  it('[D12] hands a slowed piece out without others', () => {
    const d = new Deliveries(undefined, { deliveryCountLimit: 3 })
    d.acquire('a', read(0, 0))
    d.acquire('a', read(1, 1, 1))
    for (let round = 0; round < 2; round++) {
      d.acknowledge('a', 0, 0, 'release')
      if (round === 0) expect(d.acquire('a', read(0, 1, 1))).toEqual(['0-0 x2'])
    }
    expect(d.acquire('b', read(0, 9, 1))).toEqual(['0-0 x3'])
    expect(d.acquire('b', read(0, 9, 1))).toEqual(['2-9 x1'])
  })

  it('[D13] leaves out aborted batches', () => {
    const d = new Deliveries()
    expect(d.acquire('a', read(0, 39, 10, [10, 30]))).toEqual(['0-9 x1', '20-29 x1'])
    expect(d.runs).toEqual(['0-9 acquired x1 a', '10-19 archived x1', '20-29 acquired x1 a', '30-39 archived x1'])
    d.acknowledge('a', 0, 9, 'accept')
    d.acknowledge('a', 20, 29, 'accept')
    expect(d.partition).toEqual(emptySharePartition(40))
  })

  it('[D14] never gives one record to two members', () => {
    const d = new Deliveries()
    expect(d.acquire('a', read(0, 9))).toEqual(['0-9 x1'])
    expect(d.acquire('b', read(0, 9), { fetchOffset: 0 })).toEqual([])
  })
})

describe('acknowledging', () => {
  it('[D6] moves the start offset over what is finished at the front', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 9))
    d.acknowledge('a', 5, 9, 'accept')
    expect(d.partition.startOffset).toBe(0)
    expect(finishedCount(d.partition)).toBe(5)
    d.acknowledge('a', 0, 3, 'accept')
    expect(d.partition.startOffset).toBe(4)
    d.acknowledge('a', 4, 4, 'reject')
    expect(d.partition).toEqual(emptySharePartition(10))
    expect(nextFetchOffset(d.partition)).toBe(10)
  })

  it('[D15] is all or nothing', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 9))
    d.acquire('b', read(10, 19))
    const before = d.partition
    const both = [
      { first: 0, last: 9, types: ['accept' as const] },
      { first: 10, last: 19, types: ['accept' as const] },
    ]
    expect(acknowledge(d.partition, 'a', both, settings, 0)).toMatchObject({ error: 'INVALID_RECORD_STATE' })
    expect(d.partition).toBe(before)
  })

  it('[D16] ignores what lies below the start offset', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 19), { batchSize: 10 })
    d.acknowledge('a', 0, 9, 'accept')
    expect(d.acknowledge('b', 0, 9, 'release')).toEqual([])
    expect(d.acknowledge('a', 5, 19, 'accept')).toEqual(['accepted 10-19'])
  })

  it('[D17] refuses what nobody acquired', () => {
    const d = new Deliveries(emptySharePartition(10))
    expect(d.acknowledge('a', 10, 19, 'accept')).toBe('INVALID_RECORD_STATE')
    d.acquire('a', read(10, 19))
    expect(d.acknowledge('a', 10, 20, 'accept')).toBe('INVALID_REQUEST')
    expect(d.acknowledge('a', 20, 29, 'accept')).toBe('INVALID_REQUEST')
  })

  it('[D18] refuses whoever does not hold the records', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 9))
    expect(d.acknowledge('b', 0, 9, 'accept')).toBe('INVALID_RECORD_STATE')
    d.acknowledge('a', 4, 4, 'accept')
    expect(d.acknowledge('a', 4, 4, 'accept')).toBe('INVALID_RECORD_STATE')
    expect(d.acknowledge('a', 0, 9, 'accept')).toBe('INVALID_RECORD_STATE')
  })

  it('[D19] renews only where that is allowed', () => {
    const d = new Deliveries(undefined, { renewEnabled: false })
    d.acquire('a', read(0, 9))
    expect(d.acknowledge('a', 0, 9, 'renew')).toBe('INVALID_RECORD_STATE')
    expect(d.acknowledge('a', 0, 9, 'accept')).toEqual(['accepted 0-9'])
  })

  it('[D20] knows five types, one for all offsets or one for each', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 4))
    expect(d.acknowledge('a', 0, 4, 'renew', 'accept', 'release', 'reject', 'gap')).toEqual([
      'renewed 0-0',
      'accepted 1-1',
      'released 2-2',
      'rejected 3-3',
      'gap 4-4',
    ])
    expect(d.runs).toEqual(['0-0 acquired x1 a', '1-1 acknowledged x1', '2-2 available x1', '3-4 archived x1'])
  })

  it('[D20] a renewed lock runs its whole time again', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 9), {}, 1000)
    expect(nextLockEnd(d.partition)).toBe(31_000)
    const result = acknowledge(d.partition, 'a', [{ first: 0, last: 9, types: ['renew'] }], settings, 20_000)
    expect(result.error === 'NONE' && nextLockEnd(result.partition)).toBe(50_000)
  })

  it('[D21] archives what was handed out too often', () => {
    const d = new Deliveries(undefined, { deliveryCountLimit: 2 })
    d.acquire('a', read(0, 0))
    expect(d.acknowledge('a', 0, 0, 'release')).toEqual(['released 0-0'])
    d.acquire('a', read(0, 0))
    expect(d.acknowledge('a', 0, 0, 'release')).toEqual(['exhausted 0-0'])
    expect(d.partition).toEqual(emptySharePartition(1))
  })
})

describe('given back without being asked', () => {
  it('[D22] when the share session of the member ends', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 9))
    d.acquire('b', read(10, 19))
    d.release('a')
    expect(d.runs).toEqual(['0-9 available x1', '10-19 acquired x1 b'])
  })

  it('[D23] when the lock ends; an acknowledgement then comes too late', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 9), {}, 0)
    d.acquire('a', read(10, 19), {}, 5000)
    expect(expireLocks(d.partition, settings, 29_999).outcomes).toEqual([])
    const { partition, outcomes } = expireLocks(d.partition, settings, 30_000)
    expect(outcomes).toEqual([{ first: 0, last: 9, deliveryCount: 1, memberId: 'a', kind: 'released' }])
    d.partition = partition
    expect(d.acknowledge('a', 0, 9, 'accept')).toBe('INVALID_RECORD_STATE')
    expect(d.acknowledge('a', 10, 19, 'accept')).toEqual(['accepted 10-19'])
  })

  it('[D24] when the log is cut', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 9))
    d.partition = logStartMoved(d.partition, 5).partition
    expect(d.runs).toEqual(['5-9 acquired x1 a'])
    expect(d.acknowledge('a', 0, 9, 'accept')).toEqual(['accepted 5-9'])
    d.partition = logStartMoved(d.partition, 100).partition
    expect(d.partition).toEqual(emptySharePartition(100))
  })
})

describe('after a restart', () => {
  it('[D4] outcomes are there, acquisitions are not', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 29), { batchSize: 10 })
    d.acknowledge('a', 10, 19, 'accept')
    d.acknowledge('a', 20, 29, 'release')
    d.acquire('b', read(20, 29))
    expect(unpackRuns(storedRuns(d.partition))).toEqual([
      { first: 10, last: 19, state: 'acknowledged', deliveryCount: 1 },
      { first: 20, last: 29, state: 'available', deliveryCount: 1 },
    ])
  })

  it('[D4] the file keeps runs as numbers', () => {
    const runs: StoredRun[] = [
      { first: 10, last: 19, state: 'acknowledged', deliveryCount: 1 },
      { first: 20, last: 20, state: 'available', deliveryCount: 4 },
      { first: 25, last: 29, state: 'archived', deliveryCount: 5 },
    ]
    expect(packRuns(runs)).toEqual([10, 10, 1, 1, 0, 1, 0, 4, 4, 5, 2, 5])
    expect(unpackRuns(packRuns(runs))).toEqual(runs)
  })

  it('[D5] what was acquired for the first time is acquired as if for the first time', () => {
    const d = new Deliveries()
    d.acquire('a', read(0, 29), { batchSize: 10 })
    d.acknowledge('a', 10, 19, 'accept')
    d.acknowledge('a', 20, 29, 'release')
    const again = new Deliveries(loadSharePartition(d.partition.startOffset, storedRuns(d.partition)))
    expect(nextFetchOffset(again.partition)).toBe(0)
    expect(nextFetchOffset(logStartMoved(again.partition, 5).partition)).toBe(5)
    expect(nextFetchOffset(logStartMoved(again.partition, 15).partition)).toBe(20)
    expect(again.acquire('b', read(0, 39))).toEqual(['0-9 x1', '20-29 x2', '30-39 x1'])
    again.acknowledge('b', 0, 9, 'accept')
    expect(again.partition.startOffset).toBe(20)
  })
})
