/**
 * What long reads and the wire page cost: analysis and latest value per key of many records, how long a producer waits meanwhile, and
 * requests per second with and without a page that watches them. `npm run bench -- reading [--records 1000000] [--keys 100000] [--seconds 5]`
 */
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { Kafka, logLevel, type Producer } from 'kafkajs'
import { WebSocket } from 'ws'
import { systemClock } from '../../src-main/base/clock'
import { createTopics } from '../../src-main/client/admin/topics'
import { KafkaClient } from '../../src-main/client/client'
import { readBootstrap } from '../../src-main/client/config/client-config'
import { Producer as OwnProducer } from '../../src-main/client/producer'
import { defaultSettings } from '../../src-main/client/settings'
import { type Client, connect } from '../../src-main/contract/client'
import { encodeRequest } from '../../src-main/protocol/frame'
import { socketWire } from '../../src-main/wires/web-socket'
import { BrokerProcess } from '../support/broker'
import { ProcessUse } from './measure/process'

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}

const records = option('records', 1_000_000)
const seconds = option('seconds', 5)
const keys = option('keys', 100_000)
const perBatch = 10_000

function tell(name: string, text: string): void {
  process.stdout.write(`${name.padEnd(44)} ${text}\n`)
}

async function opened(broker: BrokerProcess): Promise<{ readonly page: Client; readonly socket: WebSocket }> {
  const url = new URL(broker.ready.ui ?? '')
  const socket = new WebSocket(`ws://${url.host}/wire${url.search}`)
  await new Promise((resolve) => socket.once('open', resolve))
  return { page: connect(socketWire(socket), (run) => run()), socket }
}

/** Large batches of our own client: ten million records are there in a minute. */
async function filled(address: string): Promise<void> {
  const settings = { ...defaultSettings, clientId: 'bench', bootstrap: readBootstrap(address) }
  const client = new KafkaClient(settings, { clock: systemClock })
  await createTopics(client, [{ name: 'many', partitions: 1 }])
  const began = performance.now()
  const producer = new OwnProducer(client)
  for (let first = 0; first < records; first += perBatch) {
    const count = Math.min(perBatch, records - first)
    const timestamp = Date.now()
    const batch = Array.from({ length: count }, (_, i) => ({
      key: Buffer.from(`key-${((first + i) * 7919) % keys}`),
      value: Buffer.from(`{"n":${first + i},"text":"some words of a usual length"}`),
      timestamp,
    }))
    await producer.sendTo('many', 0, batch)
  }
  client.dispose()
  tell(`${records} records written`, `${((performance.now() - began) / 1000).toFixed(1)} s`)
}

/** Runs until `done` is called by a listener; produces meanwhile, and tells how long a producer waited and what the broker's process used. */
async function beside(use: ProcessUse, producer: Producer, read: (done: () => void) => void): Promise<string> {
  const waits: number[] = []
  let isDone = false
  const begun = performance.now()
  use.look()
  read(() => {
    isDone = true
  })
  while (!isDone) {
    const at = performance.now()
    await producer.send({ topic: 'beside', messages: [{ value: 'x' }] })
    waits.push(performance.now() - at)
  }
  const sorted = waits.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1)
  const took = (performance.now() - begun) / 1000
  const { cpuS, peakMib } = use.look()
  return `${took.toFixed(1)} s, CPU ${cpuS} s, at most ${peakMib} MiB; a producer waits ${at(0.5)} ms (p50), ${at(0.99)} ms (p99)`
}

/** Pipelined requests over one connection for a while; how many were answered. */
async function flood(port: number, forSeconds: number): Promise<number> {
  const request = Buffer.concat(encodeRequest('FindCoordinator', 0, 1, 'flood', { key: 'g' }))
  const length = Buffer.alloc(4)
  length.writeInt32BE(request.length)
  const block = Buffer.concat(Array.from({ length: 200 }, () => [length, request]).flat())
  const socket = createConnection(port, '127.0.0.1')
  await once(socket, 'connect')
  const end = performance.now() + forSeconds * 1000
  let answers = 0
  let held = Buffer.alloc(0)
  for (let asked = 0; performance.now() < end; ) {
    if (asked - answers < 400) {
      socket.write(block)
      asked += 200
    }
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    held = Buffer.concat([held, chunk])
    let at = 0
    while (held.length - at >= 4 && held.length - at >= 4 + held.readInt32BE(at)) {
      at += 4 + held.readInt32BE(at)
      answers++
    }
    held = held.subarray(at)
  }
  socket.destroy()
  return answers
}

async function main(): Promise<void> {
  const broker = await BrokerProcess.start({ ui: true })
  await filled(broker.address)
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ allowAutoTopicCreation: true })
  await producer.connect()
  const { page, socket } = await opened(broker)
  const use = new ProcessUse(broker.ready.pid)
  tell('nothing else', await beside(use, producer, (done) => void setTimeout(done, 2000)))
  tell(
    `analysis of ${records} records`,
    await beside(
      use,
      producer,
      (done) => void page.feed('topic.analysis', { topic: 'many' }, { items: () => {}, done }),
    ),
  )
  let found = 0
  const latest = {
    topics: ['many'],
    partitions: null,
    from: 'latest',
    value: null,
    until: null,
    groupId: null,
    // More than there are: it ends by itself.
    limit: keys + 1,
    committed: false,
    find: '',
    script: '',
    conditions: [],
    follow: null,
    after: null,
    columns: [],
  } as const
  tell(
    `latest of ${keys} keys in ${records} records`,
    await beside(
      use,
      producer,
      (done) =>
        void page.feed('messages.search', latest, {
          items: (items) => {
            for (const item of items) if (item.kind === 'rows') found += item.rows.length
          },
          done,
        }),
    ),
  )
  tell('keys found', String(found))
  for (const isWatched of [false, true]) {
    let shown = 0
    let skipped = 0
    const close = isWatched
      ? page.feed('exchanges', null, {
          items: (batches) => {
            for (const batch of batches) {
              shown += batch.lines.length
              skipped += batch.skipped
            }
          },
        })
      : () => {}
    const sent = (await Promise.all([0, 1].map(() => flood(broker.port, seconds)))).reduce((sum, one) => sum + one, 0)
    close()
    const rate = Math.round(sent / seconds)
    tell(
      `requests per second${isWatched ? ', watched' : ''}`,
      isWatched ? `${rate} (${shown} shown, ${skipped} skipped)` : String(rate),
    )
  }
  socket.terminate()
  await producer.disconnect()
  await broker.dispose()
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
})
