import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ManualClock } from '../../src-main/base/clock'
import { silentLog } from '../../src-main/base/log'
import { readBatches } from '../../src-main/records/batch'
import { type LogFacts, StorageFailure, type StoredBatch, Workspace, WorkspaceReader } from '../../src-main/storage'
import { copyFiles } from '../support/workspace-files'
import { batch as sample } from '../unit/storage/stored-batch'
import { part } from './part'

type Step = Kind & {
  /** Everything is asked after it: that writes what was appended, which else waits for the end of the turn. */
  readonly isChecked: boolean
  /** The disk is full while it is done and stored, where it writes. Whether the free pages of the file are enough is its own affair. */
  readonly isFull: boolean
}

type Kind =
  | {
      readonly do: 'append'
      readonly log: number
      readonly records: number
      readonly time: number
      readonly sizeBytes: number
      readonly producer: number
      readonly transactional: boolean
    }
  | { readonly do: 'delete'; readonly log: number; readonly part: number }
  | { readonly do: 'clean' | 'compact' | 'merge'; readonly log: number }
  | { readonly do: 'end'; readonly log: number; readonly producer: number }
  | { readonly do: 'commit' | 'fail' | 'flood' | 'kill' | 'move' | 'replace' | 'reopen' | 'settle' | 'sweep' }

const logs = 2
/** The smallest limit of a file: it grows no further than it is. */
const pageBytes = 16_384
const transactional = 0x10
const control = 0x20
/** Producers of one kind, as clients are: these have transactions, in which others may be in between. */
const transactionalProducers = [7, 9]
/** It has transactional batches and others, in the order in which the broker takes them: within a transaction all are transactional. */
const mixedProducer = 8
/** Each begins with the turn before it stored, or undone. */
const between = ['commit', 'fail', 'kill', 'move', 'reopen', 'settle', 'sweep'] as const
const log = fc.nat(logs - 1)
const kind: fc.Arbitrary<Kind> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      log,
      records: fc.integer({ min: 1, max: 20 }),
      time: fc.integer({ min: -1, max: 50 }),
      sizeBytes: fc.oneof(fc.integer({ min: 75, max: 300 }), fc.integer({ min: 300, max: 20_000 })),
      producer: fc.constantFrom(-1, -1, mixedProducer, ...transactionalProducers),
      transactional: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('delete' as const), log, part }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      log,
      producer: fc.constantFrom(mixedProducer, ...transactionalProducers),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('clean' as const, 'compact' as const, 'merge' as const), log }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom(...between) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('flood' as const, 'replace' as const) }) },
)
const step: fc.Arbitrary<Step> = fc
  .tuple(kind, fc.boolean(), fc.nat(7))
  .map(([one, isChecked, full]) => ({ ...one, isChecked, isFull: full === 0 && !takesNoFullDisk.has(one.do) }))
const takesNoFullDisk: ReadonlySet<Kind['do']> = new Set(between)
/** More than all batches that are held in memory. */
const flood = sample(0, 1, { sizeBytes: 17 * 1024 * 1024 })

/** A log as a plain list. */
interface Model {
  batches: StoredBatch[]
  start: number
  end: number
  cleanedUntil: number
  /** Where the open transactions of producers begin. */
  open: Map<number, number>
}

const copyOf = (models: readonly Model[]): Model[] =>
  models.map((model) => ({ ...model, batches: [...model.batches], open: new Map(model.open) }))

