import { describe, expect, test, vi } from 'vitest'
import { store } from '../../../src-main/broker/log/append'
import { FilterWalk } from '../../../src-main/broker/log/compaction/compaction'
import { DirtySection } from '../../../src-main/broker/log/compaction/dirty-section'
import { OffsetMap } from '../../../src-main/broker/log/compaction/offset-map'
import { readBatch } from '../../../src-main/records/batch'
import { encodeBatch } from '../../../src-main/records/encode'
import { StorageFailure } from '../../../src-main/storage'
import {
  broker,
  clean,
  client,
  close,
  data,
  day,
  eachOnItsOwnBroker,
  left,
  log,
  partition,
  put,
  recordsOf,
  restart,
  soon,
} from '../../support/compaction'
import { start } from '../../support/core'

/** Tests of the rules in src-main/broker/log/compaction/SPEC.md: how the work is done. */
eachOnItsOwnBroker()

describe('the end of the log', () => {
  test('[L17] stays, bare, where nothing else says where it is', () => {
    const rules = { now: start, deleteRetentionMs: 0, lastRecordOf: () => undefined }
    const batch = readBatch(encodeBatch(recordsOf([['a', '1']]), { baseOffset: 4 }))
    const offsets = new OffsetMap(10)
    offsets.put(Buffer.from('a'), 9)
    const verdictAt = (highWatermark: number) =>
      new FilterWalk(offsets, { ...rules, highWatermark }).walk({ batches: [batch], aborted: [] }).verdicts[0]
    expect(verdictAt(6)).toEqual({ kind: 'remove' })
    const bare = verdictAt(5)
    expect(bare).toMatchObject({ kind: 'replace', recordCount: 0 })
    expect(bare?.kind === 'replace' && readBatch(bare.bytes)).toMatchObject({
      baseOffset: 4,
      lastOffset: 4,
      codec: 'none',
    })
  })
})

describe('the map of offsets', () => {
  test('[L9] holds the newest offset of each key while it grows, and says when it is full', () => {
    const map = new OffsetMap(5000)
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 4000; i++) map.put(Buffer.from(`key-${i}`), round * 4000 + i)
    }
    expect(map).toMatchObject({ size: 4000, isFull: false })
    expect(map.get(Buffer.from('key-0'))).toBe(4000)
    expect(map.get(Buffer.from('key-3999'))).toBe(7999)
    expect(map.get(Buffer.from('other'))).toBe(-1)
    expect(map.get(Buffer.alloc(0))).toBe(-1)
    for (let i = 0; i < 1000; i++) map.put(Buffer.from(`more-${i}`), i)
    expect(map.isFull).toBe(true)
    expect(map.heldBytes).toBeLessThanOrEqual(2 * 5000 * 24)
  })
})

