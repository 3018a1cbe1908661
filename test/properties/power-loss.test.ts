import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ManualClock } from '../../src-main/base/clock'
import { silentLog } from '../../src-main/base/log'
import { type LogFacts, Workspace } from '../../src-main/storage'
import { copyFiles } from '../support/workspace-files'
import { listening } from '../unit/storage/large-samples'
import { batch, names } from '../unit/storage/stored-batch'

const logs = 3
const pageBytes = 4096

type Step =
  | { readonly do: 'append'; readonly log: number; readonly sizeBytes: number; readonly fails: boolean }
  | { readonly do: 'delete'; readonly log: number }
  | { readonly do: 'move' }

const log = fc.nat(logs - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      log,
      sizeBytes: fc.constantFrom(16_000, 16_000, 16_000, 20_000, 100),
      fails: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), log }) },
  { weight: 3, arbitrary: fc.constant({ do: 'move' as const }) },
)

/** What the disk has at some moment, if everything gets there. */
interface Moment {
  readonly file: string
  readonly expected: readonly (readonly string[])[]
  readonly starts: readonly number[]
}

const read = (path: string) => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0))

/** Pages of `newer` that did not reach the disk are those of `older`. */
function mixed(older: Buffer, newer: Buffer, stale: readonly boolean[]): Buffer {
  const bytes = Buffer.from(newer)
  for (const [n, isStale] of stale.entries()) {
    const page = bytes.subarray(n * pageBytes, (n + 1) * pageBytes)
    if (isStale) page.fill(0).set(older.subarray(n * pageBytes, n * pageBytes + page.length))
  }
  return bytes
}

it('after a loss of power each batch is itself, or empty, which is told', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 3, maxLength: 25, size: '+1' }),
    fc.nat(),
    fc.nat(),
    fc.nat(),
    fc.oneof(fc.constant([]), fc.array(fc.boolean(), { maxLength: 60 })),
    async (steps, ofRows, ofOlder, ofNewer, stale) => {
      const folder = mkdtempSync(join(tmpdir(), 'ottla-property-'))
      const clock = new ManualClock(0)
      const file = join(folder, 'one.ottla')
      const one = new Workspace({ file, clock, log: silentLog })
      try {
        const facts = one.write(() => {
          const topic = one.topics.create('uuid', 'orders', logs, 0)
          return Array.from({ length: logs }, (_, number) => one.batches.open(topic.id, number)!)
        })
        await one.committed()
        const expected: string[][] = facts.map(() => [])
        const moments: Moment[] = []
        const note = () => {
          const copy = join(folder, `moment-${moments.length}.ottla`)
          copyFiles(file, copy)
          moments.push({
            file: copy,
            expected: expected.map((list) => [...list]),
            starts: facts.map(({ logStart }) => logStart),
          })
        }
        note()
        let named = 0
        for (const now of steps) {
          if (now.do === 'append') {
            const log = facts[now.log] as LogFacts
            const name = `${named++}`
            const before = log.logEnd
            one.append(log, batch(before, 1, { sizeBytes: now.sizeBytes, text: `${name};` }))
            if (now.fails) {
              expect(() =>
                one.write(() => {
                  throw new Error('on purpose')
                }),
              ).toThrow()
              await one.committed().catch(() => {})
            } else {
              await one.committed()
              expected[now.log]![before] = name
            }
          } else if (now.do === 'delete') {
            const log = facts[now.log] as LogFacts
            one.write(() => one.batches.deleteBefore(log, Math.floor((log.logStart + log.logEnd + 1) / 2)))
            await one.committed()
          } else {
            await one.settled()
            clock.advance(2500)
          }
          note()
        }
        const rows = moments[ofRows % moments.length]!
        const [older, newer] = [moments[ofOlder % moments.length]!, moments[ofNewer % moments.length]!]
        writeFileSync(
          `${rows.file}-batches`,
          mixed(read(`${older.file}-batches`), read(`${newer.file}-batches`), stale),
        )
        const { log: listener, lines } = listening()
        const two = new Workspace({ file: rows.file, clock, log: listener })
        try {
          const topic = two.topics.list()[0]!
          let lost = 0
          for (let number = 0; number < logs; number++) {
            const log = two.batches.open(topic.id, number)!
            expect(log.logEnd).toBe(Math.max(rows.expected[number]!.length, rows.starts[number]!))
            if (log.logStart === log.logEnd) continue
            const found = names(two.batches.read(log, log.logStart, 1e9, true, log.logEnd).batches)
            const wanted = rows.expected[number]!.slice(log.logStart)
            expect(found.length).toBe(wanted.length)
            for (const [n, name] of found.entries()) {
              if (name === '') lost++
              else expect(name).toBe(wanted[n])
            }
          }
          if (lost > 0) expect(lines.some((line) => line.includes('lost'))).toBe(true)
        } finally {
          await two.dispose()
        }
      } finally {
        await one.dispose()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )
  await fc.assert(property, { numRuns: 60 })
}, 120_000)
