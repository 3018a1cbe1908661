import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { heldBytes } from '../../../src-main/base/held-bytes'
import { silentLog } from '../../../src-main/base/log'
import { zeroUuid } from '../../../src-main/base/uuid'
import type { ApiName, RequestInput, ResponseOf } from '../../../src-main/protocol/api-types'
import { decodeResponse, encodeRequest } from '../../../src-main/protocol/frame'
import { FrameReader } from '../../../src-main/protocol/frame-reader'
import { checkBatch, readBatch, readBatches } from '../../../src-main/records/batch'
import { encodeBatch } from '../../../src-main/records/encode'
import { defaultLimits } from '../../../src-main/server/limits'
import { Server } from '../../../src-main/server/server'
import { TestBroker } from '../../support/core'

const megabyte = 1_000_000
const batches = 60
/** Requests that a producer sends before it waits for an answer. */
const inFlight = 5
/** What `storage/batches.ts` holds of the newest batches, and what else may be there for a moment: requests, and chunks of a socket. */
const mostBytes = 16 * 1024 * 1024 + 3 * inFlight * megabyte

let broker: TestBroker
let server: Server
let socket: Socket
let heldBefore: number
let answers: Buffer[]
let largestHeld: number

beforeEach(async () => {
  heldBefore = heldBytes()
  broker = new TestBroker()
  await broker.client().create('t', 1)
  server = new Server({ broker: broker.broker, limits: defaultLimits, clock: broker.clock, log: silentLog })
  const { addresses } = await server.listen({
    name: 'PLAINTEXT',
    securityProtocol: 'PLAINTEXT',
    hosts: ['127.0.0.1'],
    port: 0,
  })
  socket = connect(addresses[0]?.port ?? 0, '127.0.0.1')
  await once(socket, 'connect')
  answers = []
  largestHeld = 0
  const reader = new FrameReader(16 * megabyte, (frame) => answers.push(Buffer.from(frame)))
  socket.on('data', (chunk) => {
    largestHeld = Math.max(largestHeld, heldBytes() - heldBefore)
    reader.push(chunk as Buffer)
  })
})
afterEach(async () => {
  socket.destroy()
  await server.stop()
  await broker.dispose()
})

function send<N extends ApiName>(api: N, version: number, body: RequestInput<N>): void {
  const frame = Buffer.concat(encodeRequest(api, version, 1, 'test', body))
  const length = Buffer.alloc(4)
  length.writeInt32BE(frame.length)
  socket.write(Buffer.concat([length, frame]))
}

async function answer<N extends ApiName>(api: N, version: number): Promise<ResponseOf<N>> {
  while (answers.length === 0) await once(socket, 'data')
  return decodeResponse(api, version, answers.shift() as Buffer).body as ResponseOf<N>
}

/** A batch of a megabyte, whose bytes tell its number. */
function batch(number: number): Buffer {
  return encodeBatch([{ key: null, value: Buffer.alloc(megabyte - 200, number), timestamp: broker.clock.now() }])
}

async function fetchFrom(offset: number): Promise<Uint8Array> {
  send('Fetch', 4, {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 4 * megabyte,
    isolationLevel: 0,
    topics: [
      {
        topic: 't',
        topicId: zeroUuid,
        partitions: [{ partition: 0, fetchOffset: BigInt(offset), partitionMaxBytes: 4 * megabyte }],
      },
    ],
  })
  const { responses } = await answer('Fetch', 4)
  return responses[0]?.partitions[0]?.records ?? new Uint8Array()
}

test('large batches stream through a bounded number of bytes, and no byte of them is lost', async () => {
  let answered = 0
  for (let sent = 0; answered < batches; ) {
    for (; sent < Math.min(batches, answered + inFlight); sent++) {
      const topicData = [{ name: 't', partitionData: [{ index: 0, records: batch(sent) }] }]
      send('Produce', 9, { transactionalId: null, acks: -1, timeoutMs: 1000, topicData })
    }
    const { responses } = await answer('Produce', 9)
    expect(responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: BigInt(answered) })
    answered++
  }
  expect(largestHeld).toBeGreaterThan(12 * megabyte)
  for (let offset = 0; offset < batches; ) {
    const found = [...readBatches(await fetchFrom(offset))]
    expect(found.length).toBeGreaterThan(0)
    for (const { bytes, baseOffset } of found) {
      checkBatch(readBatch(bytes))
      expect([baseOffset, bytes.at(-100)]).toEqual([offset, offset])
      offset++
    }
  }
  expect(largestHeld).toBeLessThan(mostBytes)
})