describe('the work', () => {
  /** A log whose second half takes the place of its first. */
  async function overwritten(topic: string, keys: number): Promise<void> {
    for (const value of ['1', '2']) {
      const batches = Array.from({ length: keys }, (_, i) => put(topic, [[`k${i}`, value]]))
      await Promise.all(batches)
    }
    await close(topic)
  }

  test('[L4] is due by the bytes before and behind what was cleaned, of which the part with fewer offsets is summed', async () => {
    await client.create('t', 1, soon)
    for (let i = 0; i < 9; i++) await put('t', [[`key${i}`, '1']])
    await put('t', [['last', '1']])
    await clean()
    for (let i = 0; i < 3; i++) await put('t', [[`more`, '1']])
    const { facts } = partition()
    expect([facts.cleanedUntil, facts.logEnd]).toEqual([9, 13])
    const sums = vi.spyOn(broker.workspace.batches, 'sizeBetween')
    const dirty = new DirtySection(partition(), broker.workspace)
    const settings = broker.core.configs.topic('t')
    await dirty.measure(settings, start, async () => {})
    expect(sums.mock.calls.map(([, from, before]) => [from, before])).toEqual([[9, 13]])
    // Three batches of twelve, which are of one size.
    expect(dirty.isDue({ ...settings, minCleanableDirtyRatio: 0.24 }, start)).toBe(true)
    expect(dirty.isDue({ ...settings, minCleanableDirtyRatio: 0.26 }, start)).toBe(false)
  })

  test('[L22] goes on in slices, between which clients are served', async () => {
    await client.create('t', 1, soon)
    await client.create('other')
    await overwritten('t', 1000)
    let isOver = false
    const round = clean().then(() => (isOver = true))
    let served = 0
    while (!isOver) {
      await put('other', [['a', '1']])
      if (!isOver) served++
    }
    await round
    expect(served).toBeGreaterThan(5)
    expect(await left()).toHaveLength(1000)
  })

  test('[L22] is done again from where it began when it ended in the middle', async () => {
    await client.create('t', 1, soon)
    await overwritten('t', 1000)
    const { facts } = partition()
    const { sizeBytes } = facts
    const round = clean()
    // Some slices of the second walk are stored.
    while (facts.sizeBytes === sizeBytes) await new Promise((resolve) => setImmediate(resolve))
    broker.broker.dispose()
    await round
    expect(partition().facts.cleanedUntil).toBe(0)
    expect((await data()).length).toBeLessThan(2001)
    const newest = () =>
      data().then((records) => new Map(records.map(({ key, value }) => [String(key), String(value)])))
    expect((await newest()).get('k0')).toBe('2')
    expect((await newest()).size).toBe(1001)
    await restart()
    await clean()
    expect(await left()).toHaveLength(1000)
    expect((await newest()).size).toBe(1001)
  })

  test('[L22] ends at a full disk, and goes on when there is room', async () => {
    await client.create('t', 1, { ...soon, 'delete.retention.ms': String(day) })
    // With the delete horizon as its base, each timestamp takes more bytes than before.
    const tombstones = (batch: number) => Array.from({ length: 2000 }, (_, i) => [`${batch}-${i}`, null] as const)
    for (let batch = 0; batch < 20; batch++) await put('t', tombstones(batch))
    await close('t')
    const before = await left()
    broker.workspace.limitFile(16_384)
    await expect(clean()).rejects.toBeInstanceOf(StorageFailure)
    broker.workspace.limitFile(1e9)
    expect(await left()).toEqual(before)
    expect(partition().facts.cleanedUntil).toBe(0)
    await clean()
    expect(await left()).toEqual(before)
    expect(partition().facts.cleanedUntil).toBe(40_000)
    expect((await log()).slice(0, -1).every(({ hasDeleteHorizon }) => hasDeleteHorizon)).toBe(true)
  })

  test('[L23] leaves a topic alone that is deleted meanwhile', async () => {
    await client.create('t', 1, soon)
    await overwritten('t', 1000)
    const facts = partition().facts
    const round = clean()
    await client.ask('DeleteTopics', 5, { topicNames: ['t'], timeoutMs: 1000 })
    await client.create('t', 1, soon)
    await put('t', [['new', '1']])
    await round
    expect(facts.cleanedUntil).toBe(0)
    expect(await left()).toEqual(['0 new=1'])
  })

  test('[L23] leaves records alone that are deleted meanwhile', async () => {
    await client.create('t', 1, soon)
    await overwritten('t', 1000)
    const round = clean()
    partition().deleteBefore(1500)
    await round
    await clean()
    expect((await left())[0]).toBe('1500 k500=2')
    expect(await left()).toHaveLength(500)
  })

  test('[L24] passes over a partition whose records cannot be read', async () => {
    await client.create('t', 1, soon)
    await client.create('u', 1, soon)
    for (const topic of ['t', 'u']) for (const value of ['1', '2']) await put(topic, [['a', value]])
    const bad = encodeBatch(recordsOf([['a', '3']]))
    // A length that reaches over the end.
    bad[61] = 0x7e
    store(partition('t'), readBatch(bad), { workspace: broker.workspace, at: start })
    await close('t')
    await close('u')
    await clean()
    await clean()
    expect(await left('u')).toEqual(['1 a=2'])
    expect((await log('t')).length).toBe(4)
    expect(broker.logged.filter((line) => line.includes('t-0 is not compacted'))).toHaveLength(1)
  })
})
