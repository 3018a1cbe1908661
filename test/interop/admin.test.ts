import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsOpenssl } from '../support/certificates'
import { needsJava, runJava } from '../support/java'
import { needsPython, runPython } from '../support/python'
import { itNeeds } from '../support/require'
import { SecuredBroker } from '../support/secured-broker'

let broker: BrokerProcess
beforeAll(async () => {
  broker = await BrokerProcess.start()
})
afterAll(() => broker.dispose())

/** `name -> answer`, by name. What is different every time is left out. */
function chat(text: string): Map<string, string> {
  const same = text
    .replace(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    // The secured cluster had been upgraded to level 2 before it was recorded; a new one has 1.
    .replace(/(?<=share\.version=FinalizedVersionRange)\[.+?\]/g, '[LEVEL]')
    .replace(/directoryId=[\w-]{22}\)\]/g, 'directoryId=ID)]')
    // Kafka lists what it was started with and does not know by these names; here it is `sasl.jaas.config` for every listener.
    .replace(/(listener\.name\.[\w.-]+|super\.users)\/[\w/]+, /g, '')
  return new Map(
    same
      .trim()
      .split('\n')
      .map((line) => {
        const at = line.indexOf(' -> ')
        return [line.slice(0, at), line.slice(at + 4)]
      }),
  )
}

/** Compares each call with what was recorded. The accepted ones must differ: a difference that is gone goes from the list. */
async function compare(recording: string, args: readonly string[]): Promise<void> {
  const ours = chat(await runJava(join(__dirname, 'clients/AdminChat.java'), args))
  const kafkas = chat(readFileSync(join(__dirname, 'admin', recording), 'utf8'))
  const accepted = new Set(
    [...readFileSync(join(__dirname, 'admin/accepted.md'), 'utf8').matchAll(/^- `(.+?)`:/gm)].map((match) => match[1]),
  )
  expect([...ours.keys()]).toEqual([...kafkas.keys()])
  const different = [...kafkas.keys()].filter((name) => ours.get(name) !== kafkas.get(name))
  const wrong = different.filter((name) => !accepted.delete(name))
  const said = (by: Map<string, string>) => wrong.map((name) => `${name} -> ${by.get(name)}`)
  expect(said(ours)).toEqual(said(kafkas))
  expect(accepted, 'accepted differences that are none').toEqual(new Set())
}

describe('the AdminClient of Java', () => {
  itNeeds(
    [needsJava()],
    'hears from Ottla what it hears from Apache Kafka 4.4, in every call',
    () => compare('apache-kafka-4.4.0.txt', [broker.address]),
    120_000,
  )

  // Recorded as errors.test.ts says, as the super user admin.
  itNeeds(
    [needsJava(), needsOpenssl()],
    'hears the same where there are users, an authorizer and delegation tokens',
    async () => {
      const secured = await SecuredBroker.start()
      try {
        await compare('apache-kafka-4.4.0-secured.txt', [secured.addresses.sasl_plaintext, 'admin'])
      } finally {
        await secured.dispose()
      }
    },
    120_000,
  )
})

describe('the AdminClient of confluent-kafka', () => {
  // Recorded as tools.test.ts says, by the open listener.
  itNeeds(
    [needsPython('current', 'confluent_kafka', '2.11.1'), needsOpenssl()],
    'hears the same, in every call',
    async () => {
      const secured = await SecuredBroker.start()
      try {
        const ours = await runPython('current', join(__dirname, 'clients/admin_confluent.py'), [
          secured.addresses.plaintext,
        ])
        const kafkas = readFileSync(join(__dirname, 'admin/confluent-apache-kafka-4.4.0.txt'), 'utf8')
        expect(ours.split('\n')).toEqual(kafkas.split('\n'))
      } finally {
        await secured.dispose()
      }
    },
  )
})
