import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsJava, startJava } from '../support/java'
import { doubleAssignments, journalOf, Ownership } from '../support/ownership'
import { needsPython, outputOf, runPython, startPython } from '../support/python'
import { itNeeds, type Requirement } from '../support/require'

const clients = join(__dirname, 'clients')
const topic = 'work'
const partitions = 6

/** Sessions as short as the classic members have them, so that a frozen one is not waited for long. */
const configs = [
  'num.partitions=6',
  'group.consumer.session.timeout.ms=6000',
  'group.consumer.heartbeat.interval.ms=500',
]

let broker: BrokerProcess
/** All processes of a test but the broker. */
let started: ChildProcess[]
beforeEach(async () => {
  broker = await BrokerProcess.start({ args: configs.flatMap((config) => ['--config', config]) })
  started = []
})
afterEach(async () => {
  for (const process of started) process.kill('SIGKILL')
  await broker.dispose()
})

/** One member, and what is known of it. */
interface Member {
  readonly instance: string
  readonly process: ChildProcess
  done: number
  /** The end of what it said of its errors. */
  complaints: string
  end: string | null
}

/** What all members of a group did together: records by place, and how often. */
class Work {
  readonly done = new Map<string, number>()
  readonly ownership = new Ownership()
  readonly #members = new Map<ChildProcess, Member>()
  readonly #heard = new Set<() => void>()

  async start(joins: Join, instance: string): Promise<ChildProcess> {
    const process = await joins(instance)
    const member: Member = { instance, process, done: 0, complaints: '', end: null }
    this.#members.set(process, member)
    started.push(process)
    process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      member.complaints = (member.complaints + text).slice(-800)
    })
    process.once('exit', (code, signal) => {
      member.end = `ended with ${code ?? signal} at record ${this.done.size}`
    })
    createInterface({ input: process.stdout! }).on('line', (line) => this.#hear(member, line))
    return process
  }

  #hear(member: Member, line: string): void {
    this.ownership.hear(member.instance, line)
    // The last line of a member that is killed may lack its end.
    const [, partition, offset] = /^did (\d+) (\d+)$/.exec(line) ?? []
    if (offset !== undefined) {
      member.done++
      this.done.set(`${partition}:${offset}`, (this.done.get(`${partition}:${offset}`) ?? 0) + 1)
    }
    for (const tell of [...this.#heard]) tell()
  }

  /** Ends a member without its knowledge. */
  signal(member: ChildProcess, signal: 'SIGKILL' | 'SIGSTOP'): void {
    member.kill(signal)
    this.ownership.gone(this.#members.get(member)!.instance)
  }

  /** A member leaves; it must not have ended by itself. */
  async leave(process: ChildProcess): Promise<void> {
    const { instance, end } = this.#members.get(process)!
    if (end !== null) throw new Error(`${instance} should leave, and ${end}`)
    process.kill('SIGTERM')
    await once(process, 'exit')
  }

  /** Those that are left leave. */
  async allLeave(): Promise<void> {
    const left = [...this.#members.values()].filter(({ end }) => end === null)
    await Promise.all(left.map(({ process }) => this.leave(process)))
  }

  /** Resolves when so many different records are done. */
  reached(count: number): Promise<void> {
    return this.#until(() => this.done.size >= count)
  }

  /** Resolves when the record of each line `acked PARTITION OFFSET ...` is done. */
  didAll(acked: readonly string[]): Promise<void> {
    const places = acked.map((line) => line.split(' ').slice(1, 3).join(':'))
    return this.#until(() => places.every((place) => this.done.has(place)))
  }

  /** Resolves when a member has processed a record: it has joined. */
  worked(process: ChildProcess): Promise<void> {
    return this.#until(() => this.#members.get(process)!.done > 0)
  }

  /** Where it stands, for the one who reads why a test failed. */
  toString(): string {
    const members = [...this.#members.values()].map(
      ({ instance, done, complaints, end }) => `${instance}: did ${done}, ${end ?? 'runs'}\n${complaints}`,
    )
    return [`${this.done.size} records are done`, ...members].join('\n')
  }

  #until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return
        this.#heard.delete(look)
        resolve()
      }
      this.#heard.add(look)
      look()
    })
  }
}

/** A producer that goes on until it is told to stop. */
class SteadyProducer {
  readonly #process = startPython('current', join(clients, 'produce_steadily.py'), [
    broker.address,
    topic,
    String(partitions),
    '400',
  ])
  // Looked at when it stops: a test that failed before that has killed it.
  readonly #output = outputOf(this.#process, 'producer').then(
    (text) => ({ text }),
    (error: unknown) => ({ error }),
  )

  constructor() {
    started.push(this.#process)
  }

  /** Its lines `acked PARTITION OFFSET NUMBER`. */
  async stop(): Promise<string[]> {
    this.#process.kill('SIGTERM')
    const output = await this.#output
    if ('error' in output) throw output.error
    return output.text.split('\n').filter((line) => line.startsWith('acked'))
  }
}

/** Starts one member; `instance` is its place among the others. */
type Join = (instance: string) => ChildProcess | Promise<ChildProcess>

const python =
  (library: string, strategy: string): Join =>
  (instance) =>
    startPython('current', join(clients, 'group_member.py'), [
      library,
      broker.address,
      topic,
      'workers',
      strategy,
      instance,
    ])
const kafkajs: Join = () =>
  spawn(process.execPath, [join(clients, 'group_member.cjs'), broker.address, topic, 'workers'])
const platformatic: Join = () =>
  spawn(process.execPath, [join(clients, 'group_member_platformatic.mjs'), broker.address, topic, 'workers'])
