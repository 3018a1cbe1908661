import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import type { Histogram } from '../../../src-main/contract/messages'
import { TimeCounts } from '../../../src-main/desk/messages/time-counts'
import { encodeBatch } from '../../../src-main/records/encode'
import { TestBroker, type TestClient } from '../../support/core'
import { TestDesk } from '../../support/desk'

const noon = Date.UTC(2026, 10, 25, 12)
const minuteMs = 60_000

let broker: TestBroker
let client: TestClient
let desk: TestDesk
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  desk = new TestDesk(broker)
  await client.create('orders', 2, { 'message.timestamp.after.max.ms': '9223372036854775807' })
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

/** One batch, however far its times lie apart; values are 0, 1, 2, ... */
async function produce(times: readonly number[], partition = 0): Promise<void> {
  const records = times.map((at, i) => ({ key: null, value: Buffer.from(String(i)), timestamp: BigInt(at) }))
  expect(await client.produce('orders', encodeBatch(records), partition)).toMatchObject({ errorCode: 0 })
}

type Input = InputOf<Contract['messages.histogram']>

const all: Input = {
  topics: ['orders'],
  partitions: null,
  committed: false,
  find: '',
  script: '',
  conditions: [],
  follow: null,
  buckets: 200,
}

/** The picture as it is now, as `time count`. */
async function watch(input: Partial<Input> = {}): Promise<() => Promise<string[]>> {
  const { items, failures } = await desk.watch('messages.histogram', { ...all, ...input })
  return async () => {
    await expect.poll(() => items.at(-1)?.share ?? failures[0]).toBe(1)
    return bars(items.at(-1) as Histogram)
  }
}

function bars({ fromAt, bucketMs, counts }: Histogram): string[] {
  return counts.flatMap((count, i) => {
    const at = new Date(fromAt + i * bucketMs).toISOString().slice(11, 19)
    return count === 0 ? [] : [`${at} ${count}`]
  })
}

describe('messages over time', () => {
  test('counts each message at its own time, also those of one batch', async () => {
    await produce([0, 1, 2, 60, 60, 180].map((minutes) => noon + minutes * minuteMs))
    await produce([noon + 61 * minuteMs], 1)
    const now = await watch()
    expect(await now()).toEqual(['12:00:00 1', '12:01:00 1', '12:02:00 1', '13:00:00 2', '13:01:00 1', '15:00:00 1'])
  })

  test('follows filter, script and partitions', async () => {
    await produce([0, 1, 2, 3].map((minutes) => noon + minutes * minuteMs))
    await produce([noon + 5 * minuteMs], 1)
    expect(await (await watch({ find: '3' }))()).toEqual(['12:03:00 1'])
    expect(await (await watch({ script: 'value % 2 === 1' }))()).toEqual(['12:01:00 1', '12:03:00 1'])
    expect(await (await watch({ partitions: [1] }))()).toEqual(['12:05:00 1'])
  })

  test('a selected bar lists as many messages as it counts', async () => {
    const spread = fc.sample(fc.integer({ min: 0, max: 400 * minuteMs }), { numRuns: 300, seed: 7 })
    await produce(spread.slice(0, 200).map((ms) => noon + ms))
    await produce(
      spread.slice(200).map((ms) => noon + ms),
      1,
    )
    const { items } = await desk.watch('messages.histogram', { ...all, buckets: 30 })
    await expect.poll(() => items.at(-1)?.share).toBe(1)
    const { fromAt, bucketMs, counts } = items.at(-1) as Histogram
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300)
    const [from, until] = [fromAt + 3 * bucketMs, fromAt + 7 * bucketMs]
    const { buckets: _, ...query } = all
    const found = await desk.watch('messages.search', {
      ...query,
      from: 'time',
      value: from,
      until,
      groupId: null,
      limit: 1000,
      after: null,
      columns: [],
    })
    const listed = () => found.items.flatMap((item) => (item.kind === 'rows' ? item.rows : [])).length
    await expect.poll(listed).toBe(counts.slice(3, 7).reduce((sum, count) => sum + count, 0))
  })

  test('goes on with what is written, and begins again when messages are deleted', async () => {
    await produce([noon])
    const now = await watch()
    expect(await now()).toEqual(['12:00:00 1'])
    await produce([noon, noon], 1)
    await expect.poll(now).toEqual(['12:00:00 3'])
    await desk.page.ask('topics.purge', { topics: ['orders'] })
    await produce([noon + minuteMs])
    await desk.advance(1000)
    await expect.poll(now).toEqual(['12:01:00 1'])
  })

  test('leaves out early times, which are mostly seconds, and says how many; times beyond the calendar break nothing', async () => {
    await produce([noon / 1000, noon, 1.7e15 * 100])
    const { items } = await desk.watch('messages.histogram', all)
    await expect.poll(() => items.at(-1)).toMatchObject({ fromAt: noon, counts: [1], early: 1, share: 1 })
  })
})

test('counts over time lose nothing, whatever comes in which order, and their edges are multiples of their width', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 8.64e15 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 50 }),
      (times, most) => {
        const counts = new TimeCounts(most)
        for (const at of times) counts.add(at)
        const { fromAt, bucketMs } = counts
        expect(counts.counts.length).toBeLessThanOrEqual(most)
        expect(fromAt % bucketMs).toBe(0)
        const expected = new Array<number>(counts.counts.length).fill(0)
        for (const at of times) {
          const bucket = Math.floor((at - fromAt) / bucketMs)
          expected[bucket] = (expected[bucket] ?? 0) + 1
        }
        expect(counts.counts).toEqual(expected)
      },
    ),
  )
})
