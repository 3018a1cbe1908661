import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { createLog } from '../../../src-main/base/log'
import { startRestServer } from '../../../src-main/rest/server'
import { avroRecord } from '../../support/registry'
import { TestRest } from '../../support/rest'

let rest: TestRest
beforeEach(async () => {
  rest = await TestRest.start()
})
afterEach(async () => {
  await rest.dispose()
})

const one = avroRecord({ a: 'int' })
const two = avroRecord({ a: 'int', b: { type: 'int', default: 1 } })

async function codeOf(method: string, path: string, body?: unknown): Promise<[number, number]> {
  const { status, json } = await rest.ask(method, path, body)
  return [status, (json as { error_code: number }).error_code]
}

describe('the API', () => {
  it('registers, looks up and gives back', async () => {
    const registered = await rest.register('orders-value', one)
    expect(registered).toMatchObject({
      status: 200,
      type: 'application/vnd.schemaregistry.v1+json',
      json: { id: 1, version: 1 },
    })
    const shape = { subject: 'orders-value', version: 1, id: 1, schema: one, schemaType: 'AVRO' }
    expect((await rest.get('/subjects/orders-value/versions/latest')).json).toMatchObject(shape)
    expect((await rest.get('/subjects/orders-value/versions/-1')).json).toMatchObject(shape)
    expect((await rest.get('/schemas/ids/1')).json).toMatchObject(shape)
    expect((await rest.ask('POST', '/subjects/orders-value', { schema: one })).json).toMatchObject(shape)
    expect((await rest.get('/schemas/ids/1/schema')).json).toEqual(JSON.parse(one))
    expect((await rest.get('/schemas/ids/1/versions')).json).toEqual([{ subject: 'orders-value', version: 1 }])
    expect((await rest.get('/schemas/ids/1/subjects')).json).toEqual(['orders-value'])
    const { guid } = registered.json as { guid: string }
    expect((await rest.get(`/schemas/guids/${guid}`)).json).toMatchObject({ guid, schema: one })
    expect((await rest.get(`/schemas/guids/${guid}/ids`)).json).toEqual([{ context: '.', id: 1 }])
    expect((await rest.get('/schemas?latestOnly=true')).json).toMatchObject([shape])
    expect((await rest.get('/schemas/ids/1?fetchMaxId=true')).json).toMatchObject({ maxId: 1 })
  })

  test('names of subjects are decoded once', async () => {
    for (const subject of ['a/b', '%2F', 'a b', 'Zoë', ':.eu:s']) await rest.register(subject, one)
    expect((await rest.get('/subjects')).json).toEqual(['%2F', ':.eu:s', 'Zoë', 'a b', 'a/b'])
    expect((await rest.get('/subjects/a%2Fb/versions')).json).toEqual([1])
    expect((await rest.get('/subjects/%252F/versions')).json).toEqual([1])
    expect((await rest.get('/subjects/:.eu:s/versions')).json).toEqual([1])
    expect((await rest.get('/subjects/%3A.eu%3As/versions')).json).toEqual([1])
    expect((await rest.get('/contexts/.eu/subjects/s/versions')).json).toEqual([1])
    expect((await rest.get('/subjects?subjectPrefix=:.eu:')).json).toEqual([':.eu:s'])
    expect((await rest.get('/contexts')).json).toEqual(['.', '.eu'])
    // A plain subject that the default context has not is looked for in the others.
    expect((await rest.get('/subjects/s/versions/1')).json).toMatchObject({ subject: ':.eu:s' })
  })

  test('versions through their states', async () => {
    await rest.register('s', one)
    await rest.register('s', two)
    expect((await rest.get('/subjects/s/versions')).json).toEqual([1, 2])
    expect((await rest.ask('DELETE', '/subjects/s/versions/2')).json).toBe(2)
    expect(await codeOf('GET', '/subjects/s/versions/2')).toEqual([404, 40402])
    expect((await rest.get('/subjects/s/versions/2?deleted=true')).json).toMatchObject({ version: 2, deleted: true })
    expect((await rest.get('/subjects/s/versions/2?deleted')).status).toBe(404)
    expect((await rest.get('/subjects/s/versions?deletedOnly=true')).json).toEqual([2])
    expect((await rest.get('/subjects/s/versions?deleted=true&deletedAsNegative=true')).json).toEqual([1, -2])
    expect((await rest.get('/schemas/ids/2')).status).toBe(200)
    expect((await rest.get('/schemas/ids/2/versions')).json).toEqual([])
    expect((await rest.ask('DELETE', '/subjects/s')).json).toEqual([1])
    expect((await rest.get('/subjects')).json).toEqual([])
    expect((await rest.get('/subjects?deleted=True')).json).toEqual(['s'])
    expect(await codeOf('DELETE', '/subjects/s')).toEqual([404, 40404])
    expect((await rest.ask('DELETE', '/subjects/s?permanent=true')).json).toEqual([1, 2])
    expect(await codeOf('GET', '/schemas/ids/2')).toEqual([404, 40403])
    expect(await codeOf('GET', '/subjects/s/versions')).toEqual([404, 40401])
    expect((await rest.register('s', one)).json).toMatchObject({ id: 3, version: 1 })
  })

  test('errors', async () => {
    await rest.register('s', one)
    expect(await codeOf('GET', '/nothing')).toEqual([404, 404])
    expect(await codeOf('PATCH', '/subjects')).toEqual([405, 405])
    expect(await codeOf('POST', '/subjects/s/versions', '{')).toEqual([400, 400])
    expect(await codeOf('POST', '/subjects/s/versions', '')).toEqual([422, 422])
    expect(await codeOf('POST', '/subjects/s/versions', { schema: '{}' })).toEqual([422, 42201])
    expect(await codeOf('POST', '/subjects/s/versions', { schema: one, schemaType: 'XML' })).toEqual([422, 42201])
    expect(await codeOf('POST', '/subjects/s/versions', { schema: '"int"' })).toEqual([409, 409])
    expect(await codeOf('GET', '/subjects/s/versions/0')).toEqual([422, 42202])
    expect(await codeOf('GET', '/schemas/ids/x')).toEqual([404, 404])
    expect(await codeOf('PUT', '/config', { compatibility: 'x' })).toEqual([422, 42203])
    expect(await codeOf('PUT', '/mode', { mode: 'x' })).toEqual([422, 42204])
    expect(await codeOf('GET', '/config/s')).toEqual([404, 40408])
    expect(await codeOf('GET', '/mode/s')).toEqual([404, 40409])
    expect(await codeOf('DELETE', '/mode/s')).toEqual([404, 40401])
    expect((await rest.get('/subjects', { Accept: 'text/html' })).status).toBe(406)
    expect((await rest.get('/subjects', { Accept: 'application/json; q=0.9, */*' })).type).toBe('application/json')
    expect((await rest.get('/subjects')).json).toEqual(['s'])
  })

  test('settings and checks', async () => {
    await rest.register('s', one)
    expect((await rest.get('/config')).json).toEqual({ compatibilityLevel: 'BACKWARD' })
    expect((await rest.ask('PUT', '/config/s', { compatibility: 'full' })).json).toEqual({ compatibility: 'FULL' })
    expect((await rest.get('/config/s')).json).toEqual({ compatibilityLevel: 'FULL' })
    expect((await rest.get('/config/t?defaultToGlobal=true')).json).toEqual({ compatibilityLevel: 'BACKWARD' })
    const check = (schema: string, version: string, query = '') =>
      rest.ask('POST', `/compatibility/subjects/s/versions${version}${query}`, { schema })
    expect((await check(two, '/latest')).json).toEqual({ is_compatible: true })
    expect((await check('"int"', '', '?verbose=true')).json).toMatchObject({ is_compatible: false })
    expect((await check('{', '/latest', '?verbose=true')).json).toMatchObject({ is_compatible: false })
    expect((await check('{', '/latest')).status).toBe(422)
    expect((await rest.ask('DELETE', '/config/s')).json).toEqual({ compatibilityLevel: 'FULL' })
    expect((await rest.ask('PUT', '/mode/s?force=true', { mode: 'IMPORT' })).json).toEqual({ mode: 'IMPORT' })
    expect((await rest.get('/mode/s')).json).toEqual({ mode: 'IMPORT' })
    expect((await rest.get('/mode')).json).toEqual({ mode: 'READWRITE' })
  })

  test('what clients of other editions ask', async () => {
    expect((await rest.get('/')).json).toEqual({})
    expect((await rest.get('/schemas/types')).json).toEqual(['JSON', 'PROTOBUF', 'AVRO'])
    expect((await rest.get('/exporters')).json).toEqual([])
    expect((await rest.get('/associations/resources/-/orders?resourceType=topic')).json).toEqual([])
    expect((await rest.get('/v1/metadata/id')).json).toMatchObject({
      scope: { clusters: { 'kafka-cluster': 'cluster' } },
    })
    expect((await rest.get('/dek-registry/v1/keks')).status).toBe(404)
  })

  test('fifty clients that register the same get one id', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => rest.register('s', one)))
    expect(new Set(replies.map(({ json }) => (json as { id: number }).id))).toEqual(new Set([1]))
    expect((await rest.get('/subjects/s/versions')).json).toEqual([1])
  })
})

