import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsJava, runJava } from '../support/java'
import { needsPython, outputOf, runPython } from '../support/python'
import { itNeeds, type Requirement } from '../support/require'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const script = (name: string) => join(__dirname, 'clients', name)
const confluent = needsPython('current', 'confluent_kafka', '2.11.1')

let broker: BrokerProcess
beforeAll(async () => {
  broker = await BrokerProcess.start({ args: ['--config', 'log.cleaner.backoff.ms=200'] })
})
afterAll(async () => {
  const bad = broker.log.split('\n').filter((line) => / (warn|error) /.test(line))
  await broker.dispose()
  expect(bad).toEqual([])
})

/** What is left of a topic for a consumer of committed records: see compacted_write.py. */
const left = [
  `4 kept ${'k'.repeat(300)}`,
  '6 also kept ',
  '7 deleted null',
  `12 committed ${'t'.repeat(200)}`,
  '16 gone end',
  '17 last end',
]

const written = new Map<string, Promise<string>>()

/** A topic that was written with a codec, and compacted. */
async function compacted(codec: string): Promise<string> {
  const topic = `compacted-${codec}`
  const script_ = script('compacted_write.py')
  if (!written.has(codec)) written.set(codec, runPython('current', script_, [broker.address, topic, codec]))
  expect(await written.get(codec)).toBe('ok\n')
  return topic
}

const linesOf = (output: string) => output.trimEnd().split('\n')

describe('a compacted topic is read by every client', () => {
  for (const codec of codecs) {
    for (const client of ['confluent', 'kafka-python', 'aiokafka']) {
      const module =
        client === 'confluent' ? confluent : needsPython('current', client === 'aiokafka' ? client : 'kafka')
      itNeeds([confluent, module], `${client}, ${codec}`, async () => {
        const topic = await compacted(codec)
        const args = [client, broker.address, topic]
        expect(linesOf(await runPython('current', script('compacted_read.py'), args))).toEqual(left)
      })
    }
    // kafkajs has no other codecs of its own.
    for (const client of codec === 'none' || codec === 'gzip' ? ['kafkajs', 'platformatic'] : ['platformatic']) {
      itNeeds([confluent], `${client}, ${codec}`, async () => {
        const topic = await compacted(codec)
        const args = [script('compacted_read.mjs'), client, broker.address, topic]
        expect(linesOf(await outputOf(spawn(process.execPath, args), client))).toEqual(left)
      })
    }
  }

  const ofAll = codecs.flatMap((codec) => left.map((line) => `compacted-${codec} ${line}`))

  itNeeds([confluent, needsJava()], 'Java, every codec', async () => {
    const topics = await Promise.all(codecs.map(compacted))
    expect(linesOf(await runJava(script('CompactedRead.java'), [broker.address, ...topics]))).toEqual(ofAll)
  })

  itNeeds([confluent, needsGo()], 'franz-go, every codec', async () => {
    const topics = await Promise.all(codecs.map(compacted))
    const go = spawn('go', ['run', '.', broker.address, ...topics], { cwd: script('franz-go') })
    expect(linesOf(await outputOf(go, 'franz-go'))).toEqual(ofAll)
  })
})

function needsGo(): Requirement {
  return spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0 ? {} : { missing: 'no go' }
}
