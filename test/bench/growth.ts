/**
 * How cost grows: partitions of one produce, connections, consumers, topics, and the size of the workspace. CPU of the broker, which a busy machine changes
 * little. `npm run bench -- growth [--gb 2]`
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ApiName, RequestInput, ResponseOf } from '../../src-main/protocol/api-types'
import { decodeResponse, encodeRequest } from '../../src-main/protocol/frame'
import { FrameReader } from '../../src-main/protocol/frame-reader'
import { encodeBatch } from '../../src-main/records/encode'
import { ProcessUse } from './measure/process'

const root = join(__dirname, '../..')
const flag = process.argv.indexOf('--gb')
const largestBytes = (flag < 0 ? 2 : Number(process.argv[flag + 1])) * 1e9

/** Requests on one connection, one after the other. */
class Client {
  readonly #socket: Socket
  readonly #answers: ((frame: Buffer) => void)[] = []
  #correlationId = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    const reader = new FrameReader(1 << 28, (frame) => this.#answers.shift()?.(Buffer.from(frame)))
    socket.on('data', (chunk) => reader.push(chunk as Buffer))
  }

  static async open(port: number): Promise<Client> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.setNoDelay(true)
    return new Client(socket)
  }

  async ask<N extends ApiName>(api: N, version: number, body: RequestInput<N>): Promise<ResponseOf<N>> {
    const frame = Buffer.concat(encodeRequest(api, version, ++this.#correlationId, 'bench', body))
    const length = Buffer.alloc(4)
    length.writeInt32BE(frame.length)
    const answer = new Promise<Buffer>((resolve) => void this.#answers.push(resolve))
    this.#socket.write(Buffer.concat([length, frame]))
    return decodeResponse(api, version, await answer).body as ResponseOf<N>
  }

  close(): void {
    this.#socket.destroy()
  }
}

interface Running {
  readonly process: ChildProcess
  readonly port: number
  readonly use: ProcessUse
  readonly startMs: number
}

async function startBroker(file: string): Promise<Running> {
  const flags = ['--json', '--port', '0', '--no-ui', '--file', file, '--log-level', 'warn']
  const child = spawn(process.execPath, [join(root, 'out/main/headless.js'), ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { kafka, startupMs } = JSON.parse(line) as { kafka: string[]; startupMs: number }
  const port = Number((kafka[0] as string).replace(/^.*:/, ''))
  return { process: child, port, use: new ProcessUse(child.pid as number), startMs: startupMs }
}

async function stop(broker: Running): Promise<void> {
  broker.process.kill('SIGTERM')
  await once(broker.process, 'exit')
}

async function createTopics(client: Client, names: readonly string[], numPartitions: number): Promise<void> {
  const topics = names.map((name) => ({ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }))
  const answer = await client.ask('CreateTopics', 5, { topics, timeoutMs: 60_000, validateOnly: false })
  const failed = answer.topics.find(({ errorCode }) => errorCode !== 0)
  if (failed) throw new Error(failed.errorMessage ?? 'a topic was not created')
}

function batch(bytes: number): Buffer {
  return encodeBatch([{ key: null, value: Buffer.alloc(bytes, 'x'), timestamp: Date.now() }])
}

async function produce(client: Client, topic: string, partitions: readonly number[], records: Buffer): Promise<void> {
  const { responses } = await client.ask('Produce', 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 30_000,
    topicData: [{ name: topic, partitionData: partitions.map((index) => ({ index, records })) }],
  })
  if (responses.some(({ partitionResponses }) => partitionResponses.some(({ errorCode }) => errorCode !== 0))) {
    throw new Error('a batch was not stored')
  }
}

async function fetch(client: Client, topic: string, offset: number, maxWaitMs = 0): Promise<number> {
  const { responses } = await client.ask('Fetch', 11, {
    replicaId: -1,
    maxWaitMs,
    minBytes: 1,
    maxBytes: 1_000_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic,
        partitions: [
          {
            partition: 0,
            currentLeaderEpoch: -1,
            fetchOffset: BigInt(offset),
            logStartOffset: -1n,
            partitionMaxBytes: 1_000_000,
          },
        ],
      },
    ],
    forgottenTopicsData: [],
    rackId: '',
  })
  return responses[0]?.partitions[0]?.records?.byteLength ?? 0
}

function say(name: string, figures: Readonly<Record<string, number | string>>): void {
  const text = Object.entries(figures).map(([key, value]) => `${key} ${value}`)
  console.log(`${name.padEnd(34)} ${text.join('  ')}`)
}

/** Microseconds of CPU for each of `count`. */
const usEach = (use: ProcessUse, count: number) => Math.round((Number(use.look().cpuS ?? 0) * 1e6) / count)

const counting = (count: number) => Array.from({ length: count }, (_, number) => number)

async function partitions(broker: Running, client: Client): Promise<void> {
  for (const count of [1, 10, 100, 1000]) {
    await createTopics(client, [`wide-${count}`], count)
    const requests = Math.max(20, Math.ceil(20_000 / count))
    await produce(client, `wide-${count}`, counting(count), batch(100))
    broker.use.look()
    for (let i = 0; i < requests; i++) await produce(client, `wide-${count}`, counting(count), batch(100))
    say(`produce to ${count} partitions at once`, { usPerBatch: usEach(broker.use, requests * count) })
  }
}

async function connections(broker: Running): Promise<void> {
  const setup = await Client.open(broker.port)
  await createTopics(setup, ['shared'], 1)
  setup.close()
  for (const count of [1, 10, 100, 1000]) {
    const clients = await Promise.all(counting(count).map(() => Client.open(broker.port)))
    const rounds = Math.max(3, Math.ceil(10_000 / count))
    broker.use.look()
    for (let i = 0; i < rounds; i++) await Promise.all(clients.map((one) => produce(one, 'shared', [0], batch(100))))
    const { cpuS = '0', peakMib = 0 } = broker.use.look()
    for (const one of clients) one.close()
    say(`${count} connections that produce`, {
      usPerRequest: Math.round((Number(cpuS) * 1e6) / rounds / count),
      peakMib,
    })
  }
}

/** Consumers that wait at the end of one partition, each woken by every record. */
async function consumers(broker: Running, client: Client): Promise<void> {
  for (const count of [1, 10, 100, 200]) {
    const topic = `followed-${count}`
    await createTopics(client, [topic], 1)
    const all = await Promise.all(counting(count).map(() => Client.open(broker.port)))
    const records = Math.max(20, Math.ceil(10_000 / count))
    broker.use.look()
    for (let offset = 0; offset < records; offset++) {
      const waiting = all.map((one) => fetch(one, topic, offset, 10_000))
      await produce(client, topic, [0], batch(100))
      await Promise.all(waiting)
    }
    say(`${count} consumers of one partition`, { usPerDelivery: usEach(broker.use, records * count) })
    for (const one of all) one.close()
  }
}

async function topics(folder: string): Promise<void> {
  for (const count of [50, 500, 5000]) {
    const file = join(folder, `topics-${count}.ottla`)
    const broker = await startBroker(file)
    const client = await Client.open(broker.port)
    broker.use.look()
    for (let from = 0; from < count; from += 500) {
      await createTopics(
        client,
        counting(Math.min(500, count - from)).map((n) => `t-${from + n}`),
        2,
      )
    }
    const usPerCreate = usEach(broker.use, count)
    client.close()
    await stop(broker)
    const again = await startBroker(file)
    const second = await Client.open(again.port)
    again.use.look()
    await second.ask('Metadata', 9, { topics: null })
    const usPerTopicOfMetadata = usEach(again.use, count)
    const startMib = again.use.mib('VmRSS')
    say(`${count} topics of 2 partitions`, { usPerCreate, startMs: again.startMs, usPerTopicOfMetadata, mib: startMib })
    second.close()
    await stop(again)
    rmSync(file)
  }
}

/** Microseconds for each of `count` times. */
async function timed(count: number, what: (index: number) => Promise<unknown>): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < count; i++) await what(i)
  return Math.round(((performance.now() - start) * 1000) / count)
}

