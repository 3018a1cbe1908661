import { encode as encodeMsgpack } from '@msgpack/msgpack'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decode } from '../../../src-main/desk/decoders/auto'
import { automatic } from '../../../src-main/desk/decoders/decoder'
import { FileBatches } from '../../../src-main/desk/embedded/file-batches'
import { textFilter } from '../../../src-main/desk/messages/filter'
import { Search } from '../../../src-main/desk/messages/search'
import type { ScanPlan } from '../../../src-main/desk/source/records'
import { encodeBatch } from '../../../src-main/records/encode'
import { WorkspaceReader } from '../../../src-main/storage'
import { start, TestBroker, type TestClient } from '../../support/core'

let broker: TestBroker
let client: TestClient
let reader: WorkspaceReader
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  await client.create('orders', 2)
})
afterEach(async () => {
  reader.dispose()
  await broker.dispose()
})

/** Records of one batch, each at its time after the start. */
const write = (partition: number, times: readonly number[], text = (at: number) => `at ${at}`) =>
  client.produce(
    'orders',
    encodeBatch(times.map((at) => ({ key: null, value: Buffer.from(text(at)), timestamp: start + at }))),
    partition,
  )

function plan(fields: Partial<ScanPlan> = {}): ScanPlan {
  const topic = broker.core.topics.find('orders')
  const ranges = (topic?.partitions() ?? []).map((log) => ({
    topic: 'orders',
    partition: log.number,
    from: 0,
    before: log.highWatermark,
    seen: [],
    decoders: { key: automatic, value: automatic },
  }))
  return {
    ranges,
    backward: false,
    live: false,
    limit: 1000,
    find: '',
    script: '',
    fromAt: -1,
    untilAt: -1,
    buckets: null,
    format: null,
    committed: false,
    ...fields,
  }
}

const decodings = new Map([['orders', { key: decode, value: decode }]])

async function search(fields: Partial<ScanPlan> = {}, filter = textFilter(fields.find ?? '', decodings)) {
  await broker.workspace.settled()
  reader = new WorkspaceReader(broker.workspace.file)
  const running = new Search(new FileBatches(reader), plan(fields), filter, decodings, () => 0)
  const rows = []
  while (!running.isDone) rows.push(...(await running.next()))
  return { rows, times: rows.map(({ timestamp }) => timestamp - start), progress: running.progress(true) }
}

/** Page after page, each after the one before it, until there is no more. */
async function pages(fields: Partial<ScanPlan>, meanwhile: (page: number) => Promise<unknown> = async () => {}) {
  const found = []
  const sizes = []
  let remembered = 0
  let ranges = plan().ranges
  for (;;) {
    const { rows, progress } = await search({ ...fields, ranges })
    reader.dispose()
    found.push(...rows)
    sizes.push(rows.length)
    const { next } = progress
    await meanwhile(sizes.length)
    if (!next) return { found, sizes, remembered }
    ranges = ranges.map((range) => {
      const place = next.find(({ partition }) => partition === range.partition)
      if (!place) throw new Error('a partition has no position')
      remembered += place.seen.length
      return fields.backward
        ? { ...range, before: place.offset, seen: place.seen }
        : { ...range, from: place.offset, seen: place.seen }
    })
  }
}

const placeOf = ({ partition, offset }: { readonly partition: number; readonly offset: number }) =>
  `${partition}:${offset}`

describe('what a search gives at once', () => {
  async function parts(fields: Partial<ScanPlan> = {}) {
    await broker.workspace.settled()
    reader = new WorkspaceReader(broker.workspace.file)
    const running = new Search(
      new FileBatches(reader),
      plan(fields),
      () => true,
      decodings,
      () => 0,
    )
    const found: (readonly { readonly offset: number }[])[] = []
    while (!running.isDone) found.push(await running.next())
    return { found, progress: running.progress(true) }
  }

  test('is few of many small records, and none is lost', async () => {
    await write(
      0,
      Array.from({ length: 2000 }, (_, i) => i),
    )
    const { found, progress } = await parts({ limit: 1500 })
    expect(Math.max(...found.map(({ length }) => length))).toBe(250)
    expect(found.flat().map(({ offset }) => offset)).toEqual(Array.from({ length: 1500 }, (_, i) => i))
    expect(progress).toMatchObject({ matched: 1500, scanned: 1500, next: [{ offset: 1500 }, {}] })
  })

  test('is few of large records', async () => {
    const large = { key: null, value: Buffer.alloc(300_000), timestamp: start }
    await client.produce(
      'orders',
      encodeBatch(
        Array.from({ length: 6 }, () => large),
        { codec: 'gzip' },
      ),
      0,
    )
    const { found } = await parts()
    expect(found.map(({ length }) => length).filter((length) => length > 0)).toEqual([4, 2])
  })
})

