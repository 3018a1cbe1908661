import { describe, expect, it } from 'vitest'
import { ReadAhead } from '../../../../src-main/desk/remote/read-ahead'
import { FetchedLogs } from '../../../support/fetched-logs'

const MiB = 1024 * 1024

/** Partitions of equal batches. */
const logsOf = (partitions: number, brokers: number, batches: number, bytes: number) =>
  new FetchedLogs(
    Array.from({ length: partitions }, () => ({
      pieces: Array.from({ length: batches }, () => ({ offsets: 10, gap: 0, bytes })),
      open: 0,
    })),
    brokers,
  )

/** Reads one batch after the other, always of the partition that is behind, as a search does. */
class Reading {
  readonly reader: ReadAhead
  readonly windows: { topic: string; partition: number; from: number; before: number; backward: boolean }[]
  readonly #logs: FetchedLogs

  constructor(logs: FetchedLogs, partitions: number, backward = false) {
    this.#logs = logs
    this.reader = new ReadAhead(logs, logs)
    this.windows = Array.from({ length: partitions }, (_, partition) => ({
      topic: 't',
      partition,
      from: 0,
      before: logs.end(partition),
      backward,
    }))
  }

  async next(): Promise<void> {
    const left = this.windows.filter(({ from, before }) => from < before).sort((a, b) => a.from - b.from)
    const [first] = left
    if (!first) return
    await this.reader.prefetch(left)
    for (const { batch } of await this.reader.batches(first, { ...first, maxBytes: 1 })) {
      this.#logs.takenBytes += batch.bytes.byteLength
      first.from = batch.lastOffset + 1
    }
  }
}

/** True when the promise has an outcome by now. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false
  const over = () => {
    isSettled = true
  }
  promise.then(over, over)
  await new Promise((resolve) => setImmediate(resolve))
  return isSettled
}

describe('what a search reads ahead of a cluster', () => {
  it('is asked of all brokers at once, and the first answer is used while another is waited for', async () => {
    const logs = logsOf(4, 2, 10, 1000)
    logs.answersAtOnce = false
    const reading = new Reading(logs, 4)
    const first = reading.next()
    expect(logs.asked.map(({ broker, places }) => [broker, places.map(({ partition }) => partition)])).toEqual([
      [0, [0, 2]],
      [1, [1, 3]],
    ])
    expect(await isOver(first)).toBe(false)
    logs.letGo(0)
    await first
    expect(reading.windows.map(({ from }) => from)).toEqual([10, 0, 0, 0])
    const second = reading.next()
    expect(await isOver(second)).toBe(false)
    logs.letGo(1)
    await second
    expect(logs.asked).toHaveLength(2)
  })

  it('is one fetch for a first page, and from the third on the next is under way while the last is looked at', async () => {
    const logs = logsOf(2, 1, 100, 200_000)
    logs.answersAtOnce = false
    const reading = new Reading(logs, 2)
    const next = async () => {
      const reads = reading.next()
      if (!(await isOver(reads))) logs.letGo(0)
      await reads
    }
    // A batch is larger than the first fetch asks for.
    await next()
    expect(logs.asked).toHaveLength(1)
    while (logs.asked.length < 3) await next()
    // The third one is answered, and looked at.
    while (logs.asked.length < 4) await next()
    const before = logs.takenBytes
    for (let i = 0; i < 4; i++) {
      // Nobody answers the fourth, and there is something to look at all the same.
      expect(await isOver(reading.next())).toBe(true)
    }
    expect(logs.asked).toHaveLength(4)
    expect(logs.takenBytes).toBeGreaterThan(before)
  })

  it('grows no further while its page takes nothing', async () => {
    const logs = logsOf(3, 1, 80, 200_000)
    const reading = new Reading(logs, 3)
    for (let i = 0; i < 40; i++) await reading.next()
    const { length } = logs.asked
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(logs.asked).toHaveLength(length)
  })

  it.each([
    [1, 1],
    [12, 1],
    [40, 3],
  ])('is at most 25 MiB, of %i partitions on %i brokers', async (partitions, brokers) => {
    const logs = logsOf(partitions, brokers, Math.ceil(300 / partitions), 200_000)
    const reading = new Reading(logs, partitions)
    for (let turn = 0; turn < 340; turn++) await reading.next()
    expect(reading.windows.every(({ from, before }) => from === before)).toBe(true)
    expect(logs.takenBytes).toBeGreaterThan(57 * MiB)
    expect(logs.peakBytes).toBeLessThanOrEqual(25 * MiB)
    expect(logs.readAlone).toBe(0)
  })

  it('has room for a batch that is larger than a fetch asks for, at the second attempt', async () => {
    const logs = logsOf(3, 1, 1, 3 * MiB)
    const reading = new Reading(logs, 3)
    for (let i = 0; i < 3; i++) await reading.next()
    expect(reading.windows.every(({ from, before }) => from === before)).toBe(true)
    expect([logs.asked.length, logs.readAlone]).toEqual([2, 0])
  })

  it('fails with the reason for which a fetch failed', async () => {
    const logs = logsOf(2, 1, 10, 1000)
    logs.failure = new Error('node:1 closed the connection.')
    await expect(new Reading(logs, 2).next()).rejects.toThrow('node:1 closed the connection.')
  })
})
