import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { ManualClock } from '../../src-main/base/clock'
import { silentLog } from '../../src-main/base/log'
import { readBatches } from '../../src-main/records/batch'
import { type LogFacts, Workspace, WorkspaceReader } from '../../src-main/storage'
import { ChangedLogs } from '../../src-main/storage/changed-logs'
import { RecentBatches, type Run } from '../../src-main/storage/recent'
import { batch } from '../unit/storage/stored-batch'
import { FailingDisk, type Fault, fault } from './failing-disk'

const system = vi.hoisted(
  (): { disk: { writes(): number | undefined; step(): void; fails(of: 'read' | 'cut'): boolean } | undefined } => ({
    disk: undefined,
  }),
)

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const writeSync = (descriptor: number, bytes: Buffer, offset: number, length: number, position: number): number => {
    const part = system.disk?.writes()
    const written = fs.writeSync(descriptor, bytes, offset, Math.min(part ?? length, length), position)
    if (part !== undefined) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    system.disk?.step()
    return written
  }
  const failure = () => Object.assign(new Error('i/o error'), { code: 'EIO' })
  const readSync = (descriptor: number, ...given: [NodeJS.ArrayBufferView, number, number, number]): number => {
    if (system.disk?.fails('read')) throw failure()
    return fs.readSync(descriptor, ...given)
  }
  const ftruncateSync = (descriptor: number, length: number): void => {
    if (system.disk?.fails('cut')) throw failure()
    fs.ftruncateSync(descriptor, length)
    system.disk?.step()
  }
  return { ...fs, writeSync, readSync, ftruncateSync, default: { ...fs, writeSync, readSync, ftruncateSync } }
})

afterEach(() => {
  vi.restoreAllMocks()
  system.disk = undefined
})

const logs = 3
/** A step of the list; those of `commit` end the turn, the others are within one or begin with the turn before them ended. */
type Step =
  | {
      readonly do: 'append'
      readonly log: number
      readonly sizeBytes: number
      readonly attributes: number
      readonly part: number | undefined
    }
  | { readonly do: 'ask' | 'delete'; readonly log: number }
  | { readonly do: 'note' | 'replace' | 'fail' | 'settle' | 'reopen' | 'kill' | 'full' }
  | { readonly do: 'commit' | 'pass'; readonly fault: Fault; readonly steps: number }

const log = fc.nat(logs - 1)
const small = fc.integer({ min: 75, max: 200 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      log,
      sizeBytes: fc.oneof({ weight: 6, arbitrary: small }, fc.integer({ min: 200, max: 17_000 }), {
        weight: 4,
        arbitrary: fc.constantFrom(16_000, 16_000, 20_000),
      }),
      attributes: fc.constantFrom(0, 0, 0x10, 0x30),
      /** So much of a large batch arrives in the batch file before the disk fails. */
      part: fc.option(fc.nat(15_000), { nil: undefined, freq: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('ask' as const, 'delete' as const), log }) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('note', 'note', 'replace', 'fail', 'settle', 'reopen', 'kill', 'full', 'full')
      .map((kind) => ({ do: kind as 'note' })),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('commit' as const, 'commit' as const, 'pass' as const),
      fault,
      steps: fc.integer({ min: -1, max: 5 }),
    }),
  },
)

/** The names of the batches of each log, where it begins, and something that has nothing to do with logs. */
interface State {
  readonly logs: readonly (readonly string[])[]
  readonly starts: readonly number[]
  readonly note: string
  readonly topic: string
}

const topicOf = (of: Workspace) => of.topics.list().at(-1)!
const logsOf = (of: Workspace) => Array.from({ length: logs }, (_, number) => of.batches.open(topicOf(of).id, number)!)
const without = (list: readonly string[], before: number) => list.filter((name) => Number(name.split(':')[0]) >= before)

function namesIn(of: Workspace, log: LogFacts): string[] {
  const { batches } = of.batches.read(log, log.logStart, 1e9, true, log.logEnd)
  return batches.flatMap((piece) =>
    [...readBatches(piece)].map(
      ({ bytes, baseOffset }) => `${baseOffset}:${bytes.subarray(61).toString().split(';')[0]}`,
    ),
  )
}

function stateOf(of: Workspace, its: readonly LogFacts[]): State {
  return {
    logs: its.map((log) => namesIn(of, log)),
    starts: its.map(({ logStart }) => logStart),
    note: (of.documents.get('note', 'one') as string | undefined) ?? '',
    topic: topicOf(of).name,
  }
}

/** What is counted of memory, beside what it is. */
class Counts {
  readonly #changed = new Set<ChangedLogs>()
  readonly #recents = new Map<RecentBatches, Set<Run>>()

