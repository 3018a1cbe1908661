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
      // They take turns in all partitions: one in batches, the other a record at a time.
      const producers = [
        ['a', '5', '0'],
        ['b', '0', '2000'],
      ].map(([name = '', linger = '', perSecond = '']) =>
        startPython('current', join(__dirname, 'clients/produce_steadily.py'), [
          broker.address,
          'crash',
          '3',
          perSecond,
          name,
          linger,
        ]),
      )
      const outputs = producers.map((producer) => outputOf(producer, 'producer'))
      const allAcknowledged = (counts: readonly number[]) =>
        Promise.all(producers.map((producer, i) => acknowledged(producer, counts[i]!)))
      for (let round = 0; round < rounds; round++) {
        await allAcknowledged([2000, 50])
        await broker.kill()
        await broker.startAgain()
      }
      await allAcknowledged([2000, 50])
      for (const producer of producers) producer.kill('SIGTERM')
      const acked = (await Promise.all(outputs)).flatMap((output) =>
        output.split('\n').filter((line) => line.startsWith('acked')),
      )
      const read = await runPython('current', join(__dirname, 'clients/read_all.py'), [broker.address, 'crash', '3'])
      const stored = new Map(
        read
          .trim()
          .split('\n')
          .map((line) => [line.split(' ').slice(0, 2).join(':'), line.split(' ')[2] ?? '']),
      )
      for (const line of acked) {
        const [, partition = '', offset = '', value] = line.split(' ')
        expect(stored.get(`${partition}:${offset}`)).toBe(value)
      }
      // Within a partition the numbers of a producer only grow: nothing twice, nothing out of order.
      const last: Record<string, number> = {}
      for (const [place, value] of stored) {
        const written = `${place.split(':')[0]}${value[0]}`
        const number = Number(value.slice(1))
        expect(number).toBeGreaterThan(last[written] ?? -1)
        last[written] = number
      }
      expect(acked.length).toBeGreaterThan(rounds * 2000)
    },
    180_000,
  )

  itNeeds(
    confluent,
    'keeps each transaction whole, with its offset, and no offset goes back',
    async () => {
      const [topic, group] = ['crash-transactions', 'steady']
      const client = (script: string) => join(__dirname, 'clients', script)
      const committedOffset = async () => {
        const places = await runPython('current', client('committed.py'), [broker.address, topic, group, '1'])
        return Number(places.split(' ')[1])
      }
      const producer = startPython('current', client('transact_steadily.py'), [broker.address, topic, '3', group])
      const output = outputOf(producer, 'producer')
      let told = ''
      producer.stdout!.on('data', (text: string) => (told += text))
      let before = -1
      for (let round = 0; round < 8; round++) {
        await acknowledged(producer, 10 + 7 * round)
        await broker.kill()
        const last = lastCommitted(told)
        await broker.startAgain()
        const offset = await committedOffset()
        expect(offset).toBeGreaterThanOrEqual(Math.max(before, last + 1))
        before = offset
      }
      await acknowledged(producer, 10)
      producer.kill('SIGTERM')
      const outcomes = (await output).trim().split('\n')
      // It ended after its last transaction, so the offset is that of the last one that was committed.
      expect(await committedOffset()).toBe(lastCommitted(outcomes.join('\n')) + 1)
      const counts = new Map<string, number>()
      const read = await runPython('current', client('read_all.py'), [broker.address, topic, '3'])
      for (const line of read.trim().split('\n')) {
        const number = line.split(' ')[2] ?? ''
        counts.set(number, (counts.get(number) ?? 0) + 1)
      }
      const expected = outcomes.filter((line) => line.startsWith('committed')).map((line) => line.split(' ')[1] ?? '')
      expect([...counts.keys()].sort()).toEqual([...expected].sort())
      expect([...new Set(counts.values())]).toEqual([7])
    },
    180_000,
  )
})

/** The number of the last transaction that was told as committed; -1 before the first one. */
function lastCommitted(output: string): number {
  return Number([...output.matchAll(/^committed (\d+)$/gm)].at(-1)?.[1] ?? -1)
}

/** Resolves when the producer has told of so many more acknowledgements. */
async function acknowledged(producer: ReturnType<typeof startPython>, count: number): Promise<void> {
  for (let seen = 0; seen < count; ) {
    const [chunk] = (await once(producer.stdout as NonNullable<typeof producer.stdout>, 'data')) as [string]
    seen += chunk.split('\n').length - 1
  }
}
