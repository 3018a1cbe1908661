import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { combinedRuns, type StoredRun, unpackRuns } from '../../../src-main/groups/share/stored-runs'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { Sharer } from '../../support/sharer'

let broker: TestBroker
let client: TestClient
let topicId: string

beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  await client.create('orders')
  await client.produce('orders', batchOf(['a', 'b', 'c', 'd']))
  topicId = broker.core.topics.find('orders')?.id ?? ''
  await new Sharer(broker.client(), 'm', topicId).join()
})
afterEach(() => broker.dispose())

const farthest = 2n ** 63n - 1n

async function initialize(startOffset: bigint) {
  const { results } = await client.ask('InitializeShareGroupState', 0, {
    groupId: 'g',
    topics: [{ topicId, partitions: [{ partition: 0, stateEpoch: 1, startOffset }] }],
  })
  return results[0]?.partitions[0]
}

async function write(startOffset: bigint, batches: readonly StoredRun[] = []) {
  const { results } = await client.ask('WriteShareGroupState', 1, {
    groupId: 'g',
    topics: [
      {
        topicId,
        partitions: [
          {
            partition: 0,
            stateEpoch: 1,
            leaderEpoch: 0,
            startOffset,
            deliveryCompleteCount: 0,
            stateBatches: batches.map(({ first, last, deliveryCount }) => ({
              firstOffset: BigInt(first),
              lastOffset: BigInt(last),
              deliveryState: 4,
              deliveryCount,
            })),
          },
        ],
      },
    ],
  })
  return results[0]?.partitions[0]
}

async function read() {
  const { results } = await client.ask('ReadShareGroupState', 0, {
    groupId: 'g',
    topics: [{ topicId, partitions: [{ partition: 0, leaderEpoch: 0 }] }],
  })
  return results[0]?.partitions[0]
}

test('a start offset that no log reaches is refused, and the state can be read afterwards', async () => {
  expect(await initialize(farthest)).toMatchObject({ errorCode: 42, errorMessage: 'The start offset is out of range.' })
  expect(await initialize(3n)).toMatchObject({ errorCode: 0 })
  expect(await write(farthest)).toMatchObject({ errorCode: 42, errorMessage: 'The start offset is out of range.' })
  expect(await read()).toMatchObject({ errorCode: 0, startOffset: 3n })
})

test('what is written before the first offset is decided is in memory too', async () => {
  await initialize(-1n)
  expect(await write(-1n, [{ first: 5, last: 6, state: 'archived', deliveryCount: 2 }])).toMatchObject({ errorCode: 0 })
  await client.produce('orders', batchOf(['e', 'f', 'g', 'h']))
  broker.core.configs.set({ type: 'group', name: 'g' }, new Map([['share.auto.offset.reset', 'earliest']]))
  const sharer = new Sharer(broker.client(), 'm', topicId)
  expect(await sharer.fetch()).toMatchObject({ acquired: ['0-4 x1', '7-7 x1'] })
})

const run = fc
  .record({ first: fc.nat(30), length: fc.integer({ min: 1, max: 8 }), deliveryCount: fc.integer({ min: 1, max: 2 }) })
  .map(({ first, length, deliveryCount }): StoredRun => {
    return { first, last: first + length - 1, state: 'archived', deliveryCount }
  })

test('of runs that overlap the one that was written last is left, from the start offset on', () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 20 }), fc.nat(20), (written, startOffset) => {
      const counts = new Map<number, number>()
      for (const { first, last, deliveryCount } of written) {
        for (let offset = first; offset <= last; offset++) counts.set(offset, deliveryCount)
      }
      const combined = unpackRuns(combinedRuns(written, startOffset))
      const found = combined.flatMap(({ first, last, deliveryCount }) =>
        Array.from({ length: last - first + 1 }, (_, i) => [first + i, deliveryCount] as const),
      )
      expect(found).toEqual([...counts].filter(([offset]) => offset >= startOffset).sort(([a], [b]) => a - b))
      for (const [i, next] of combined.slice(1).entries()) {
        const before = combined[i]
        expect(before?.last === next.first - 1 && before.deliveryCount === next.deliveryCount).toBe(false)
      }
    }),
    { numRuns: 300 },
  )
})
