import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zeroUuid } from '../../src-main/base/uuid'
import { BrokerProcess } from '../support/broker'
import { takePort } from '../support/ports'
import { administration } from './share/administration'
import { deliveries } from './share/deliveries'
import { groups } from './share/groups'
import { logs } from './share/log'
import { type Addresses, Admin, Play, settled } from './share/play'
import { sessions } from './share/sessions'

/*
 * Recorded on Apache Kafka 4.4.0 with share.version 2, the settings below, and the listeners PLAINTEXT and SASL_PLAINTEXT (as tools.test.ts says).
 * OTTLA_RECORD_FROM=HOST:PORT,HOST:PORT (open, secured) writes the file again.
 */
const file = join(__dirname, 'share/apache-kafka-4.4.0.txt')
const settings = [
  'group.share.max.size=3',
  'group.share.max.share.sessions=5',
  'group.share.min.record.lock.duration.ms=1000',
  'group.share.min.heartbeat.interval.ms=500',
  'group.share.min.session.timeout.ms=1000',
  'group.share.assignment.interval.ms=0',
  'log.cleaner.backoff.ms=100',
  'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users=User:ANONYMOUS',
  'sasl.jaas.config=PlainLoginModule required user_alice="alice-secret";',
]

const scenarios = Object.entries({ ...sessions, ...deliveries, ...logs, ...groups, ...administration })

const recordFrom = process.env.OTTLA_RECORD_FROM?.split(',')
const only = process.env.OTTLA_ONLY
let broker: BrokerProcess | undefined
let addresses: Addresses
const recording = new Map<string, string[]>()

beforeAll(async () => {
  if (recordFrom) {
    addresses = { open: recordFrom[0] ?? '', secured: recordFrom[1] ?? '' }
  } else {
    const taken = await takePort()
    await taken.release()
    const secured = `127.0.0.1:${taken.port}`
    const args = ['--listener', `sasl_plaintext://${secured}`, ...settings.flatMap((one) => ['--config', one])]
    broker = await BrokerProcess.start({ args, memory: true })
    addresses = { open: broker.address, secured }
  }
  const play = new Play(addresses)
  const admin = await Admin.of(play)
  await admin.connection.ask('UpdateFeatures', {
    featureUpdates: [{ feature: 'share.version', maxVersionLevel: 2, upgradeType: 1 }],
    validateOnly: false,
    timeoutMs: 30_000,
  })
  // Kafka makes its internal topics when a coordinator is looked for, and the state of share-partitions for the first group.
  for (const [keyType, key] of [
    [0, 'warm'],
    [2, `warm:${zeroUuid}:0`],
  ] as const) {
    const ask = () => admin.connection.ask('FindCoordinator', { keyType, coordinatorKeys: [key] })
    await settled(ask, ({ coordinators: [one] }) => one?.errorCode === 0)
  }
  await admin.create('warm')
  await admin.begin('warm', 'warm')
  play.dispose()
})
afterAll(async () => {
  if (recordFrom) {
    const all = new Map([...recorded(), ...recording])
    writeFileSync(file, [...all].map(([name, some]) => [`# ${name}`, ...some, ''].join('\n')).join('\n'))
  }
  await broker?.dispose()
})

/** The lines of each scenario. */
function recorded(): Map<string, string[]> {
  const parts = readFileSync(file, 'utf8').split(/^# /m).slice(1)
  return new Map(
    parts.map((part) => {
      const [name = '', ...lines] = part.split('\n')
      return [name, lines.filter((line) => line !== '')]
    }),
  )
}

async function lines(play: Play, scenario: (play: Play) => Promise<void>): Promise<string[]> {
  try {
    await scenario(play)
    return play.lines
  } finally {
    play.dispose()
  }
}

/** Lines that are accepted to differ, as `scenario: what`. */
function accepted(): Set<string> {
  const text = readFileSync(join(__dirname, 'share/accepted.md'), 'utf8')
  return new Set([...text.matchAll(/^- `(.+?)`:/gm)].map(([, name = '']) => name))
}

describe('a share group does what one of Apache Kafka 4.4 does', () => {
  for (const [name, scenario] of scenarios) {
    it.skipIf(only !== undefined && !name.includes(only))(name, async () => {
      const ours = await lines(new Play(addresses), scenario)
      if (recordFrom) {
        recording.set(name, ours)
        return
      }
      const known = accepted()
      const whatOf = (line: string) => `${name}: ${line.slice(0, line.indexOf(' -> '))}`
      const kafkas = recorded().get(name) ?? []
      const isHeld = (line: string) => !known.has(whatOf(line))
      expect(ours.filter(isHeld)).toEqual(kafkas.filter(isHeld))
      const unneeded = kafkas.filter((line) => !isHeld(line) && ours.includes(line))
      expect(unneeded, 'accepted differences that are none').toEqual([])
    })
  }
})