function check(
  workspace: Workspace,
  facts: LogFacts,
  model: Model,
  from: number,
  maxBytes: number,
  time: number,
): void {
  const live = model.batches.filter((batch) => batch.lastOffset >= model.start)
  const newest = live.reduce((best, batch) => Math.max(best, Number(batch.maxTimestamp)), -1)
  expect(facts).toMatchObject({
    logStart: model.start,
    logEnd: model.end,
    cleanedUntil: model.cleanedUntil,
    sizeBytes: live.reduce((sum, batch) => sum + batch.bytes.byteLength, 0),
    maxTimestamp: newest,
    offsetOfMaxTimestamp: newest < 0 ? -1 : live.find((batch) => batch.maxTimestamp === newest)!.baseOffset,
  })
  const wanted: StoredBatch[] = []
  let bytes = 0
  for (const batch of live.filter(({ lastOffset }) => lastOffset >= from)) {
    bytes += batch.bytes.byteLength
    if (wanted.length > 0 && bytes > maxBytes) break
    wanted.push(batch)
  }
  const read = workspace.batches.read(facts, from, maxBytes, true, model.end)
  expect(read.batches.flatMap((piece) => [...readBatches(piece)].map((found) => found.bytes))).toEqual(
    wanted.map((batch) => batch.bytes),
  )
  expect(read.lastOffset).toBe(wanted.at(-1)?.lastOffset ?? -1)
  const ends = live.map(({ lastOffset, bytes: { byteLength } }) => [lastOffset, byteLength] as const)
  const { sizes } = workspace.batches.sizes(facts, from, model.end, 1e6)
  expect(sizes.map(({ lastOffset, sizeBytes }) => [lastOffset, sizeBytes])).toEqual(
    ends.filter(([last]) => last >= from),
  )
  expect(workspace.batches.sizeBetween(facts, model.start, from)).toBe(
    ends.filter(([last]) => last < from).reduce((sum, [, size]) => sum + size, 0),
  )
  const before = live.findLast(({ lastOffset }) => lastOffset < from)
  if (before) expect(workspace.batches.newestBase(facts, from)).toBe(before.baseOffset)
  for (const producer of [mixedProducer, ...transactionalProducers]) {
    const first = model.open.get(producer)
    // What was deleted of it is there until its row goes.
    if (first === undefined || first < model.start) continue
    const records = live
      .filter(({ producerId, lastOffset }) => producerId === BigInt(producer) && lastOffset >= first)
      .reduce((sum, { recordCount }) => sum + recordCount, 0)
    expect(workspace.batches.recordsOf(facts, BigInt(producer), first)).toBe(records)
  }
  for (const id of [7n, 8n, 9n]) {
    const ofProducer = live.filter(({ producerId }) => producerId === id).map(({ baseOffset }) => baseOffset)
    ofProducer.reverse()
    for (const limit of [1, 5]) {
      const newest = workspace.batches.ofProducer(facts, id, limit)
      expect(newest.map(({ baseOffset }) => baseOffset)).toEqual(ofProducer.slice(0, limit))
    }
    if (ofProducer.length > 0) expect(workspace.batches.producers(facts)).toContain(id)
  }
  const reaching = workspace.batches.reaching(facts, time)
  expect(reaching?.baseOffset).toBe(live.find((batch) => batch.maxTimestamp >= time)?.baseOffset)
}

/** Another thread sees what is committed and has rows. */
function checkReader(file: string, stored: readonly Model[]): void {
  const reader = new WorkspaceReader(file)
  try {
    const sizes = stored.map((model, number) => {
      const log = reader.partition('orders', number)!
      const live = model.batches.filter((batch) => batch.lastOffset >= model.start)
      const sizeBytes = live.reduce((sum, batch) => sum + batch.bytes.byteLength, 0)
      const maxTimestamp = live.reduce((best, batch) => Math.max(best, Number(batch.maxTimestamp)), -1)
      expect(log).toMatchObject({ logStart: model.start, logEnd: model.end, sizeBytes, maxTimestamp })
      for (const backward of [false, true]) {
        const found = reader.batches(log, { from: 0, before: model.end, maxBytes: 1e9, backward })
        const bytes = live.map((batch) => batch.bytes)
        expect(found.map((batch) => batch.bytes)).toEqual(backward ? bytes.reverse() : bytes)
      }
      const records = live.reduce((sum, { recordCount }) => sum + recordCount, 0)
      expect(reader.count(log, 0, model.end)).toEqual({ records, sizeBytes })
      const markers = live.filter(({ attributes }) => (attributes & control) !== 0).length
      expect(reader.recordsEndingIn(log, model.start, model.end)).toBe(records - markers)
      return sizeBytes
    })
    expect(reader.topics().find(({ name }) => name === 'orders')).toMatchObject({
      sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
    })
  } finally {
    reader.dispose()
  }
}

