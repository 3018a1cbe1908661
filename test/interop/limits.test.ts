import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiName, RequestInput, ResponseOf } from '../../src-main/protocol/api-types'
import { decodeResponse, encodeRequest } from '../../src-main/protocol/frame'
import { BrokerProcess } from '../support/broker'
import { batchOf } from '../support/core'
import { itNeeds, type Requirement } from '../support/require'

let broker: BrokerProcess
const sockets: Socket[] = []

beforeAll(async () => {
  broker = await BrokerProcess.start()
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await broker.dispose()
})

async function open(): Promise<Socket> {
  const socket = connect(broker.port, '127.0.0.1')
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

function framed(chunks: readonly Uint8Array[]): Buffer {
  const frame = Buffer.concat(chunks)
  const length = Buffer.alloc(4)
  length.writeInt32BE(frame.length)
  return Buffer.concat([length, frame])
}

/** One request on a socket that has no other under way. */
async function ask<N extends ApiName>(
  socket: Socket,
  api: N,
  version: number,
  body: RequestInput<N>,
): Promise<ResponseOf<N>> {
  socket.write(framed(encodeRequest(api, version, 1, 'limits', body)))
  let held = Buffer.alloc(0)
  while (held.length < 4 || held.length < 4 + held.readInt32BE(0)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    held = Buffer.concat([held, chunk])
  }
  return decodeResponse(api, version, held.subarray(4)).body
}

const needsProc: Requirement = existsSync('/proc/self/status') ? {} : { missing: 'no /proc to read memory from' }

function residentMib(): number {
  const status = readFileSync(`/proc/${broker.ready.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}

const produce = (socket: Socket, topic: string, records: Uint8Array, index = 0) =>
  ask(socket, 'Produce', 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: topic, partitionData: [{ index, records }] }],
  })

describe('limits', () => {
  it('a thousand topics of ten partitions', async () => {
    const socket = await open()
    for (let at = 0; at < 1000; at += 100) {
      const { topics } = await ask(socket, 'CreateTopics', 5, {
        topics: Array.from({ length: 100 }, (_, i) => ({
          name: `topic-${at + i}`,
          numPartitions: 10,
          replicationFactor: 1,
          assignments: [],
          configs: [],
        })),
        timeoutMs: 10_000,
        validateOnly: false,
      })
      expect(topics.filter(({ errorCode }) => errorCode !== 0)).toEqual([])
    }
    const { topics } = await ask(socket, 'Metadata', 8, { topics: null } as never)
    expect(topics.reduce((sum, { partitions }) => sum + partitions.length, 0)).toBe(10_000)
    expect((await produce(socket, 'topic-999', batchOf(['x']), 9)).responses[0]?.partitionResponses[0]?.errorCode).toBe(
      0,
    )
  })

  itNeeds([needsProc], 'a thousand connections, each of them served, for a fifth of a megabyte each', async () => {
    const before = residentMib()
    const all = await Promise.all(Array.from({ length: 1000 }, open))
    const answers = await Promise.all(all.map((socket) => ask(socket, 'ApiVersions', 0, {} as never)))
    expect(answers.filter(({ errorCode }) => errorCode === 0)).toHaveLength(1000)
    for (const socket of all) socket.destroy()
    expect(residentMib() - before).toBeLessThan(200)
  })

  it('frames of random bytes close their own connection only', async () => {
    const good = await open()
    for (let round = 0; round < 50; round++) {
      const bad = await open()
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
    expect((await ask(good, 'ApiVersions', 0, {} as never)).errorCode).toBe(0)
  })

  it('a client that sends a byte at a time, and one that announces too much, hold nobody up', async () => {
    const slow = await open()
    const frame = framed(encodeRequest('ApiVersions', 0, 1, 'slow', {} as never))
    const answered = once(slow, 'data')
    const greedy = await open()
    const closed = once(greedy, 'close')
    greedy.resume()
    greedy.write(Buffer.from('7fffffff00000000', 'hex'))
    const good = await open()
    for (const byte of frame) {
      slow.write(Buffer.from([byte]))
      expect((await ask(good, 'ApiVersions', 0, {} as never)).errorCode).toBe(0)
    }
    await Promise.all([answered, closed])
  })

  itNeeds([needsProc], 'clients that never read cost no more than their share', async () => {
    const before = residentMib()
    const writer = await open()
    await produce(writer, 'unread', batchOf(Array.from({ length: 100 }, () => 'x'.repeat(8000))))
    const fetch = framed(
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
      } as never),
    )
    for (let client = 0; client < 50; client++) {
      const deaf = await open()
      deaf.pause()
      for (let i = 0; i < 40; i++) deaf.write(fetch)
    }
    // Others are served while fifty wait, and memory does not hold what nobody takes (1.6 GB would be asked for).
    for (let i = 0; i < 200; i++) expect((await ask(writer, 'ApiVersions', 0, {} as never)).errorCode).toBe(0)
    expect(residentMib() - before).toBeLessThan(400)
  })
})
