import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { KafkaProxy } from '../support/proxy'
import { needsPython, outputOf, runPython, startPython } from '../support/python'
import { itNeeds } from '../support/require'

const clients = join(__dirname, 'clients')
const confluent = [needsPython('current', 'confluent_kafka', '2.11.1')]
const partitions = 3
const count = 120

/** Requests of a transaction that may be lost, or their answers. */
const stepsOfLibrdkafka = {
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  Produce: 0,
  AddOffsetsToTxn: 25,
  TxnOffsetCommit: 28,
  EndTxn: 26,
}

let broker: BrokerProcess
let proxy: KafkaProxy
beforeEach(async () => {
  proxy = await KafkaProxy.start(() => broker.port)
  broker = await BrokerProcess.start({
    args: ['--config', `num.partitions=${partitions}`, '--advertise', `127.0.0.1:${proxy.port}`],
  })
})
afterEach(async () => {
  proxy.dispose()
  await broker.dispose()
})

const address = () => `127.0.0.1:${proxy.port}`
const produceNumbers = (topic: string) =>
  runPython('current', join(clients, 'produce_numbers.py'), [address(), topic, String(count), String(partitions)])
const startCopier = (crash: string) =>
  startPython('current', join(clients, 'transactions_confluent.py'), [address(), 'source', 'target', crash])

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

describe('exactly once, librdkafka 2.11.1', () => {
  itNeeds(
    confluent,
    'it consumes, processes and produces, and dies at each step, and so does the broker',
    async () => {
      await produceNumbers('source')
      for (const crash of ['init', 'begin', 'produced', 'offsets', 'committed']) {
        await expect(outputOf(startCopier(crash), 'copier')).rejects.toThrow('ended with 9')
        await killAndStartAgain()
      }
      await outputOf(startCopier('never'), 'copier')
      await expectCopied()
    },
    120_000,
  )

  itNeeds(
    confluent,
    'the broker is killed under each of its requests: before it has it, and when the answer is on its way',
    async () => {
      await produceNumbers('source')
      const cuts = Object.values(stepsOfLibrdkafka).flatMap((apiKey) => [
        { apiKey, when: 'asked' as const },
        { apiKey, when: 'answered' as const },
      ])
      let reached = 0
      const plan = (async () => {
        for (const cut of cuts) {
          await proxy.cut(cut, killAndStartAgain)
          reached++
        }
      })()
      await outputOf(startCopier('never'), 'copier')
      await plan
      expect(reached).toBe(cuts.length)
      await expectCopied()
    },
    120_000,
  )

  itNeeds(confluent, 'a transaction that is open for too long is aborted, and its producer fenced', async () => {
    const said = await runPython('current', join(clients, 'timeout_confluent.py'), [address(), 'slow'])
    expect(said.trim().split('\n')).toEqual(['read 1 behind it', 'commit _FENCED fatal', 'committed by another'])
  })
})
