import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { kafkaStreams, kafkaTools, needsJava, runJava } from '../support/java'
import { takePort } from '../support/ports'
import { itNeeds } from '../support/require'

/*
 * Recorded on Apache Kafka 4.4.0 with, besides the listeners PLAINTEXT and SASL_PLAINTEXT, the settings
 *   authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
 *   super.users=User:ANONYMOUS;User:admin
 *   delegation.token.secret.key=secret-of-tokens
 *   listener.name.sasl_plaintext.plain.sasl.jaas.config=... user_admin="admin-secret" user_alice="alice-secret";
 *   group.initial.rebalance.delay.ms=0
 */
const settings = [
  'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users=User:ANONYMOUS;User:admin',
  'delegation.token.secret.key=secret-of-tokens',
  'sasl.jaas.config=PlainLoginModule required user_admin="admin-secret" user_alice="alice-secret";',
]
const transcripts = [
  ['topics, groups, configs, ACLs', join(__dirname, 'tools/apache-kafka-4.4.0.txt')],
  ['share groups', join(__dirname, 'tools/apache-kafka-4.4.0-share.txt')],
  ['streams groups', join(__dirname, 'tools/apache-kafka-4.4.0-streams.txt')],
] as const

// Each transcript was recorded on a cluster without the groups of the others.
let broker: BrokerProcess
let secured: string
beforeEach(async () => {
  const taken = await takePort()
  await taken.release()
  secured = `127.0.0.1:${taken.port}`
  const configs = settings.flatMap((setting) => ['--config', setting])
  broker = await BrokerProcess.start({ args: ['--listener', `sasl_plaintext://${secured}`, ...configs] })
})
afterEach(() => broker.dispose())

/** Tools whose lines come in the order that they are read, and not in that of a hash table. */
const ordered = /^kafka-(console|get-offsets|producer-perf|consumer-perf|e2e)/

const masks: readonly (readonly [RegExp, string])[] = [
  [/(?<=--command-config )\S+(?=\/)/g, 'FOLDER'],
  [/127\.0\.0\.1[: ]+\d+/g, 'SERVER'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'],
  [/((?:TopicId|ClusterId|Cluster ID|tokenId) ?: +|directoryId": ")[\w-]{22}/g, '$1ID'],
  [/[\w-]{22}(?= +(\/127\.0\.0\.1|ID |streams ))/g, 'ID'],
  [/^1\s+[\w-]{22}\s+\d+/gm, '1 ID POSITION'],
  [/^[\w-]{22}(?= \S{86}== )/gm, 'ID'],
  [/[\w+/]{86}==/g, 'HMAC'],
  [/((?:HighWatermark|Epoch):\s+)\d+/g, '$1POSITION'],
  [/\b1[78]\d{11}\b/g, 'TIME'],
  [/(?<=TIME\s+)\d+/g, 'DURATION'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d(?!:)/g, 'TIME'],
  [/("logDir":|"log_dirs":\[)"\/[^"]+"/g, '$1"DIRECTORY"'],
  // The id of a producer that was made by the way.
  [/(?<=tools-missing\s+1\s+)\d+/g, 'ID'],
  [/DYNAMIC_DEFAULT_BROKER_CONFIG:min\.insync\.replicas=1, /g, ''],
  [/^.*DYNAMIC_DEFAULT_BROKER_CONFIG:min\.insync\.replicas=1.*$/gm, ''],
  [/(?<=Configs: )min\.insync\.replicas=1,?/g, ''],
]

/** The figures of a measurement: how much there was is compared, how fast it went is not. */
function unmeasured(tool: string, line: string): string {
  if (tool === 'kafka-consumer-perf-test') {
    return line
      .split(', ')
      .map((cell, index) => (index === 2 || index === 4 ? cell : cell.replace(/^[\d.: -]+$/, 'N')))
      .join(', ')
  }
  return /^kafka-(producer-perf|e2e)/.test(tool) ? line.replace(/\d+\.\d+|\d+(?= ms)|(?<== )\d+/g, 'N') : line
}

/** Each command of a transcript with what it printed, less what is different every time. */
function answers(transcript: string): Map<string, string> {
  return new Map(
    transcript.split(/^\$ /m).flatMap((part) => {
      const [command = '', ...printed] = part.split('\n')
      const tool = command.split(' ')[0] as string
      if (tool === '' || tool === 'write') return []
      const masked = masks.reduce((text, [pattern, by]) => text.replace(pattern, by), printed.join('\n'))
      const lines = masked
        .split('\n')
        .map((line) => unmeasured(tool, line.replace(/\s+/g, ' ').trim()))
        .map((line) => line.replace(/(?<=Configs: ).+/, (list) => list.split(',').sort().join(',')))
        .filter((line) => line !== '')
      if (!ordered.test(tool)) lines.sort()
      return [[command, lines.join('\n')]]
    }),
  )
}

describe("Kafka's command-line tools", () => {
  for (const [tools, recorded] of transcripts) {
    itNeeds(
      [needsJava()],
      `say on Ottla what they say on Apache Kafka 4.4: ${tools}`,
      async () => {
        const args = [broker.address, secured, broker.folder, recorded]
        const ours = answers(await runJava(join(__dirname, 'clients/ToolChat.java'), args, [kafkaTools, kafkaStreams]))
        const kafkas = answers(readFileSync(recorded, 'utf8'))
        const accepted = readFileSync(join(__dirname, 'tools/accepted.md'), 'utf8').matchAll(/^- `(.+?)`:/gm)
        const differing = new Set([...accepted].map((match) => match[1] ?? '').filter((one) => kafkas.has(one)))
        expect([...ours.keys()]).toEqual([...kafkas.keys()])
        const different = [...kafkas.keys()].filter((command) => ours.get(command) !== kafkas.get(command))
        const wrong = different.filter((command) => !differing.delete(command))
        const said = (by: Map<string, string>) => wrong.map((command) => `$ ${command}\n${by.get(command)}`)
        expect(said(ours)).toEqual(said(kafkas))
        expect(differing, 'accepted differences that are none').toEqual(new Set())
      },
      120_000,
    )
  }
})
