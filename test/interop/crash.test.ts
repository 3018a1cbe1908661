import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsPython, outputOf, runPython, startPython } from '../support/python'
import { itNeeds } from '../support/require'

const confluent = [needsPython('current', 'confluent_kafka', '2.11.1')]
const rounds = 20

let broker: BrokerProcess
beforeEach(async () => {
  broker = await BrokerProcess.start({ args: ['--config', 'num.partitions=3'] })
})
afterEach(async () => {
  await broker.dispose()
})

describe('a broker that is killed', () => {
  itNeeds(
    confluent,
    `keeps what it acknowledged, once and in order, over ${rounds} rounds`,
    async () => {
      const producer = startPython('current', join(__dirname, 'clients/produce_steadily.py'), [
        broker.address,
        'crash',
        '3',
        '0',
      ])
      const output = outputOf(producer, 'producer')
      for (let round = 0; round < rounds; round++) {
        await acknowledged(producer, 2000)
        await broker.kill()
        await broker.startAgain()
      }
      await acknowledged(producer, 2000)
      producer.kill('SIGTERM')
      const acked = (await output).split('\n').filter((line) => line.startsWith('acked'))
      const read = await runPython('current', join(__dirname, 'clients/read_all.py'), [broker.address, 'crash', '3'])
      const stored = new Map(
        read
          .trim()
          .split('\n')
          .map((line) => [line.split(' ').slice(0, 2).join(':'), line.split(' ')[2]]),
      )
      const last: Record<string, number> = {}
      for (const line of acked) {
        const [, partition = '', offset = '', value] = line.split(' ')
        expect(stored.get(`${partition}:${offset}`)).toBe(value)
      }
      // Within a partition numbers only grow: nothing twice, nothing out of order.
      for (const [place, value] of stored) {
        const partition = place.split(':')[0] as string
        expect(Number(value)).toBeGreaterThan(last[partition] ?? -1)
        last[partition] = Number(value)
      }
      expect(acked.length).toBeGreaterThan(rounds * 2000)
    },
    180_000,
  )
})

/** Resolves when the producer has told of so many more acknowledgements. */
async function acknowledged(producer: ReturnType<typeof startPython>, count: number): Promise<void> {
  for (let seen = 0; seen < count; ) {
    const [chunk] = (await once(producer.stdout as NonNullable<typeof producer.stdout>, 'data')) as [string]
    seen += chunk.split('\n').length - 1
  }
}
