import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { createTopics } from '../../src-main/client/admin/topics'
import { KafkaClient } from '../../src-main/client/client'
import { Connection } from '../../src-main/client/connection'
import { dialTcp } from '../../src-main/client/dial'
import { Producer } from '../../src-main/client/producer'
import { defaultSettings } from '../../src-main/client/settings'
import { encodeRequest } from '../../src-main/protocol/frame'
import { BrokerProcess } from '../support/broker'
import { framed } from '../support/fake-cluster'
import { itNeeds, type Requirement } from '../support/require'

let broker: BrokerProcess
let client: KafkaClient
const sockets: Socket[] = []

beforeAll(async () => {
  broker = await BrokerProcess.start()
  client = new KafkaClient(settings(), { clock: systemClock })
})
afterAll(async () => {
  client?.dispose()
  for (const socket of sockets) socket.destroy()
  await broker.dispose()
})

function settings() {
  return { ...defaultSettings, clientId: 'limits', bootstrap: [{ host: '127.0.0.1', port: broker.port }] }
}

/** A connection of a well-behaved client. */
function open(): Promise<Connection> {
  const target = { host: '127.0.0.1', port: broker.port, nodeId: null }
  return Connection.open(target, { settings: settings(), clock: systemClock, dial: dialTcp })
}

/** A socket for what no client sends. */
async function openSocket(): Promise<Socket> {
  const socket = connect(broker.port, '127.0.0.1')
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

const software = { clientSoftwareName: 'limits', clientSoftwareVersion: '1' }
const isServed = async (connection: Connection) => (await connection.ask('ApiVersions', software)).errorCode === 0

const needsProc: Requirement = existsSync('/proc/self/status') ? {} : { missing: 'no /proc to read memory from' }

function residentMib(): number {
  const status = readFileSync(`/proc/${broker.ready.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}

const record = (value: string) => ({ key: null, value: Buffer.from(value), timestamp: Date.UTC(2026, 0, 1) })

describe('limits', () => {
  it('a thousand topics of ten partitions', async () => {
    for (let at = 0; at < 1000; at += 100) {
      await createTopics(
        client,
        Array.from({ length: 100 }, (_, i) => ({ name: `topic-${at + i}`, partitions: 10, replicationFactor: 1 })),
      )
    }
    const topics = await client.topics(null)
    expect(topics.reduce((sum, { partitions }) => sum + partitions.length, 0)).toBe(10_000)
    expect(await new Producer(client).sendTo('topic-999', 9, [record('x')])).toMatchObject({ baseOffset: 0n })
  })

  itNeeds([needsProc], 'a thousand connections, each of them served, for a fifth of a megabyte each', async () => {
    const before = residentMib()
    const all = await Promise.all(Array.from({ length: 1000 }, open))
    const served = await Promise.all(all.map(isServed))
    expect(served.filter((is) => is)).toHaveLength(1000)
    for (const connection of all) connection.dispose()
    expect(residentMib() - before).toBeLessThan(200)
  })

  it('frames of random bytes close their own connection only', async () => {
    const good = await open()
    for (let round = 0; round < 50; round++) {
      const bad = await openSocket()
      const closed = once(bad, 'close')
      bad.resume()
      const noise = randomBytes(200)
      noise.writeInt32BE(196, 0)
      // An API that is served, so that its body is what cannot be read.
      noise.writeInt16BE(round % 4, 4)
      noise.writeInt16BE(9, 6)
      bad.end(noise)
      await closed
    }
    expect(await isServed(good)).toBe(true)
  })

  it('a client that sends a byte at a time, and one that announces too much, hold nobody up', async () => {
    const slow = await openSocket()
    const frame = framed(Buffer.concat(encodeRequest('ApiVersions', 0, 1, 'slow', {})))
    const answered = once(slow, 'data')
    const greedy = await openSocket()
    const closed = once(greedy, 'close')
    greedy.resume()
    greedy.write(Buffer.from('7fffffff00000000', 'hex'))
    const good = await open()
    for (const byte of frame) {
      slow.write(Buffer.from([byte]))
      expect(await isServed(good)).toBe(true)
    }
    await Promise.all([answered, closed])
  })

  itNeeds([needsProc], 'clients that never read cost no more than their share', async () => {
    const before = residentMib()
    const writer = await open()
    await createTopics(client, [{ name: 'unread', partitions: 1 }])
    await new Producer(client).sendTo(
      'unread',
      0,
      Array.from({ length: 100 }, () => record('x'.repeat(8000))),
    )
    const fetch = framed(
      Buffer.concat(
        encodeRequest('Fetch', 11, 1, 'deaf', {
          replicaId: -1,
          maxWaitMs: 0,
          minBytes: 1,
          maxBytes: 50_000_000,
          isolationLevel: 0,
          sessionId: 0,
          sessionEpoch: -1,
          topics: [{ topic: 'unread', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 50_000_000 }] }],
          forgottenTopicsData: [],
          rackId: '',
        }),
      ),
    )
    for (let i = 0; i < 50; i++) {
      const deaf = await openSocket()
      deaf.pause()
      for (let repeat = 0; repeat < 40; repeat++) deaf.write(fetch)
    }
    // Others are served while fifty wait, and memory does not hold what nobody takes (1.6 GB would be asked for).
    for (let i = 0; i < 200; i++) expect(await isServed(writer)).toBe(true)
    expect(residentMib() - before).toBeLessThan(400)
  })
})