describe('who may ask', () => {
  it('is not a web page of another site', async () => {
    const post = (headers: Record<string, string>) => rest.ask('POST', '/subjects/s/versions', { schema: one }, headers)
    expect((await post({ Origin: 'http://evil.example' })).status).toBe(403)
    expect((await post({ Origin: 'http://localhost:3000' })).status).toBe(200)
  })

  it('knows a password where one is asked for', async () => {
    await rest.server.stop()
    const asking = await TestRest.start(
      (credentials) => credentials?.user === 'u' && credentials.password === 'p:q',
      rest.broker,
    )
    expect(await asking.get('/subjects')).toMatchObject({
      status: 401,
      json: { error_code: 401, message: 'Unauthorized' },
    })
    const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` })
    expect((await asking.get('/subjects', basic('u:p'))).status).toBe(401)
    expect((await asking.get('/subjects', basic('u:p:q'))).status).toBe(200)
    await asking.server.stop()
  })
})

test('a client that hangs up in the middle of its request is no error', async () => {
  const lines: string[] = []
  const log = createLog(
    'rest',
    'debug',
    ({ level, text }) => lines.push(`${level} ${text}`),
    () => 0,
  )
  const access = { clusterId: 'cluster', now: () => 0, read: nothing, write: nothing }
  const server = await startRestServer({
    hosts: ['127.0.0.1'],
    port: 0,
    takesNext: true,
    access,
    admits: () => true,
    log,
  })
  try {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /subjects/s/versions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"schema"')
    socket.end()
    await expect.poll(() => lines).toEqual(['debug POST /subjects/s/versions: the client hung up'])
  } finally {
    await server.stop()
  }
})

function nothing(): never {
  throw new Error('is not asked')
}