/** Asks for the first offset of a time, as consumers do that begin at one. */
async function lookUp(client: Client, topic: string, timestamp: number): Promise<void> {
  const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: BigInt(timestamp) }]
  const { topics } = await client.ask('ListOffsets', 7, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: topic, partitions }],
  })
  if (topics[0]?.partitions[0]?.errorCode !== 0) throw new Error('no offset was given')
}

async function sizes(folder: string): Promise<void> {
  const startedAt = Date.now()
  const file = join(folder, 'size.ottla')
  const large = batch(1_000_000)
  let filled = 0
  for (const bytes of [1e6, 1e7, 1e8, 1e9, 1e10].filter((size) => size <= largestBytes).concat(largestBytes)) {
    if (bytes <= filled * 1e6) continue
    const filling = await startBroker(file)
    const filler = await Client.open(filling.port)
    if (filled === 0) await createTopics(filler, ['log'], 1)
    filling.use.look()
    const before = filled
    for (; filled * 1e6 < bytes; filled++) await produce(filler, 'log', [0], large)
    const cpuMsPerMb = Math.round(usEach(filling.use, filled - before) / 100) / 10
    filler.close()
    await stop(filling)
    const broker = await startBroker(file)
    const client = await Client.open(broker.port)
    await fetch(client, 'log', 0)
    const usPerOldFetch = await timed(100, (i) => fetch(client, 'log', (i * 7919) % filled))
    const usPerAppend = await timed(100, () => produce(client, 'log', [0], batch(100)))
    const usPerLookByTime = await timed(100, (i) =>
      lookUp(client, 'log', startedAt + Math.floor(((Date.now() - startedAt) * i) / 100)),
    )
    client.close()
    await stop(broker)
    const fileMib = Math.round(statSync(file).size / 1024 / 1024)
    filled += 100
    say(`a workspace of ${bytes / 1e6} MB`, {
      fileMib,
      cpuMsPerMb,
      startMs: broker.startMs,
      usPerOldFetch,
      usPerAppend,
      usPerLookByTime,
    })
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ottla-bench-'))
  try {
    const broker = await startBroker(join(folder, 'wide.ottla'))
    const client = await Client.open(broker.port)
    await partitions(broker, client)
    await connections(broker)
    await consumers(broker, client)
    client.close()
    await stop(broker)
    await topics(folder)
    await sizes(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
