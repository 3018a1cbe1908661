import { expect, test } from 'vitest'
import type { ByteSpan, ExchangeDetail } from '../../../src-main/contract/exchanges'
import { apiText, exchangeText, kcatCommand } from '../../../src-renderer/pages/wire/exchange-text'

const leaf = (name: string, value: string): ByteSpan => ({ name, start: 0, end: 0, value, children: [] })

const detail = (fields: Partial<ExchangeDetail> = {}): ExchangeDetail => ({
  seq: 1,
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  tookMs: 1200,
  clientId: 'shop',
  connectionId: 7,
  address: '127.0.0.1:50112',
  correlationId: 42,
  api: 'OffsetCommit',
  version: 9,
  isNoise: false,
  topics: ['orders'],
  error: 'UNKNOWN_MEMBER_ID',
  closed: null,
  requestBytes: 10,
  responseBytes: 10,
  request: { name: 'Request', start: 0, end: 10, value: null, children: [leaf('groupId', 'app')] },
  response: { name: 'OffsetCommit response', start: 0, end: 10, value: null, children: [leaf('errorCode', '25')] },
  requestHex: '00',
  requestFrom: 0,
  responseHex: '00',
  requestProblem: null,
  responseProblem: null,
  records: [],
  moreRecords: 0,
  places: [],
  groupId: 'app',
  ...fields,
})

test('an exchange as text has who, what, the error and every field', () => {
  expect(exchangeText(detail()).split('\n')).toEqual([
    '2026-01-02T03:04:05.006Z  OffsetCommit v9',
    'Client: shop, 127.0.0.1:50112, connection 7',
    'Correlation id: 42',
    'Took: 1,200 ms',
    'Topics: orders',
    'Error: UNKNOWN_MEMBER_ID',
    '',
    'Request',
    '  groupId: app',
    '',
    'OffsetCommit response',
    '  errorCode: 25',
  ])
})

test('what is no request says what it looks like, and why it was closed', () => {
  const nothing = { api: '', version: null, correlationId: null, error: null, response: null, topics: [] }
  const http = detail({ ...nothing, closed: { kind: 'http', text: 'this looks like HTTP' } })
  expect(apiText(http)).toBe('HTTP request')
  expect(exchangeText(http)).toContain('Connection closed: this looks like HTTP')
  expect(apiText(detail({ ...nothing, closed: { kind: 'tooLong', text: '' } }))).toBe('no Kafka request')
})

test('a kcat command reads the messages, or the topics; a name of a request is never run by a shell', () => {
  const places = [{ topic: 'orders', partition: 2, offset: 17 }]
  expect(kcatCommand(detail({ places }), 'localhost:9092')).toBe(
    'kcat -b localhost:9092 -C -t orders -p 2 -o 17 -c 1 -e',
  )
  expect(kcatCommand(detail(), '[::1]:9092')).toBe("kcat -b '[::1]:9092' -L -t orders")
  expect(kcatCommand(detail({ topics: ["a'; rm -rf ~; '"] }), 'h:1')).toBe(
    String.raw`kcat -b h:1 -L -t 'a'\''; rm -rf ~; '\'''`,
  )
  expect(kcatCommand(detail({ topics: [] }), 'h:1')).toBeNull()
})
