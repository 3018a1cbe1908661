import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Kafka, logLevel } from 'kafkajs'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsJava, startJava } from '../support/java'
import { itNeeds } from '../support/require'

const source = join(__dirname, 'clients/WordCount.java')
const words = ['tea', 'milk', 'bread', 'jam', 'honey', 'salt', 'rice', 'oil']

let broker: BrokerProcess
let apps: ChildProcess[]
beforeEach(async () => {
  broker = await BrokerProcess.start()
  apps = []
})
afterEach(async () => {
  for (const app of apps) app.kill('SIGKILL')
  await broker.dispose()
})

async function startApp(): Promise<ChildProcess> {
  const app = await startJava(
    source,
    [broker.address, join(broker.folder, 'state')],
    ['org.apache.kafka:kafka-streams:4.4.0'],
  )
  app.stderr?.resume()
  apps.push(app)
  const lines = createInterface({ input: app.stdout as NonNullable<typeof app.stdout> })
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => line === 'state RUNNING' && resolve())
    app.once('exit', (code) => reject(new Error(`the application ended with ${code}`)))
  })
  return app
}

describe('Kafka Streams, exactly_once_v2', () => {
  itNeeds(
    [needsJava()],
    'counts words exactly, though it is killed and started again',
    async () => {
      const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
      const admin = kafka.admin()
      await admin.connect()
      await admin.createTopics({
        topics: [
          { topic: 'lines', numPartitions: 3 },
          { topic: 'counts', numPartitions: 1 },
        ],
      })
      await admin.disconnect()
      const producer = kafka.producer()
      await producer.connect()
      const expected = new Map<string, number>()
      let sent = 0
      const send = async (lines: number) => {
        const messages = Array.from({ length: lines }, () => {
          const line = [words[sent % 8], words[(sent * 3) % 8], words[(sent * 5 + 1) % 8]] as string[]
          sent++
          for (const word of line) expected.set(word, (expected.get(word) ?? 0) + 1)
          return { partition: sent % 3, value: line.join(' ') }
        })
        await producer.send({ topic: 'lines', messages })
      }
      const counts = new Map<string, number>()
      const backward: string[] = []
      const consumer = kafka.consumer({ groupId: 'check', readUncommitted: false })
      await consumer.connect()
      await consumer.subscribe({ topic: 'counts', fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ message }) => {
          const word = String(message.key)
          const count = Number(message.value?.readBigInt64BE())
          // A count that is not larger than the one before it was lost, or counted twice.
          if (count <= (counts.get(word) ?? 0)) backward.push(`${word} ${counts.get(word)} ${count}`)
          counts.set(word, count)
        },
      })
      const total = () => [...counts.values()].reduce((sum, count) => sum + count, 0)
      for (let round = 0; round < 3; round++) {
        const app = await startApp()
        for (let i = 0; i < 20; i++) await send(50)
        const before = round * 3000
        await expect.poll(total, { timeout: 60_000 }).toBeGreaterThan(before + 300)
        if (round === 2) break
        app.kill('SIGKILL')
        await once(app, 'exit')
      }
      await expect.poll(() => Object.fromEntries(counts), { timeout: 60_000 }).toEqual(Object.fromEntries(expected))
      expect(backward).toEqual([])
      await consumer.disconnect()
      await producer.disconnect()
    },
    170_000,
  )
})