  install(): void {
    const [changed, recents] = [this.#changed, this.#recents]
    const { note } = ChangedLogs.prototype
    vi.spyOn(ChangedLogs.prototype, 'note').mockImplementation(function (this: ChangedLogs, log) {
      changed.add(this)
      return note.call(this, log)
    })
    const { add } = RecentBatches.prototype
    vi.spyOn(RecentBatches.prototype, 'add').mockImplementation(function (this: RecentBatches, ...given) {
      const run = add.apply(this, given)
      recents.set(this, (recents.get(this) ?? new Set()).add(run))
      return run
    })
  }

  check(): void {
    for (const one of this.#changed) {
      const runs = [...one.pending].flatMap(({ pending }) => pending)
      const bytes = runs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
      expect([one.pendingRuns, one.pendingBytes]).toEqual([runs.length, bytes])
      expect(runs.filter(({ hasRow }) => hasRow)).toEqual([])
    }
    for (const [recent, runs] of this.#recents) {
      const held = [...runs].filter(({ isHeld }) => isHeld)
      expect(recent.heldBytes).toBe(held.reduce((sum, run) => sum + run.heldBytes + 600, 0))
    }
  }
}

/** A workspace, and what is expected of it. */
class Tried {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ottla-property-'))
  readonly #clock = new ManualClock(0)
  readonly #disk = new FailingDisk(this.#folder)
  readonly #counts = new Counts()
  #workspace: Workspace
  #facts: LogFacts[] = []
  #state: State = { logs: [], starts: [], note: '', topic: '' }
  #stored = this.#state
  #storedFacts = this.#facts
  #named = 0

  constructor() {
    this.#counts.install()
    this.#disk.install()
    system.disk = this.#disk
    this.#workspace = this.#open(join(this.#folder, '0.ottla'))
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'append':
        return this.#try(() => this.#append(step))
      case 'ask':
        return this.#try(() => this.#ask(step.log))
      case 'delete':
        return this.#try(() => this.#delete(step.log))
      case 'note':
        return this.#try(() => {
          const note = `${this.#named++}`
          this.#workspace.write(() => this.#workspace.documents.set('note', 'one', note))
          this.#state = { ...this.#state, note }
        })
      case 'replace':
        return this.#try(() => this.replace())
      case 'fail':
        this.#try(() => this.#workspace.write(fail))
        return this.#end()
      case 'full':
        this.#disk.isFull = !this.#disk.isFull
        return
      case 'settle':
        await this.#end()
        return this.#workspace.settled().then(() => this.#checkReader(), ignored)
      case 'pass': {
        await this.#end()
        this.#disk.prepare(this.#workspace.file, step.fault, step.steps)
        this.#clock.advance(5000)
        const { died } = this.#disk
        await this.#end()
        if (died) expect(await this.#stateIn(died)).toEqual(this.#stored)
        return
      }
      case 'reopen':
        await this.#end()
        await this.#workspace.dispose()
        return this.#reopen(this.#workspace.file)
      case 'kill': {
        // What the turn did so far is gone with the process.
        const file = this.#disk.kill(this.#workspace.file)
        await this.#workspace.dispose()
        return this.#reopen(file)
      }
      case 'commit': {
        const [before, after] = [this.#stored, this.#state]
        this.#disk.prepare(this.#workspace.file, step.fault, step.steps)
        await this.#end()
        if (this.#disk.died) expect([before, after]).toContainEqual(await this.#stateIn(this.#disk.died))
      }
    }
  }

  async finish(): Promise<void> {
    await this.#end()
    expect(await this.#stateIn(this.#disk.kill(this.#workspace.file))).toEqual(this.#stored)
  }

  async dispose(): Promise<void> {
    this.#disk.end()
    await this.#workspace.dispose()
    rmSync(this.#folder, { recursive: true, force: true })
    vi.restoreAllMocks()
  }

  /** Another topic takes the place of the one that is there. */
  replace(): void {
    const topic = `topic-${this.#named++}`
    const { topics } = this.#workspace
    this.#workspace.write(() => {
      const old = topics.list()[0]
      if (old) topics.remove(old)
      topics.create(`uuid of ${topic}`, topic, logs, 0)
    })
    this.#facts = logsOf(this.#workspace)
    this.#state = { ...this.#state, logs: this.#facts.map(() => []), starts: this.#facts.map(() => 0), topic }
  }

  #append({ log, sizeBytes, attributes, part }: Step & { do: 'append' }): void {
    const facts = this.#facts[log]!
    const { logEnd } = facts
    const text = `${this.#named++}`
    const producerId = attributes === 0 ? -1n : 7n
    if (part !== undefined && sizeBytes > 15_360)
      this.#disk.prepare(this.#workspace.file, { of: 'record', part, rollsBack: true }, -1)
    try {
      this.#workspace.append(facts, batch(logEnd, 1, { sizeBytes, attributes, producerId, text: `${text};` }))
    } finally {
      this.#disk.end()
    }
    this.#change(log, (names) => [...names, `${logEnd}:${text}`])
  }

