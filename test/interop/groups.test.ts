import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsJava, startJava } from '../support/java'
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
let members: ChildProcess[]
beforeEach(async () => {
  broker = await BrokerProcess.start({ args: configs.flatMap((config) => ['--config', config]) })
  members = []
})
afterEach(async () => {
  for (const member of members) member.kill('SIGKILL')
  await broker.dispose()
})

/** What all members of a group did together: records by place, and how often. */
class Work {
  readonly done = new Map<string, number>()
  readonly #heard = new Set<() => void>()

  watch(member: ChildProcess): void {
    createInterface({ input: member.stdout as NonNullable<typeof member.stdout> }).on('line', (line) => {
      const [verb, partition, offset] = line.split(' ')
      if (verb === 'did') this.done.set(`${partition}:${offset}`, (this.done.get(`${partition}:${offset}`) ?? 0) + 1)
      for (const tell of [...this.#heard]) tell()
    })
  }

  /** Resolves when so many different records are done. */
  reached(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.done.size < count) return
        this.#heard.delete(look)
        resolve()
      }
      this.#heard.add(look)
      look()
    })
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
const java =
  (protocol: string): Join =>
  () =>
    startJava(join(clients, 'GroupMember.java'), [broker.address, topic, 'workers', protocol])

const librdkafka = needsPython('current', 'confluent_kafka', '2.11.1')
const kinds: readonly { readonly name: string; readonly join: Join; readonly needs?: Requirement }[] = [
  ...['range', 'roundrobin', 'cooperative-sticky', 'static-range', 'consumer'].map((strategy) => ({
    name: `librdkafka 2.11.1, ${strategy}`,
    join: python('confluent', strategy),
  })),
  { name: 'kafka-python', join: python('kafka', 'range'), needs: needsPython('current', 'kafka') },
  { name: 'aiokafka', join: python('aiokafka', 'roundrobin'), needs: needsPython('current', 'aiokafka') },
  { name: 'kafkajs', join: kafkajs },
  { name: 'Java, classic', join: java('classic'), needs: needsJava() },
  { name: 'Java, consumer', join: java('consumer'), needs: needsJava() },
  {
    name: 'librdkafka and kafka-python in one group',
    join: (instance) =>
      (instance === 'two' || instance === 'four' ? python('kafka', 'range') : python('confluent', 'range'))(instance),
    needs: needsPython('current', 'kafka'),
  },
]

describe('a group whose members come, crash, freeze and leave', () => {
  for (const { name, join: joins, needs = {} } of kinds) {
    itNeeds(
      [needs, librdkafka],
      name,
      async () => {
        const work = new Work()
        const start = async (instance: string) => {
          const member = await joins(instance)
          member.stderr?.resume()
          members.push(member)
          work.watch(member)
          return member
        }
        const producer = startPython('current', join(clients, 'produce_steadily.py'), [
          broker.address,
          topic,
          String(partitions),
          '400',
        ])
        members.push(producer)
        const produced = outputOf(producer, 'producer')
        const first = await start('one')
        await work.reached(100)
        await start('two')
        const third = await start('three')
        await work.reached(500)
        first.kill('SIGKILL')
        await work.reached(900)
        third.kill('SIGSTOP')
        const fourth = await start('four')
        await work.reached(1300)
        third.kill('SIGCONT')
        await work.reached(1700)
        fourth.kill('SIGTERM')
        await once(fourth, 'exit')
        await work.reached(2000)
        producer.kill('SIGTERM')
        const acked = (await produced).split('\n').filter((line) => line.startsWith('acked'))
        await work.reached(acked.length)
        for (const line of acked) {
          const [, partition, offset] = line.split(' ')
          expect(work.done.has(`${partition}:${offset}`)).toBe(true)
        }
        // Those that are left leave: their commits are at the log end.
        for (const member of members) if (member.exitCode === null && member.signalCode === null) member.kill('SIGTERM')
        await Promise.all(
          members.map((member) =>
            member.exitCode === null && member.signalCode === null ? once(member, 'exit') : undefined,
          ),
        )
        const offsets = await runPython('current', join(clients, 'committed.py'), [
          broker.address,
          topic,
          'workers',
          String(partitions),
        ])
        for (const line of offsets.trim().split('\n')) {
          const [, committed, end] = line.split(' ')
          expect(committed).toBe(end)
        }
      },
      150_000,
    )
  }
})
