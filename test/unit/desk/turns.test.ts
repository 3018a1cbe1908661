import { expect, test } from 'vitest'
import { decode } from '../../../src-main/desk/decoders/auto'
import { automatic } from '../../../src-main/desk/decoders/decoder'
import type { BatchReader } from '../../../src-main/desk/messages/batch-reader'
import { Search } from '../../../src-main/desk/messages/search'
import { Turns } from '../../../src-main/desk/messages/turns'
import { readBatch } from '../../../src-main/records/batch'
import { encodeBatch } from '../../../src-main/records/encode'

/** A search over one batch of ten records, each of which takes `recordMs`; `looked` counts them. */
function searching(recordMs: number) {
  let now = 0
  let looked = 0
  const records = Array.from({ length: 10 }, (_, n) => ({ key: null, value: Buffer.from(`${n}`), timestamp: n }))
  const batch = readBatch(encodeBatch(records))
  const reader: BatchReader = { batches: async () => [{ batch, transaction: null }] }
  const range = {
    topic: 't',
    partition: 0,
    from: 0,
    before: 10,
    seen: [],
    decoders: { key: automatic, value: automatic },
  }
  const plan = {
    ranges: [range],
    backward: false,
    live: false,
    limit: 100,
    find: '',
    script: '',
    fromAt: -1,
    untilAt: -1,
    buckets: null,
    format: null,
    committed: false,
  }
  const turns = new Turns(() => now)
  const filter = () => {
    looked++
    now += recordMs
    return true
  }
  const decodings = new Map([['t', { key: decode, value: decode }]])
  return { search: new Search(reader, plan, filter, decodings, () => now, { turns }), turns, looked: () => looked }
}

/** What was looked at each time that others had their turn, until all is. */
async function watched({ search, looked }: ReturnType<typeof searching>): Promise<readonly number[]> {
  const seen: number[] = []
  let isOver = false
  const look = () => {
    seen.push(looked())
    if (!isOver) setImmediate(look)
  }
  const rows = search.next()
  setImmediate(look)
  expect(await rows).toHaveLength(10)
  isOver = true
  return seen
}

test('others have their turn while the records of one batch take long, and else not', async () => {
  expect(await watched(searching(25))).toEqual(expect.arrayContaining([2, 4, 6, 8]))
  expect((await watched(searching(1))).every((looked) => looked === 10)).toBe(true)
})

test('a search that was stopped looks at no further record', async () => {
  const { search, turns, looked } = searching(60)
  const rows = search.next()
  setImmediate(() => turns.stop())
  await expect(rows).rejects.toThrow('the scan was stopped')
  expect(looked()).toBeLessThan(5)
})
