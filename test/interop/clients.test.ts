import { spawn, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { kafkaClients, needsJava, runJava } from '../support/java'
import { needsPython, outputOf, runPython } from '../support/python'
import { itNeeds, type Requirement } from '../support/require'

const clients = join(__dirname, 'clients')
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const confluent = [needsPython('current', 'confluent_kafka', '2.11.1')]

let broker: BrokerProcess
beforeAll(async () => {
  broker = await BrokerProcess.start({ args: ['--config', 'message.max.bytes=2000000'] })
})
afterAll(async () => {
  // Nothing that a client sent was beyond us, and no connection was closed for what it sent.
  const bad = broker.log.split('\n').filter((line) => / (warn|error) /.test(line))
  await broker.dispose()
  expect(bad).toEqual([])
})

const script = (name: string) => join(clients, name)

describe('what a client writes it reads again', () => {
  describe('librdkafka 2.11.1', () => {
    for (const codec of codecs) {
      itNeeds(confluent, codec, async () => {
        expect(
          await runPython('current', script('roundtrip_confluent.py'), [broker.address, `rd-${codec}`, codec, 'all']),
        ).toBe('ok 61\n')
      })
    }
    for (const mode of ['idempotent', 'acks0', 'acks1']) {
      itNeeds(confluent, mode, async () => {
        expect(
          await runPython('current', script('roundtrip_confluent.py'), [broker.address, `rd-${mode}`, 'lz4', mode]),
        ).toBe('ok 61\n')
      })
    }
  })

  describe('kafka-python', () => {
    for (const codec of codecs) {
      itNeeds([needsPython('current', 'kafka')], `current, ${codec}`, async () => {
        expect(
          await runPython('current', script('roundtrip_kafka_python.py'), [broker.address, `kp-${codec}`, codec, '']),
        ).toBe('ok 61\n')
      })
    }
    // Its zstd needs a module that no Python of today has.
    for (const codec of codecs.filter((name) => name !== 'zstd')) {
      itNeeds([needsPython('old', 'kafka', '2.0.2')], `2.0.2, ${codec}`, async () => {
        expect(
          await runPython('old', script('roundtrip_kafka_python.py'), [broker.address, `kpo-${codec}`, codec, '']),
        ).toBe('ok 61\n')
      })
    }
  })

  describe('aiokafka', () => {
    for (const codec of codecs) {
      itNeeds([needsPython('current', 'aiokafka')], codec, async () => {
        const mode = codec === 'none' ? 'idempotent' : ''
        expect(
          await runPython('current', script('roundtrip_aiokafka.py'), [broker.address, `aio-${codec}`, codec, mode]),
        ).toBe('ok 61\n')
      })
    }
  })

  describe('Node clients', () => {
    const node = (name: string, args: readonly string[]) =>
      outputOf(
        spawn(process.execPath, [script(name), broker.address, ...args], { stdio: ['pipe', 'pipe', 'pipe'] }),
        name,
      )
    for (const codec of ['none', 'gzip']) {
      itNeeds([], `kafkajs, ${codec}`, async () => {
        expect(await node('roundtrip_kafkajs.cjs', [`js-${codec}`, codec])).toBe('ok 61\n')
      })
    }
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
      itNeeds([needsNewNode()], `@platformatic/kafka, ${codec}`, async () => {
        expect(await node('roundtrip_platformatic.mjs', [`pl-${codec}`, codec])).toBe('ok 61\n')
      })
    }
  })

  itNeeds([needsJava()], `Java, ${kafkaClients}, every codec`, async () => {
    expect(await runJava(script('RoundTrip.java'), [broker.address, 'java'])).toContain('ok 5')
  })

  describe('kcat', () => {
    for (const codec of codecs) {
      itNeeds([needsKcat()], codec, async () => {
        const lines = `${Array.from({ length: 500 }, (_, i) => `line ${i}`).join('\n')}\n`
        const topic = `kcat-${codec}`
        await outputOf(spawn('kcat', ['-b', broker.address, '-P', '-t', topic, '-z', codec]), 'kcat -P', lines)
        expect(await outputOf(spawn('kcat', ['-b', broker.address, '-C', '-t', topic, '-e', '-q']), 'kcat -C')).toBe(
          lines,
        )
      })
    }
  })
})

function needsKcat(): Requirement {
  return spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0 ? {} : { missing: 'no kcat' }
}

/** @platformatic/kafka runs on the newest Node only. */
function needsNewNode(): Requirement {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 22) return { missing: `Node ${process.versions.node}` }
  return createRequire(__filename).resolve('@platformatic/kafka') ? {} : { missing: 'no @platformatic/kafka' }
}