it('a workspace is what a list of batches is, through roll-backs, reopening and sweeping', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 5, maxLength: 60, size: '+1' }),
    part,
    fc.integer({ min: 1, max: 60_000 }),
    fc.integer({ min: 0, max: 50 }),
    async (steps, part, maxBytes, time) => {
      const folder = mkdtempSync(join(tmpdir(), 'ottla-property-'))
      const clock = new ManualClock(0)
      let deaths = 0
      const open = () => new Workspace({ file: join(folder, `${deaths}.ottla`), clock, log: silentLog })
      let workspace = open()
      try {
        const openLogs = () => Array.from({ length: logs }, (_, number) => workspace.batches.open(orders().id, number)!)
        const orders = () => workspace.topics.list().find(({ name }) => name === 'orders')!
        const other = workspace.write(() => {
          workspace.topics.create('uuid', 'orders', logs, 0)
          return workspace.topics.create('other', 'other', 1, 0).id
        })
        await workspace.committed()
        const empty = (): Model[] =>
          facts.map(() => ({ batches: [], start: 0, end: 0, cleanedUntil: 0, open: new Map() }))
        let facts = openLogs()
        let otherFacts = workspace.batches.open(other, 0)!
        let models = empty()
        let stored = copyOf(models)
        let storedFacts = facts
        let topics = 0
        const isStored = () => {
          if (storedFacts !== facts) for (const log of storedFacts) workspace.batches.close(log)
          storedFacts = facts
          stored = copyOf(models)
        }
        const isTakenBack = () => {
          facts = storedFacts
          models = copyOf(stored)
        }
        const reopen = () => {
          workspace = open()
          facts = openLogs()
          storedFacts = facts
          otherFacts = workspace.batches.open(other, 0)!
        }
        const take = async (one: Step) => {
          switch (one.do) {
            case 'append': {
              const model = models[one.log]!
              const { records, time: maxTimestamp, sizeBytes, producer } = one
              const isTransactional =
                transactionalProducers.includes(producer) ||
                (producer === mixedProducer && (one.transactional || model.open.has(producer)))
              if (isTransactional && !model.open.has(producer)) model.open.set(producer, model.end)
              const attributes = isTransactional ? transactional : 0
              const given = { maxTimestamp, sizeBytes, producerId: BigInt(producer), attributes }
              const batch = sample(model.end, records, given)
              workspace.append(facts[one.log]!, batch)
              model.batches.push(batch)
              model.end += one.records
              break
            }
            case 'delete': {
              const model = models[one.log]!
              const before = Math.floor(model.start + (model.end - model.start) * one.part)
              workspace.write(() => workspace.batches.deleteBefore(facts[one.log]!, before))
              model.start = before
              break
            }
            case 'clean': {
              const model = models[one.log]!
              workspace.write(() => workspace.batches.setCleaned(facts[one.log]!, model.end))
              model.cleanedUntil = model.end
              break
            }
            case 'end': {
              const model = models[one.log]!
              if (!model.open.delete(one.producer)) break
              const marker = sample(model.end, 1, {
                maxTimestamp: 25,
                sizeBytes: 78,
                producerId: BigInt(one.producer),
                attributes: transactional | control,
              })
              workspace.append(facts[one.log]!, marker)
              model.batches.push(marker)
              model.end++
              break
            }
            case 'merge':
              workspace.write(() => workspace.batches.mergeRows(facts[one.log]!, 3))
              break
            case 'compact': {
              const model = models[one.log]!
              const row = workspace.batches.rows(facts[one.log]!, model.start, model.end, 1, 1)[0]
              if (!row) break
              workspace.write(() => workspace.batches.rewrite(facts[one.log]!, [{ row, bytes: null }]))
              model.batches = model.batches.filter(({ baseOffset }) => baseOffset !== row.batch.baseOffset)
              break
            }
            case 'fail':
              expect(() =>
                workspace.write(() => {
                  throw new Error('on purpose')
                }),
              ).toThrow('on purpose')
              await expect(workspace.committed()).rejects.toThrow('on purpose')
              isTakenBack()
              break
            case 'flood': {
              const base = otherFacts.logEnd
              workspace.append(otherFacts, { ...flood, baseOffset: base, lastOffset: base })
              workspace.write(() => workspace.batches.deleteBefore(otherFacts, base + 1))
              break
            }
            case 'replace':
              workspace.write(() => {
                workspace.topics.remove(orders())
                workspace.topics.create(`uuid-${++topics}`, 'orders', logs, 0)
              })
              facts = openLogs()
              models = empty()
              break
            case 'sweep':
              clock.advance(20)
              await workspace.committed()
              isStored()
              break
            case 'move':
              // All that waits is done, large batches get their bytes.
              await workspace.settled()
              clock.advance(2500)
              isStored()
              checkReader(workspace.file, stored)
              break
            case 'reopen':
              await workspace.dispose()
              isStored()
              reopen()
              break
            case 'kill':
              // What the turn did so far is gone with the process.
              copyFiles(workspace.file, join(folder, `${++deaths}.ottla`))
              await workspace.dispose()
              isTakenBack()
              reopen()
              break
            case 'settle':
              await workspace.settled()
              isStored()
              checkReader(workspace.file, stored)
              break
            case 'commit':
              await workspace.committed()
              isStored()
          }
        }
        const takeOnFullDisk = async (one: Step) => {
          workspace.limitFile(pageBytes)
          await take(one).catch((error: unknown) => expect(error).toBeInstanceOf(StorageFailure))
          await workspace.committed().then(isStored, isTakenBack)
          workspace.limitFile(1e12)
        }
        for (const one of steps) {
          await (one.isFull ? takeOnFullDisk(one) : take(one))
          if (!one.isChecked) continue
          for (const [number, model] of models.entries()) {
            const from = Math.floor(model.start + (model.end - model.start) * part)
            check(workspace, facts[number]!, model, from, maxBytes, time)
          }
        }
        await take({ do: 'kill', isChecked: false, isFull: false })
        for (const [number, model] of models.entries()) check(workspace, facts[number]!, model, model.start, 1e9, 25)
      } finally {
        await workspace.dispose()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )
  await fc.assert(property, { numRuns: 30 })
}, 120_000)
