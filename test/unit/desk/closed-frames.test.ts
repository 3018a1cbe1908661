import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ByteSpan } from '../../../src-main/contract/exchanges'
import { encodeRequest } from '../../../src-main/protocol/frame'
import { FrameLengthError, FrameReader } from '../../../src-main/protocol/frame-reader'
import { batchOf, TestBroker } from '../../support/core'
import { TestDesk } from '../../support/desk'

let broker: TestBroker
let desk: TestDesk
beforeEach(() => {
  broker = new TestBroker()
  desk = new TestDesk(broker)
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

/** The header of version 1 of a client `x`: 11 bytes. */
function header(apiKey: number, version: number): Buffer {
  const bytes = Buffer.alloc(11)
  bytes.writeInt16BE(apiKey, 0)
  bytes.writeInt16BE(version, 2)
  bytes.writeInt32BE(77, 4)
  bytes.writeInt16BE(1, 8)
  bytes.write('x', 10)
  return bytes
}

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const string = (text: string) => Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)])

const pushed = async (after = 0) => {
  const { items, close } = await desk.watch('exchanges', { after })
  await desk.advance(100)
  close()
  return items.flatMap(({ lines }) => lines)
}
const detailOf = (seq = 0) => desk.page.ask('exchange.detail', { seq })
const namesOf = ({ name, children }: ByteSpan): readonly string[] => [name, ...children.flatMap(namesOf)]

interface Bad {
  readonly title: string
  readonly frame: Buffer
  readonly kind: string
  readonly line: object
  /** The byte that is marked. */
  readonly at: number
  /** What was read before it. */
  readonly fields: readonly string[]
}

const readHeader = ['Request', 'header', 'apiKey', 'apiVersion', 'correlationId', 'clientId']
const bad: readonly Bad[] = [
  {
    title: 'a frame that ends within its first eight bytes',
    frame: Buffer.from([0, 3, 0, 1, 0]),
    kind: 'header',
    line: { api: '', version: null, correlationId: null, clientId: '' },
    at: 4,
    fields: ['Request', 'header', 'apiKey', 'apiVersion'],
  },
  {
    title: 'a client id that is longer than the frame',
    frame: Buffer.concat([header(3, 1).subarray(0, 8), Buffer.from([0, 200]), Buffer.from('short')]),
    kind: 'header',
    line: { api: 'Metadata', version: 1, correlationId: 77, clientId: '' },
    at: 10,
    fields: readHeader.slice(0, -1),
  },
  {
    title: 'an API that nobody knows',
    frame: Buffer.concat([header(999, 3), Buffer.alloc(20)]),
    kind: 'unknownApi',
    line: { api: 'API key 999', version: 3, correlationId: 77, clientId: 'x' },
    at: 0,
    fields: readHeader,
  },
  {
    title: 'a version that is not served',
    frame: Buffer.concat([header(3, 99), Buffer.alloc(20)]),
    kind: 'unknownVersion',
    line: { api: 'Metadata', version: 99, correlationId: 77, clientId: 'x' },
    at: 2,
    fields: readHeader,
  },
  {
    title: 'an array of more elements than there are bytes',
    frame: Buffer.concat([header(3, 1), int32(1000), string('orders')]),
    kind: 'body',
    line: { api: 'Metadata', version: 1, clientId: 'x' },
    at: 11,
    fields: [...readHeader, 'topics'],
  },
  {
    title: 'a text in the second element that is cut',
    frame: Buffer.concat([header(3, 1), int32(2), string('orders'), Buffer.from([0, 9]), Buffer.from('bill')]),
    kind: 'body',
    line: { api: 'Metadata', version: 1, clientId: 'x' },
    at: 25,
    fields: [...readHeader, 'topics', '[0]', 'name', '[1]', 'name'],
  },
]

test.each(bad)('$title is a row, and its byte is marked', async ({ frame, kind, line, at, fields }) => {
  const { connection } = broker.client()
  await expect(broker.broker.serve(connection, frame).response).rejects.toThrow()
  const [row, ...others] = await pushed()
  expect(others).toEqual([])
  expect(row).toMatchObject({ ...line, connectionId: connection.id, error: null, closed: { kind } })
  const detail = await detailOf(row?.seq)
  expect(detail.requestProblem).toEqual({ offset: at, text: row?.closed?.text })
  expect(detail.request && namesOf(detail.request)).toEqual(fields)
  expect(detail).toMatchObject({ requestHex: frame.toString('hex'), requestFrom: 0, response: null, responseHex: '' })
  // It was told, so a page that continues does not get it again.
  expect(await pushed(row?.seq)).toEqual([])
})

