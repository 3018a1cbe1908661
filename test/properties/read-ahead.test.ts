import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ReadAhead } from '../../src-main/desk/remote/read-ahead'
import { FetchedLogs } from '../support/fetched-logs'

const piece = fc.record({
  offsets: fc.constantFrom(1, 1, 3, 500),
  gap: fc.constantFrom(0, 0, 0, 2, 5000),
  bytes: fc.constantFrom(10, 1000, 50_000, 300_000),
})
const log = fc.record({ pieces: fc.array(piece, { maxLength: 12 }), open: fc.constantFrom(0, 0, 1, 2) })

/** Reads whichever partition the choices name next, as a search does, and gives the base offsets that came of each. */
async function readAll(logs: FetchedLogs, count: number, backward: boolean, choices: readonly number[]) {
  const reader = new ReadAhead(logs, logs)
  const found = Array.from({ length: count }, (): number[] => [])
  const windows = found.map((_, partition) => ({
    topic: 't',
    partition,
    from: 0,
    before: logs.end(partition),
    backward,
  }))
  let cursors = windows.filter(({ from, before }) => from < before)
  for (let turn = 0; cursors.length > 0; turn++) {
    const at = (choices[turn % Math.max(1, choices.length)] ?? 0) % cursors.length
    const first = cursors[at] as (typeof cursors)[number]
    await reader.prefetch([first, ...cursors.filter((one) => one !== first)])
    const batches = await reader.batches(first, { ...first, maxBytes: 100_000 })
    found[first.partition]?.push(...batches.map(({ batch }) => batch.baseOffset))
    const last = batches.at(-1)?.batch
    if (!last) first.from = first.before
    else if (backward) first.before = last.baseOffset
    else first.from = last.lastOffset + 1
    cursors = cursors.filter(({ from, before }) => from < before)
  }
  return found
}

it('what is read ahead of a log is every batch of it, in order and once, in either direction and whatever is read first', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(log, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      fc.array(fc.nat(20), { maxLength: 20 }),
      async (all, brokers, backward, choices) => {
        const logs = new FetchedLogs(all, brokers)
        const expected = all.map((_, partition) => logs.batchesOf(partition).map(({ batch }) => batch.baseOffset))
        const found = await readAll(logs, all.length, backward, choices)
        expect(found).toEqual(backward ? expected.map((offsets) => offsets.reverse()) : expected)
        // What is not behind the last stable offset is fetched with others.
        if (all.every(({ open }) => open === 0)) expect(logs.readAlone).toBe(0)
      },
    ),
    { numRuns: 150 },
  )
})