  /** Runs get rows in the middle of the turn. */
  #ask(log: number): void {
    const { logStart, logEnd } = this.#facts[log]!
    const { sizes } = this.#workspace.batches.sizes(this.#facts[log]!, logStart, logEnd, 1e6)
    expect(sizes).toHaveLength(this.#state.logs[log]!.length)
  }

  #delete(log: number): void {
    const facts = this.#facts[log]!
    const before = Math.floor((facts.logStart + facts.logEnd) / 2)
    this.#workspace.write(() => this.#workspace.batches.deleteBefore(facts, before))
    this.#change(log, (names) => without(names, before))
    this.#state = { ...this.#state, starts: this.#state.starts.with(log, before) }
  }

  #change(log: number, to: (names: readonly string[]) => readonly string[]): void {
    this.#state = { ...this.#state, logs: this.#state.logs.with(log, to(this.#state.logs[log]!)) }
  }

  /** What fails has failed its turn, which tells of it. */
  #try(write: () => void): void {
    const turn = this.#workspace.committed()
    try {
      write()
    } catch (error) {
      if (error instanceof Error && error.name === 'AssertionError') throw error
      void turn.catch(ignored)
    }
  }

  /** The turn ends, stored or undone. */
  async #end(): Promise<void> {
    const isStored = await this.#workspace.committed().then(
      () => true,
      () => false,
    )
    if (!this.#disk.end()) {
      // Its transaction may still be open: the next turn fails as well.
      this.#try(() => this.#workspace.write(fail))
      await this.#workspace.committed().catch(ignored)
    }
    if (isStored) {
      if (this.#storedFacts !== this.#facts) for (const log of this.#storedFacts) this.#workspace.batches.close(log)
      this.#stored = this.#state
      this.#storedFacts = this.#facts
    } else {
      this.#state = this.#stored
      this.#facts = this.#storedFacts
    }
    if (this.#facts.length > 0) expect(stateOf(this.#workspace, this.#facts)).toEqual(this.#state)
    this.#counts.check()
  }

  /** What another connection finds. */
  #checkReader(): void {
    const { topic, logs: expected, starts } = this.#stored
    const reader = new WorkspaceReader(this.#workspace.file)
    try {
      for (const [number, of] of expected.entries()) {
        const log = reader.partition(topic, number)!
        const range = { from: starts[number]!, before: Number.MAX_SAFE_INTEGER, maxBytes: 1e9 }
        const found = reader.batches(log, range)
        expect(
          found.map(({ bytes, baseOffset }) => `${baseOffset}:${bytes.subarray(61).toString().split(';')[0]}`),
        ).toEqual(of)
      }
    } finally {
      reader.dispose()
    }
  }

  #reopen(file: string): Promise<void> {
    this.#workspace = this.#open(file)
    this.#state = this.#stored
    this.#facts = logsOf(this.#workspace)
    this.#storedFacts = this.#facts
    return this.#end()
  }

  /** What a workspace has when it is opened; where there is room, its rows have the same. */
  async #stateIn(file: string): Promise<State> {
    const copy = this.#open(file)
    try {
      const its = logsOf(copy)
      const state = stateOf(copy, its)
      for (const [number, log] of this.#disk.isFull ? [] : its.entries()) {
        const { sizes } = copy.batches.sizes(log, log.logStart, log.logEnd, 1e6)
        expect(sizes).toHaveLength(state.logs[number]!.length)
        expect(log.sizeBytes).toBe(sizes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
      }
      return state
    } finally {
      await copy.dispose()
    }
  }

  #open(file: string): Workspace {
    return new Workspace({ file, clock: this.#clock, log: silentLog })
  }
}

function fail(): void {
  throw new Error('on purpose')
}

const ignored = () => {}

it('what is stored is there once and whole, whatever fails and whenever the process dies', async () => {
  const steps = fc.array(step, { minLength: 4, maxLength: 60, size: '+1' })
  const property = fc.asyncProperty(steps, async (all) => {
    const tried = new Tried()
    try {
      tried.replace()
      await tried.take({ do: 'settle' })
      for (const one of all) await tried.take(one)
      await tried.finish()
    } finally {
      await tried.dispose()
    }
  })
  await fc.assert(property, { numRuns: 20 })
}, 120_000)
