import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { KafkaClient } from '../../src-main/client/client'
import { defaultSettings } from '../../src-main/client/settings'
import { BrokerProcess } from '../support/broker'
import { takePort } from '../support/ports'
import { StreamsChat } from '../support/streams-chat'

/** Apache Kafka 4.4.0 was recorded with these and a listener for SASL_PLAINTEXT. */
const configs = [
  'group.streams.min.session.timeout.ms=6000',
  'group.streams.session.timeout.ms=6000',
  'group.streams.min.heartbeat.interval.ms=500',
  'group.streams.heartbeat.interval.ms=500',
  'group.streams.initial.rebalance.delay.ms=0',
  'group.streams.assignment.interval.ms=0',
  'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users=User:ANONYMOUS;User:admin',
  'sasl.jaas.config=PlainLoginModule required user_admin="admin-secret" user_alice="alice-secret";',
]
const folder = join(__dirname, 'streams')
const recording = join(folder, 'apache-kafka-4.4.0.txt')
/** `OPEN,SASL`: the listeners of an Apache Kafka whose answers are to be recorded. */
const recorded = process.env.OTTLA_RECORD_STREAMS

function clientOf(address: string, isAlice: boolean): KafkaClient {
  const [host = '', port = ''] = address.split(':')
  const credentials = async () => ({ mechanism: 'PLAIN' as const, user: 'alice', password: 'alice-secret' })
  return new KafkaClient(
    {
      ...defaultSettings,
      clientId: 'chat',
      bootstrap: [{ host, port: Number(port) }],
      sasl: isAlice ? { mechanism: 'PLAIN', credentials } : null,
    },
    { clock: systemClock },
  )
}

async function chat(open: string, secured: string): Promise<string[]> {
  const clients = [clientOf(open, false), clientOf(secured, true)] as const
  try {
    return await new StreamsChat(...clients).run()
  } finally {
    for (const client of clients) client.dispose()
  }
}

/** `name -> answer`, by name. */
function byName(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => line.split(' -> ', 2) as [string, string]))
}

describe('streams groups', () => {
  it.skipIf(recorded)('answer each request as Apache Kafka 4.4 does, field by field', async () => {
    const taken = await takePort()
    await taken.release()
    const secured = `127.0.0.1:${taken.port}`
    const broker = await BrokerProcess.start({
      memory: true,
      args: ['--listener', `sasl_plaintext://${secured}`, ...configs.flatMap((config) => ['--config', config])],
    })
    try {
      const ours = byName(await chat(broker.address, secured))
      const kafkas = byName(readFileSync(recording, 'utf8').trim().split('\n'))
      const accepted = new Set(
        [...readFileSync(join(folder, 'accepted.md'), 'utf8').matchAll(/^- `(.+)`:/gm)].map(([, name]) => name),
      )
      expect([...ours.keys()]).toEqual([...kafkas.keys()])
      const wrong = [...kafkas.keys()].filter((name) => ours.get(name) !== kafkas.get(name) && !accepted.delete(name))
      const said = (by: ReadonlyMap<string, string>) => wrong.map((name) => `${name} -> ${by.get(name)}`)
      expect(said(ours)).toEqual(said(kafkas))
      expect(accepted, 'accepted differences that are none').toEqual(new Set())
    } finally {
      await broker.dispose()
    }
  })

  it.runIf(recorded)('of Apache Kafka 4.4 are recorded', async () => {
    const [open = '', secured = ''] = recorded?.split(',') ?? []
    const lines = await chat(open, secured)
    writeFileSync(recording, `${lines.join('\n')}\n`)
    expect(lines.length).toBeGreaterThan(50)
  })
})
