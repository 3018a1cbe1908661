import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsJava, runJava, startJava } from '../support/java'
import { KafkaProxy } from '../support/proxy'
import { needsPython, outputOf, runPython, startPython } from '../support/python'
import { itNeeds } from '../support/require'

const clients = join(__dirname, 'clients')
const confluent = [needsPython('current', 'confluent_kafka', '2.11.1')]
const java = [needsJava(), ...confluent]
const partitions = 3
const count = 120

/** Requests of a transaction that may be lost, or their answers. */
const apiKeys = {
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  Produce: 0,
  AddOffsetsToTxn: 25,
  TxnOffsetCommit: 28,
  EndTxn: 26,
}

/** Members that died are missed soon. */
const configs = {
  'num.partitions': partitions,
  'group.consumer.min.session.timeout.ms': 1000,
  'group.consumer.session.timeout.ms': 3000,
  'group.consumer.min.heartbeat.interval.ms': 500,
  'group.consumer.heartbeat.interval.ms': 1000,
}

let broker: BrokerProcess
let proxy: KafkaProxy
beforeEach(async () => {
  proxy = await KafkaProxy.start(() => broker.port)
  broker = await BrokerProcess.start({
    args: [
      ...Object.entries(configs).flatMap(([key, value]) => ['--config', `${key}=${value}`]),
      '--advertise',
      `127.0.0.1:${proxy.port}`,
    ],
  })
})
afterEach(async () => {
  proxy.dispose()
  await broker.dispose()
})

const address = () => `127.0.0.1:${proxy.port}`
const produceNumbers = (topic: string) =>
  runPython('current', join(clients, 'produce_numbers.py'), [address(), topic, String(count), String(partitions)])
const startConfluent = (crash: string) =>
  startPython('current', join(clients, 'transactions_confluent.py'), [address(), 'source', 'target', crash])

const startJavaCopier = (crash: string) =>
  startJava(join(clients, 'TransactionalCopy.java'), [address(), 'source', 'target', crash, String(count)])

/** The target has each number once, in the partition and the order of the source. */
async function expectCopied(): Promise<void> {
  const read = await runPython('current', join(clients, 'read_all.py'), [address(), 'target', String(partitions)])
  const found = Array.from({ length: partitions }, () => [] as number[])
  for (const line of read.trim().split('\n')) {
    const [partition, , value] = line.split(' ').map(Number)
    found[partition!]!.push(value!)
  }
  const numbers = Array.from({ length: count }, (_, i) => i)
  expect(found).toEqual(found.map((_, partition) => numbers.filter((number) => number % partitions === partition)))
}

const killAndStartAgain = async () => {
  await broker.kill()
  await broker.startAgain()
}

type ApiName = keyof typeof apiKeys

/** Kills the broker under each of these requests of a copier: once before it has it, once when the answer is on its way. */
async function cutsWhile(apis: readonly ApiName[], copier: ChildProcess): Promise<void> {
  const plan = (async () => {
    for (const api of apis) {
      await proxy.cut({ apiKey: apiKeys[api], when: 'asked' }, killAndStartAgain)
      await proxy.cut({ apiKey: apiKeys[api], when: 'answered' }, killAndStartAgain)
    }
  })()
  await outputOf(copier, 'copier')
  await plan
}

describe('exactly once, librdkafka 2.11.1', () => {
  itNeeds(
    confluent,
    'it consumes, processes and produces, and dies at each step, and so does the broker',
    async () => {
      await produceNumbers('source')
      for (const crash of ['init', 'begin', 'produced', 'offsets', 'committed']) {
        await expect(outputOf(startConfluent(crash), 'copier')).rejects.toThrow('ended with 9')
        await killAndStartAgain()
      }
      await outputOf(startConfluent('never'), 'copier')
      await expectCopied()
    },
    120_000,
  )

  itNeeds(
    confluent,
    'the broker is killed under each of its requests: before it has it, and when the answer is on its way',
    async () => {
      await produceNumbers('source')
      await cutsWhile(Object.keys(apiKeys) as ApiName[], startConfluent('never'))
      await expectCopied()
    },
    120_000,
  )

  itNeeds(confluent, 'a transaction that is open for too long is aborted, and its producer fenced', async () => {
    const said = await runPython('current', join(clients, 'timeout_confluent.py'), [address(), 'slow'])
    expect(said.trim().split('\n')).toEqual(['read 1 behind it', 'commit _FENCED fatal', 'committed by another'])
  })
})

/** With transaction version 2: each transaction has an epoch, and partitions join it by themselves. */
describe('exactly once, Java 4.4', () => {
  itNeeds(
    java,
    'it consumes, processes and produces, and dies at each step, and so does the broker',
    async () => {
      await produceNumbers('source')
      for (const crash of ['init', 'begin', 'produced', 'offsets', 'committed']) {
        await expect(outputOf(await startJavaCopier(crash), 'copier')).rejects.toThrow('ended with 9')
        await killAndStartAgain()
      }
      await outputOf(await startJavaCopier('never'), 'copier')
      await expectCopied()
    },
    120_000,
  )

  itNeeds(
    java,
    'the broker is killed under each of its requests: before it has it, and when the answer is on its way',
    async () => {
      await produceNumbers('source')
      const requests = ['InitProducerId', 'Produce', 'TxnOffsetCommit', 'EndTxn'] as const
      await cutsWhile(requests, await startJavaCopier('never'))
      await expectCopied()
    },
    120_000,
  )

  itNeeds(
    java,
    'what is open is described, listed, ended by an administrator, and by time',
    async () => {
      const said = await runJava(join(clients, 'OpenTransactions.java'), [address(), 'open'])
      // Apache Kafka 4.4 says the same.
      expect(said.trim().split('\n')).toEqual([
        'described Ongoing epoch 0 timeout 60000 began true in [open-0]',
        'listed all: [done CompleteCommit, open Ongoing]',
        'listed ongoing: [open Ongoing]',
        'listed of its producer: [open Ongoing]',
        'listed longer than 30 s: []',
        'listed called d.*: [done CompleteCommit]',
        'hanging at 4 epoch 0 sequence 0',
        'abort: done',
        'read done,behind the hanging one',
        'its coordinator commits what is left',
        'read done,behind the hanging one,behind the slow one',
        "the slow one's commit: InvalidTxnStateException",
        'the next one commits',
      ])
    },
    60_000,
  )
})
