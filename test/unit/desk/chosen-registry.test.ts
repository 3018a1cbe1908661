import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RegistryAccess } from '../../../src-main/desk/chosen-registry/access'
import { RemoteSchemas } from '../../../src-main/desk/chosen-registry/remote-schemas'
import { encodeBatch } from '../../../src-main/records/encode'
import { start, TestBroker } from '../../support/core'
import { TestDesk } from '../../support/desk'
import { avroRecord } from '../../support/registry'

const item = avroRecord({ n: 'long' }, 'Item')
const order = avroRecord({ item: 'Item' }, 'Order')
const answers: Readonly<Record<string, unknown>> = {
  '/subjects': ['item', 'orders-value'],
  '/schemas/ids/7?subject=orders-value': {
    schema: order,
    references: [{ name: 'Item', subject: 'item', version: 3 }],
    subject: 'orders-value',
    version: 2,
  },
  '/subjects/item/versions/3?deleted=true': { subject: 'item', version: 3, id: 4, schema: item },
  // An older registry: it does not say with the schema who has it.
  '/schemas/ids/8?subject=orders-value': { schema: '"string"' },
  '/schemas/ids/8/versions': [{ subject: 'texts', version: 5 }],
}

/** `0 id` and the value: 9007199254740993 in a record in a record. */
const framed = (id: number) => Buffer.from([0, 0, 0, 0, id, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20])
const text = Buffer.from([0, 0, 0, 0, 8, 4, 0x68, 0x69])
const exact = '{"item":{"n":9007199254740993}}'