const java =
  (protocol: string): Join =>
  () =>
    startJava(join(clients, 'GroupMember.java'), [broker.address, topic, 'workers', protocol])

const librdkafka = needsPython('current', 'confluent_kafka', '2.11.1')
/**
 * `tells`: prints which partitions it has and gives up. `goesBack`: gives its program what it has fetched of a partition that another member has by now,
 * and commits it, behind what that one has committed. Kafka takes such a commit, too: it asks for the member and its generation only.
 */
const kinds: readonly {
  readonly name: string
  readonly join: Join
  readonly needs?: Requirement
  readonly tells?: true
  readonly goesBack?: true
}[] = [
  ...['range', 'roundrobin', 'cooperative-sticky', 'static-range', 'consumer'].map((strategy) => ({
    name: `librdkafka 2.11.1, ${strategy}`,
    join: python('confluent', strategy),
    tells: true as const,
  })),
  { name: 'kafka-python', join: python('kafka', 'range'), needs: needsPython('current', 'kafka') },
  { name: 'aiokafka', join: python('aiokafka', 'roundrobin'), needs: needsPython('current', 'aiokafka') },
  { name: 'kafkajs', join: kafkajs },
  { name: '@platformatic/kafka', join: platformatic, goesBack: true },
  { name: 'Java, classic', join: java('classic'), needs: needsJava(), tells: true },
  { name: 'Java, consumer', join: java('consumer'), needs: needsJava(), tells: true },
  {
    name: 'librdkafka and kafka-python in one group',
    join: (instance) =>
      (instance === 'two' || instance === 'four' ? python('kafka', 'range') : python('confluent', 'range'))(instance),
    needs: needsPython('current', 'kafka'),
  },
]

/** What was done is committed soon after: a rebalance may have let a commit fail, and its record be done again. */
async function expectCommitted(): Promise<void> {
  const places = [broker.address, topic, 'workers', String(partitions)]
  const missing = async () => {
    const offsets = await runPython('current', join(clients, 'committed.py'), places)
    return offsets
      .trim()
      .split('\n')
      .filter((line) => {
        const [, committed, end] = line.split(' ')
        return committed !== end
      })
  }
  await expect.poll(missing, { timeout: 30_000, interval: 500 }).toEqual([])
}

/** Neither by what the consumers said nor by what the coordinator gave them did a partition have two owners at once. */
async function expectOneOwner({ ownership }: Work): Promise<void> {
  expect(ownership.conflicts()).toEqual([])
  await broker.stop()
  const journal = journalOf(broker.file, 'workers')
  expect(journal.filter(({ state }) => state === 'Stable').length).toBeGreaterThan(0)
  expect(doubleAssignments(journal)).toEqual([])
}

describe('a group whose members come, crash, freeze and leave', () => {
  for (const { name, join: joins, needs = {}, tells, goesBack } of kinds) {
    itNeeds(
      [needs, librdkafka],
      name,
      async ({ onTestFailed }) => {
        const work = new Work()
        onTestFailed(() => console.error(String(work)))
        const start = (instance: string) => work.start(joins, instance)
        const producer = new SteadyProducer()
        const first = await start('one')
        await work.reached(100)
        await start('two')
        const third = await start('three')
        await work.reached(500)
        work.signal(first, 'SIGKILL')
        await work.reached(900)
        work.signal(third, 'SIGSTOP')
        const fourth = await start('four')
        await work.reached(1300)
        third.kill('SIGCONT')
        await work.reached(1700)
        await work.worked(fourth)
        await work.leave(fourth)
        await work.reached(2000)
        await work.didAll(await producer.stop())
        if (!goesBack) await expectCommitted()
        await work.allLeave()
        if (tells) expect(work.ownership.spans).toBeGreaterThan(1)
        await expectOneOwner(work)
      },
      150_000,
    )
  }
})

describe('a group that goes over to the consumer protocol, and back', () => {
  for (const [name, classic] of [
    ['librdkafka, cooperative-sticky', () => python('confluent', 'cooperative-sticky')],
    ['librdkafka, range', () => python('confluent', 'range')],
    ['kafka-python', () => python('kafka', 'range')],
  ] as const) {
    itNeeds(
      [librdkafka, needsPython('current', 'kafka')],
      name,
      async ({ onTestFailed }) => {
        const work = new Work()
        onTestFailed(() => console.error(String(work)))
        const modern = python('confluent', 'consumer')
        const producer = new SteadyProducer()
        const oldOne = await work.start(classic(), 'one')
        const oldTwo = await work.start(classic(), 'two')
        await work.reached(300)
        const newOne = await work.start(modern, 'three')
        await work.reached(900)
        await work.leave(oldOne)
        const newTwo = await work.start(modern, 'four')
        await work.reached(1500)
        await work.leave(oldTwo)
        await work.reached(1900)
        // And back again.
        const oldThree = await work.start(classic(), 'five')
        // The group must not be empty when the others leave.
        await work.worked(oldThree)
        await work.reached(2300)
        await work.leave(newOne)
        await work.leave(newTwo)
        await work.reached(2700)
        await work.didAll(await producer.stop())
        await expectCommitted()
        await work.allLeave()
        expect(work.ownership.spans).toBeGreaterThan(1)
        await expectOneOwner(work)
        const kinds = journalOf(broker.file, 'workers').flatMap(({ causes }) => causes.map(({ kind }) => kind))
        expect(kinds.filter((kind) => kind === 'upgraded')).toHaveLength(1)
        expect(kinds.filter((kind) => kind === 'downgraded')).toHaveLength(1)
      },
      150_000,
    )
  }
})
