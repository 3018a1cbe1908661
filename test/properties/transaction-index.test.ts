import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ManualClock } from '../../src-main/base/clock'
import { silentLog } from '../../src-main/base/log'
import { type AbortedTransaction, Workspace } from '../../src-main/storage'
import { migrate } from '../../src-main/storage/migrations'

/** One producer's next move in a log: it begins a transaction, or ends its open one. */
const moves = fc.array(
  fc.record({ producer: fc.nat(4), records: fc.integer({ min: 1, max: 5 }), aborts: fc.boolean() }),
  {
    maxLength: 40,
  },
)
const range = fc.tuple(fc.nat(120), fc.nat(120))

it('aborted transactions of a range are those that have an offset in it, also in a file of an older version', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ottla-test-'))
  let files = 0
  await fc.assert(
    fc.asyncProperty(moves, fc.array(range, { minLength: 1, maxLength: 5 }), fc.nat(40), async (all, ranges, older) => {
      const file = join(folder, `${++files}.ottla`)
      const options = { file, clock: new ManualClock(1), log: silentLog }
      const old = new Sqlite(file)
      old.pragma('application_id = 0x4f74746c')
      migrate(old, 0, 6)
      old.pragma('user_version = 6')
      const open = new Map<number, number>()
      const aborted: AbortedTransaction[] = []
      let end = 0
      const run = (some: typeof all, on: Pick<Workspace['transactionIndex'], 'open' | 'close' | 'addAborted'>) => {
        for (const { producer, records, aborts } of some) {
          const producerId = BigInt(producer)
          const firstOffset = open.get(producer)
          if (firstOffset === undefined) {
            open.set(producer, end)
            on.open(1, { producerId, firstOffset: end })
            end += records
          } else {
            open.delete(producer)
            on.close(1, producerId)
            const transaction = { producerId, firstOffset, lastOffset: end++ }
            if (aborts) aborted.push(transaction)
            if (aborts) on.addAborted(1, transaction)
          }
        }
      }
      run(all.slice(0, older), {
        open: (log, one) =>
          old.prepare('INSERT INTO open_transactions VALUES (?, ?, ?)').run(log, one.producerId, one.firstOffset),
        close: (log, id) =>
          old.prepare('DELETE FROM open_transactions WHERE partition = ? AND producer_id = ?').run(log, id),
        addAborted: (log, { lastOffset, firstOffset, producerId }) =>
          old
            .prepare('INSERT INTO aborted_transactions VALUES (?, ?, ?, ?)')
            .run(log, lastOffset, firstOffset, producerId),
      })
      old.close()
      const workspace = new Workspace(options)
      workspace.write(() => run(all.slice(older), workspace.transactionIndex))
      for (const [from, before] of ranges) {
        const wanted = aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < before)
        expect(workspace.transactionIndex.abortedIn(1, from, before)).toEqual(wanted)
      }
      await workspace.dispose()
    }),
    { numRuns: 60 },
  )
  rmSync(folder, { recursive: true, force: true })
})
