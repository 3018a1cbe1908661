import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decode } from '../../../src-main/desk/decoders/auto'
import { automatic } from '../../../src-main/desk/decoders/decoder'
import { textFilter } from '../../../src-main/desk/filter'
import type { SearchPlan } from '../../../src-main/desk/reader-protocol'
import { Search } from '../../../src-main/desk/search'
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

function plan(fields: Partial<SearchPlan> = {}): SearchPlan {
  const topic = broker.core.topics.find('orders')
  const ranges = (topic?.partitions() ?? []).map((log) => ({
    topic: 'orders',
    topicRow: topic?.row.id ?? 0,
    partition: log.number,
    from: 0,
    before: log.highWatermark,
    aborted: [],
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
    format: null,
    committed: false,
    ...fields,
  }
}

const decodings = new Map([['orders', { key: decode, value: decode }]])

function search(fields: Partial<SearchPlan> = {}, filter = textFilter(fields.find ?? '')) {
  reader = new WorkspaceReader(broker.workspace.file)
  const running = new Search(reader, plan(fields), filter, decodings, () => 0)
  const rows = []
  while (!running.isDone) rows.push(...running.next())
  return { times: rows.map(({ timestamp }) => timestamp - start), progress: running.progress(true) }
}

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

  test('gives the records of all partitions in the order of time, from either end', () => {
    const { times } = search({ limit: 10_000 })
    expect(times).toHaveLength(20 + 40 * 50)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    reader.dispose()
    const back = search({ backward: true, limit: 300 })
    expect(back.times).toEqual([...times].sort((a, b) => b - a).slice(0, 300))
  })

  test('says that there is more when it ends at its limit', () => {
    expect(search({ limit: 5 }).progress).toMatchObject({ matched: 5, note: 'the first 5 that match' })
    reader.dispose()
    expect(search({ find: 'at 400' }).progress.note).toBeNull()
  })

  test('finds text among bytes that are none', async () => {
    const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, 7, 255]), Buffer.from('Ada'), Buffer.from([1])])
    await client.produce('orders', encodeBatch([{ key: null, value: bytes, timestamp: start + 9000 }]), 0)
    expect(search({ find: 'ada' }).times).toEqual([9000])
  })

  test('finds text whatever its case, and between two times', () => {
    expect(search({ find: 'AT 3800' }).times).toEqual([3800])
    reader.dispose()
    expect(search({ fromAt: start + 3900, untilAt: start + 3904 }).times).toEqual([3901, 3903])
  })
})
