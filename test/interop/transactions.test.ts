import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsPython, outputOf, runPython, startPython } from '../support/python'
import { itNeeds } from '../support/require'

const clients = join(__dirname, 'clients')
const confluent = [needsPython('current', 'confluent_kafka', '2.11.1')]

let broker: BrokerProcess
beforeEach(async () => {
  broker = await BrokerProcess.start()
})
afterEach(async () => {
  await broker.dispose()
})

describe('exactly once', () => {
  itNeeds(
    confluent,
    'librdkafka 2.11.1 consumes, processes and produces, and dies at each step',
    async () => {
      await runPython('current', join(clients, 'produce_numbers.py'), [broker.address, 'source', '100'])
      for (const crash of ['produced', 'offsets', 'committed']) {
        const copier = startPython('current', join(clients, 'transactions_confluent.py'), [
          broker.address,
          'source',
          'target',
          crash,
        ])
        await expect(outputOf(copier, 'copier')).rejects.toThrow('ended with 9')
        await broker.kill()
        await broker.startAgain()
      }
      await runPython('current', join(clients, 'transactions_confluent.py'), [
        broker.address,
        'source',
        'target',
        'never',
      ])
      const read = await runPython('current', join(clients, 'read_all.py'), [broker.address, 'target', '1'])
      const values = read
        .trim()
        .split('\n')
        .map((line) => Number(line.split(' ')[2]))
      expect(values).toEqual(Array.from({ length: 100 }, (_, i) => i))
    },
    180_000,
  )
})