test.each([
  ['http', 'GET / HTTP/1.1\r\nHost: localhost:9092\r\n\r\n'],
  ['tls', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['tooLong', '\x7f\xff\xff\xff rubbish'],
])('what is no frame (%s) is a row with its first bytes', async (kind, text) => {
  const bytes = Buffer.from(text, 'latin1')
  const { connection } = broker.client()
  let refusal: unknown
  try {
    new FrameReader(1_000_000, () => {}).push(bytes)
  } catch (error) {
    refusal = error
  }
  if (!(refusal instanceof FrameLengthError)) throw new Error('it was taken for a frame')
  broker.broker.unreadable(connection, refusal)
  const [row] = await pushed()
  expect(row).toMatchObject({ api: '', version: null, correlationId: null, closed: { kind, text: refusal.message } })
  expect(await detailOf(row?.seq)).toMatchObject({ requestHex: bytes.toString('hex'), requestProblem: { offset: 0 } })
  expect(broker.core.clients.find(connection.id)?.lastError).toMatchObject({ api: 'decode', text: refusal.message })
})

test('what cannot be read far behind the beginning is shown with the bytes around it', async () => {
  const { connection } = broker.client()
  const name = 'n'.repeat(200)
  const names = Array.from({ length: 800 }, () => string(name))
  const frame = Buffer.concat([header(3, 1), int32(801), ...names, Buffer.from([0, 9]), Buffer.from('cut')])
  await expect(broker.broker.serve(connection, frame).response).rejects.toThrow()
  const [row] = await pushed()
  const at = frame.length - 3
  const { requestProblem, requestFrom, requestHex } = await detailOf(row?.seq)
  expect(requestProblem?.offset).toBe(at)
  expect(requestFrom).toBeGreaterThan(0)
  expect(requestHex.slice(2 * (at - requestFrom))).toBe(Buffer.from('cut').toString('hex'))
})

test('a request before the login, and a handler that closes its connection', async () => {
  const secured = broker.client({ listener: 'SASL_PLAINTEXT', securityProtocol: 'SASL_PLAINTEXT' })
  await expect(secured.ask('Metadata', 1, { topics: null })).rejects.toThrow()
  const topicData = [{ name: 'missing', partitionData: [{ index: 0, records: batchOf(['a']) }] }]
  const produce = encodeRequest('Produce', 7, 5, 'x', { transactionalId: null, acks: 0, timeoutMs: 1, topicData })
  await expect(broker.broker.serve(broker.client().connection, Buffer.concat(produce)).response).rejects.toThrow()
  expect((await pushed()).map(({ api, closed }) => [api, closed?.kind])).toEqual([
    ['Metadata', 'notAllowed'],
    ['Produce', 'refused'],
  ])
})

test('a password that came as a token is not shown', async () => {
  const client = broker.client({ listener: 'SASL_PLAINTEXT', securityProtocol: 'SASL_PLAINTEXT' })
  await client.ask('SaslHandshake', 0, { mechanism: 'SCRAM-SHA-256' })
  const refused = expect(broker.broker.serve(client.connection, Buffer.from('secret')).response).rejects.toThrow()
  // Who fails is told after a while.
  await new Promise((resolve) => setImmediate(resolve))
  await desk.advance(100)
  await refused
  const rows = await pushed()
  const [row] = rows.filter(({ closed }) => closed?.kind === 'login')
  expect((await detailOf(row?.seq)).requestHex).toBe('')
})

test('ApiVersions of an unknown version is answered: a row with its error and both frames', async () => {
  const { items, close } = await desk.watch('exchanges', null)
  const frame = Buffer.concat([header(18, 99), Buffer.alloc(3)])
  expect(await broker.broker.serve(broker.client().connection, frame).response).not.toBeNull()
  await desk.advance(100)
  const [row] = items.flatMap(({ lines }) => lines)
  expect(row).toMatchObject({ api: 'ApiVersions', version: 99, error: 'UNSUPPORTED_VERSION', closed: null })
  const { response, responseProblem, requestProblem } = await detailOf(row?.seq)
  expect([responseProblem, requestProblem]).toEqual([null, null])
  expect(response && namesOf(response)).toContain('errorCode')
  close()
})

test('of a flood of bad frames the newest few are kept for a page that is opened later', async () => {
  const { connection } = broker.client()
  for (let i = 0; i < 500; i++) {
    const frame = Buffer.concat([header(999, i), Buffer.alloc(100_000)])
    await expect(broker.broker.serve(connection, frame).response).rejects.toThrow()
  }
  const rows = await pushed()
  expect(rows.length).toBeGreaterThan(10)
  expect(rows.length).toBeLessThanOrEqual(20)
  expect(rows.at(-1)).toMatchObject({ version: 499, requestBytes: 100_011 })
})