describe('schemas of a registry elsewhere', () => {
  const access: RegistryAccess = { url: 'http://registry', basic: null, bearer: null, ca: null }
  let now: number
  let asked: string[]
  let reply: (path: string) => { status: number; body: unknown }
  let schemas: RemoteSchemas
  beforeEach(() => {
    now = 0
    asked = []
    reply = (path) => ({ status: path in answers ? 200 : 404, body: answers[path] ?? { error_code: 40403 } })
    schemas = new RemoteSchemas(access, { now: () => now }, async (_, path) => {
      asked.push(path)
      return reply(path)
    })
  })
  const prepare = (...ids: number[]) => schemas.prepare(ids.map((id) => ({ id, subject: 'orders-value' })))

  test('are asked for once, with what they refer to', async () => {
    await Promise.all([prepare(7), prepare(7, 8)])
    expect(schemas.byId(7, 'orders-value')).toMatchObject({ id: 7, subject: 'orders-value', version: 2 })
    expect(schemas.byId(8, 'orders-value')).toMatchObject({ id: 8, subject: 'texts', version: 5 })
    expect(asked.sort()).toEqual(Object.keys(answers).slice(1).sort())
    await prepare(7, 8)
    expect(asked).toHaveLength(4)
  })

  test('that it does not have are asked for again after half a minute', async () => {
    await prepare(9)
    await prepare(9)
    expect(asked).toHaveLength(1)
    expect(schemas.byId(9, 'orders-value')).toBeUndefined()
    now = 30_000
    await prepare(9)
    expect(asked).toHaveLength(2)
  })

  test('are not asked for while it cannot be reached', async () => {
    reply = () => {
      throw new Error('connect ECONNREFUSED')
    }
    await prepare(7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
    const first = asked.length
    expect(first).toBe(8)
    expect(() => schemas.byId(16, 'orders-value')).toThrow(
      'the registry at http://registry cannot be reached: connect ECONNREFUSED',
    )
    await prepare(20)
    expect(asked).toHaveLength(first)
    now = 30_000
    reply = (path) => ({ status: 200, body: answers[path] })
    await prepare(7)
    expect(schemas.byId(7, 'orders-value')?.version).toBe(2)
  })

  test('are bounded: bytes that only look framed do not make thousands of questions', async () => {
    await prepare(...Array.from({ length: 3000 }, (_, i) => 1000 + i))
    expect(asked).toHaveLength(1000)
    await prepare(999_999)
    expect(asked).toHaveLength(1000)
  })

  test('that refer to what is missing say so', async () => {
    reply = (path) => (path.startsWith('/subjects') ? { status: 404, body: {} } : { status: 200, body: answers[path] })
    await prepare(7)
    expect(() => schemas.byId(7, 'orders-value')).toThrow('it refers to item version 3')
  })
})

describe('a registry that was chosen', () => {
  let broker: TestBroker
  let desk: TestDesk
  let url: string
  let close: () => void
  let authorizations: (string | undefined)[]
  const answer = ({ url: path = '', headers: { authorization } }: IncomingMessage) => {
    authorizations.push(authorization)
    if (authorization !== `Basic ${Buffer.from('alice:secret').toString('base64')}`) return [401, {}] as const
    return path in answers ? ([200, answers[path]] as const) : ([404, { error_code: 40403 }] as const)
  }
  beforeEach(async () => {
    authorizations = []
    broker = new TestBroker()
    desk = new TestDesk(broker)
    const server = createServer((request, response) => {
      const [status, body] = answer(request)
      response.writeHead(status).end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = () => {
      server.close()
      server.closeAllConnections()
    }
    await broker.client().create('orders')
    const values = [framed(7), text, framed(9), Buffer.from('{"plain":1}')]
    await broker
      .client()
      .produce('orders', encodeBatch(values.map((value, i) => ({ key: null, value, timestamp: start + i }))))
  })
  afterEach(async () => {
    close()
    await desk.dispose()
    await broker.dispose()
    expect(desk.faults).toEqual([])
  })

  const input = (more: object = {}) =>
    ({ url, auth: 'basic', user: 'alice', secret: 'secret', ca: '', ...more }) as const
  const query = {
    topics: ['orders'],
    partitions: null,
    from: 'oldest',
    value: null,
    until: null,
    groupId: null,
    limit: 100,
    committed: false,
    find: '',
    script: '',
    conditions: [],
    follow: null,
    after: null,
    columns: [],
  } as const

  async function found(more: object) {
    const { items } = await desk.watch('messages.search', { ...query, ...more })
    await expect.poll(() => items.some((one) => one.kind === 'progress' && one.progress.done)).toBe(true)
    return items.flatMap((one) => (one.kind === 'rows' ? one.rows : []))
  }

  test('decodes rows, details, searches, scripts and exports', async () => {
    await desk.page.ask('registry.choose', input())
    const rows = await found({})
    expect(rows.map(({ value }) => value)).toMatchObject([
      { kind: 'avro', text: exact, schema: { id: 7, subject: 'orders-value', version: 2 } },
      { kind: 'avro', text: '"hi"' },
      { kind: 'binary', problem: `If it names a schema, that has the id 9, which is not in the registry at ${url}.` },
      { kind: 'json' },
    ])
    expect(await desk.page.ask('messages.detail', { topic: 'orders', partition: 0, offset: 0 })).toMatchObject({
      value: { kind: 'avro', text: exact },
    })
    expect((await found({ find: '9007199254740993' })).map(({ offset }) => offset)).toEqual([0])
    const script = 'value.item && value.item.n === 9007199254740993'
    expect((await found({ script })).map(({ offset }) => offset)).toEqual([0])
    const { after: _, ...plain } = query
    for (const [format, line] of [
      ['jsonl', `"decoded":{"value":${exact}}`],
      ['csv', '"{""item"":{""n"":9007199254740993}}"'],
    ] as const) {
      const { items } = await desk.watch('messages.export', { ...plain, format })
      await expect.poll(() => items.some((one) => one.kind === 'progress' && one.progress.done)).toBe(true)
      expect(items.map((one) => (one.kind === 'text' ? one.text : '')).join('')).toContain(line)
    }
  })

  test('keeps its secret out of the workspace and away from pages', async () => {
    await desk.page.ask('registry.choose', input())
    const { items } = await desk.watch('registry', undefined)
    expect(items.at(-1)).toEqual({ url, auth: 'basic', user: 'alice', ca: '', hasSecret: true, fixed: null })
    const stored = broker.workspace.documents.list('registry')
    expect(stored.map(({ value }) => JSON.parse(value))).toEqual([{ url, auth: 'basic', user: 'alice', ca: '' }])
    // It stays in use while other things change, and is not sent to another registry.
    await desk.page.ask('registry.choose', input({ secret: null }))
    await expect(desk.page.ask('registry.choose', input({ secret: null, url: 'http://other' }))).rejects.toThrow(
      'Enter the password.',
    )
    await desk.dispose()
    desk = new TestDesk(broker)
    const after = await desk.watch('registry', undefined)
    await desk.advance(100)
    expect(after.items.at(-1)).toMatchObject({ url, hasSecret: false })
    const [row] = await found({})
    expect(row?.value).toMatchObject({ kind: 'binary', problem: expect.stringContaining('enter it again') })
  })

  test('says why it cannot be used', async () => {
    expect(await desk.page.ask('registry.test', input())).toEqual({ subjects: 2 })
    await expect(desk.page.ask('registry.test', input({ secret: 'wrong' }))).rejects.toThrow(
      `The registry at ${url} refuses the credentials (HTTP 401).`,
    )
    await expect(desk.page.ask('registry.test', input({ url: 'registry:8081' }))).rejects.toThrow('http://HOST:PORT')
    await expect(desk.page.ask('registry.test', input({ ca: 'x' }))).rejects.toThrow('not a certificate in PEM')
    close()
    await expect(desk.page.ask('registry.test', input())).rejects.toThrow('cannot be reached: connect ECONNREFUSED')
    await desk.page.ask('registry.choose', input())
    const [first, , , last] = await found({})
    expect(first?.value).toMatchObject({ kind: 'binary', problem: expect.stringContaining('cannot be reached') })
    expect(last?.value).toMatchObject({ kind: 'json', text: '{"plain":1}' })
    await desk.page.ask('registry.choose', { ...input(), url: null })
    expect((await desk.watch('registry', undefined)).items.at(-1)).toMatchObject({ url: null, hasSecret: false })
  })
})
