import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeBatch } from '../../../src-main/records/encode'
import { start, TestBroker } from '../../support/core'
import { TestDesk } from '../../support/desk'

let broker: TestBroker
let desk: TestDesk
beforeEach(async () => {
  broker = new TestBroker()
  desk = new TestDesk(broker)
  await broker.client().create('prices', 2)
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

/** Records of one batch, each at its time after the start. */
const write = (partition: number, times: readonly number[]) =>
  broker
    .client()
    .produce(
      'prices',
      encodeBatch(times.map((at) => ({ key: null, value: Buffer.from(`at ${at}`), timestamp: start + at }))),
      partition,
    )

const query = {
  topics: ['prices'],
  partitions: null,
  from: 'newest',
  value: null,
  until: null,
  groupId: null,
  limit: 1_000_000_000,
  committed: false,
  find: '',
  script: '',
  conditions: [],
  follow: null,
} as const

interface Line {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
}

/** The lines of an export, and what it said at last. */
async function exported(more: { readonly limit?: number; readonly find?: string } = {}) {
  const { items, failures } = await desk.watch('messages.export', { ...query, ...more, format: 'jsonl' })
  expect(failures).toEqual([])
  const text = items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])).join('')
  const lines = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
  const progress = items.findLast((item) => item.kind === 'progress')
  return { lines, progress: progress?.kind === 'progress' ? progress.progress : undefined }
}

const offsetsOf = (lines: readonly Line[], partition: number) =>
  lines.filter((line) => line.partition === partition).map(({ offset }) => offset)

describe('an export from the newest on', () => {
  test('holds each partition in the order of its log, so that an import writes it like that', async () => {
    // Times that are in no order within a partition.
    await write(0, [10, 5, 30, 20])
    await write(1, [1, 2, 40])
    const { lines, progress } = await exported()
    expect(offsetsOf(lines, 0)).toEqual([0, 1, 2, 3])
    expect(offsetsOf(lines, 1)).toEqual([0, 1, 2])
    expect(progress).toMatchObject({ matched: 7, share: 1, done: true, note: null })
  })

  test('with a limit holds the newest, the oldest of them first', async () => {
    await write(0, [10, 20, 30, 50])
    await write(1, [15, 25, 40])
    const { lines, progress } = await exported({ limit: 4 })
    expect(lines.map(({ timestamp }) => timestamp - start)).toEqual([25, 30, 40, 50])
    expect(progress).toMatchObject({ matched: 4, share: 1, done: true, note: 'the newest 4 that match' })
    const found = await exported({ limit: 2, find: '0' })
    expect(found.lines.map(({ timestamp }) => timestamp - start)).toEqual([40, 50])
  })

  test('of an empty topic is an empty file', async () => {
    expect(await exported()).toMatchObject({ lines: [], progress: { matched: 0, done: true } })
    expect(await exported({ limit: 1, find: 'x' })).toMatchObject({ lines: [], progress: { matched: 0, done: true } })
  })
})