describe('a search', () => {
  beforeEach(async () => {
    // One partition is slow, the other fast: slices of them lie far apart in time.
    for (let at = 0; at < 4000; at += 400) await write(0, [at, at + 200])
    for (let at = 1; at < 4000; at += 100)
      await write(
        1,
        Array.from({ length: 50 }, (_, i) => at + i * 2),
        (time) => `at ${time} ${'x'.repeat(2000)}`,
      )
  })

  test('gives the records of all partitions in the order of time, from either end', async () => {
    const { times } = await search({ limit: 10_000 })
    expect(times).toHaveLength(20 + 40 * 50)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    reader.dispose()
    const back = await search({ backward: true, limit: 300 })
    expect(back.times).toEqual([...times].sort((a, b) => b - a).slice(0, 300))
  })

  test.each([false, true])('goes on page by page where it ended, backward: %s', async (backward) => {
    const all = (await search({ backward, limit: 10_000 })).rows.map(placeOf)
    reader.dispose()
    const { found, sizes, remembered } = await pages({ backward, limit: 300 })
    expect(found.map(placeOf)).toEqual(all)
    expect(sizes.slice(0, -1).every((size) => size === 300)).toBe(true)
    expect(remembered).toBe(0)
    const matching = await pages({ backward, limit: 7, find: '00 x' })
    expect(matching.found.map(placeOf)).toEqual(
      (await search({ backward, limit: 10_000, find: '00 x' })).rows.map(placeOf),
    )
  })

  test('pages of the newest lose nothing, and repeat nothing, while messages come', async () => {
    const all = (await search({ backward: true, limit: 10_000 })).rows.map(placeOf)
    reader.dispose()
    const { found } = await pages({ backward: true, limit: 300 }, (page) => write(page % 2, [5000 + page, 5001 + page]))
    expect(found.map(placeOf)).toEqual(all)
  })

  test.each([false, true])('gives each record once where times are in no order, backward: %s', async (backward) => {
    const times = Array.from({ length: 500 }, (_, i) => (i * 7919) % 4001)
    for (let at = 0; at < times.length; at += 50) await write(0, times.slice(at, at + 50))
    const all = (await search({ backward, limit: 10_000 })).rows.map(placeOf)
    reader.dispose()
    const found = (await pages({ backward, limit: 100 })).found.map(placeOf)
    expect(found).toHaveLength(all.length)
    expect(new Set(found)).toEqual(new Set(all))
  })

  test('says that there is more when it ends at its limit', async () => {
    expect((await search({ limit: 5 })).progress).toMatchObject({ matched: 5, note: 'the first 5 that match' })
    reader.dispose()
    expect((await search({ find: 'at 400' })).progress.note).toBeNull()
  })

  test('finds text among bytes that are none', async () => {
    const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, 7, 255]), Buffer.from('Ada'), Buffer.from([1])])
    await client.produce('orders', encodeBatch([{ key: null, value: bytes, timestamp: start + 9000 }]), 0)
    expect((await search({ find: 'ada' })).times).toEqual([9000])
  })

  test('goes on after a batch that is damaged, and says which', async () => {
    const log = broker.core.topics.find('orders')?.partition(0)
    const [batch] = log ? broker.workspace.batches.rows(log.facts, 0, 10, 10, 1e9) : []
    if (!log || !batch) throw new Error('no batch')
    broker.workspace.write(() => {
      const bytes = Buffer.from(batch.batch.bytes)
      bytes.fill(0xff, 61)
      broker.workspace.batches.rewrite(log.facts, [{ row: batch, bytes }])
      log.touch(0)
    })
    await broker.core.commits.settled
    const { rows, progress } = await search({ limit: 10_000 })
    expect(rows).toHaveLength(20 + 40 * 50 - 2)
    expect(progress.failed).toEqual({
      records: 2,
      first: expect.stringContaining('orders-0 offsets 0 to 1: this batch is damaged ('),
    })
  })

  test('finds what the rows show: numbers, fields, hex, and what JSON escapes', async () => {
    const long = Buffer.alloc(8)
    long.writeBigInt64BE(4711n)
    const values = [
      long,
      Buffer.from('{"name":"M\\u00fcller"}'),
      Buffer.from('ff00ff', 'hex'),
      encodeMsgpack({ city: 'Köln' }),
    ]
    for (const [i, value] of values.entries()) {
      await client.produce('orders', encodeBatch([{ key: null, value, timestamp: start + 9000 + i }]), 0)
    }
    const found = async (find: string) => {
      const { times } = await search({ find })
      reader.dispose()
      return times
    }
    expect(await found('4711')).toEqual([9000])
    expect(await found('müller')).toEqual([9001])
    expect(await found('ff00ff')).toEqual([9002])
    expect(await found('köln')).toEqual([9003])
    expect(await found('none of these')).toEqual([])
    await search()
  })

  test('finds text whatever its case, and between two times', async () => {
    expect((await search({ find: 'AT 3800' })).times).toEqual([3800])
    reader.dispose()
    expect((await search({ fromAt: start + 3900, untilAt: start + 3904 })).times).toEqual([3901, 3903])
  })
})
describe('offsets without a record', () => {
  const record = (text: string) => ({ key: null, value: Buffer.from(text), timestamp: start })
  const marksOf = async (fields: Partial<ScanPlan> = {}) => {
    const ranges = plan().ranges.slice(0, 1)
    const { rows } = await search({ ranges, ...fields })
    return rows.map(({ offset, transaction, gap }) => [
      offset,
      transaction,
      gap && [gap.first, gap.last, gap.markers, gap.aborted],
    ])
  }

  test('that were compacted away are told with the row behind them, from either end', async () => {
    await client.produce('orders', encodeBatch([record('0'), record('1')]), 0)
    await client.produce('orders', encodeBatch([record('2'), record('3'), record('4')]), 0)
    const log = broker.core.topics.find('orders')?.partition(0)
    const batch = log && broker.workspace.batches.rows(log.facts, 0, 10, 10, 1e9)[1]
    if (!batch) throw new Error('no batch')
    broker.workspace.write(() => {
      const bytes = encodeBatch([{ ...record('4'), offset: 4 }], { baseOffset: 2, lastOffset: 4 })
      broker.workspace.batches.rewrite(log.facts, [{ row: batch, bytes }])
      log.touch(0)
    })
    await broker.core.commits.settled
    const rows = [
      [0, null, undefined],
      [1, null, undefined],
      [4, null, [2, 3, 0, 0]],
    ]
    expect(await marksOf()).toEqual(rows)
    reader.dispose()
    expect(await marksOf({ backward: true })).toEqual([
      [4, null, undefined],
      [1, null, [2, 3, 0, 0]],
      [0, null, undefined],
    ])
  })

  test('are markers of transactions, and what a read_committed consumer does not see', async () => {
    const { producerId, producerEpoch } = await client.ask('InitProducerId', 4, {
      transactionalId: 'tx',
      transactionTimeoutMs: 60_000,
    })
    let baseSequence = 0
    const write = async (text: string) => {
      await client.ask('AddPartitionsToTxn', 3, {
        v3AndBelowTransactionalId: 'tx',
        v3AndBelowProducerId: producerId,
        v3AndBelowProducerEpoch: producerEpoch,
        v3AndBelowTopics: [{ name: 'orders', partitions: [0] }],
      })
      const options = { producerId, producerEpoch, baseSequence: baseSequence++, isTransactional: true }
      await client.produce('orders', encodeBatch([record(text)], options), 0, 'tx')
    }
    const end = (committed: boolean) =>
      client.ask('EndTxn', 3, { transactionalId: 'tx', producerId, producerEpoch, committed })
    await write('kept')
    await end(true)
    await write('gone')
    await end(false)
    await write('open')
    expect(await marksOf()).toEqual([
      [0, 'committed', undefined],
      [2, 'aborted', [1, 1, 1, 0]],
      [4, 'open', [3, 3, 1, 0]],
    ])
    reader.dispose()
    expect(await marksOf({ committed: true })).toEqual([
      [0, 'committed', undefined],
      [4, 'open', [1, 3, 2, 1]],
    ])
  })
})
