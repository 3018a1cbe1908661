import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { avroRecord } from '../../support/registry'
import { TestRest } from '../../support/rest'

let rest: TestRest
beforeAll(async () => {
  rest = await TestRest.start()
  const put = async (path: string, body: object) => expect((await rest.ask('PUT', path, body)).status).toBe(200)
  const add = async (subject: string, schema: string, more: Record<string, unknown> = {}) =>
    expect((await rest.register(subject, schema, more)).status).toBe(200)
  await add('s', one)
  await add('s', two, { metadata: { properties: { owner: 'shop' } }, ruleSet: { domainRules: [rule] } })
  await add('gone', '"string"')
  expect((await rest.ask('DELETE', '/subjects/gone')).status).toBe(200)
  await add(':.eu:s', one)
  await add(':.eu:order', avroRecord({ item: 'R' }, 'Order'), { references })
  await add('p', 'syntax = "proto3"; message A { int32 x = 1; }', { schemaType: 'PROTOBUF' })
  await add('tagged', tagged)
  await put('/config/s', { compatibility: 'FULL', normalize: true })
  await put('/mode/p?force=true', { mode: 'READONLY' })
  await put('/config/nick', { alias: 's' })
  await put('/config/:.eu:nick', { alias: 's' })
})
afterAll(async () => {
  await rest.dispose()
})

const one = avroRecord({ a: 'int' })
const two = avroRecord({ a: 'int', b: { type: 'int', default: 1 } })
const rule = { name: 'r', kind: 'CONDITION', type: 'CEL', mode: 'WRITE', expr: 'true' }
const references = [{ name: 'R', subject: 's', version: 1 }]
const tagged =
  '{"type":"record","name":"T","namespace":"x","fields":[{"name":"card","type":"string","confluent:tags":["PII"]}],"confluent:tags":["GDPR"]}'
const clusters = { 'kafka-cluster': 'cluster', 'schema-registry-cluster': 'schema-registry' }
const anything = expect.anything()

/** Every endpoint of the API with what it answers; a number is the error's code. */
const table: readonly (readonly [method: string, path: string, answer: unknown, body?: object])[] = [
  ['GET', '/', {}],
  ['POST', '/', {}, {}],
  ['GET', '/schemas/types', ['JSON', 'PROTOBUF', 'AVRO']],
  ['GET', '/schemas?subjectPrefix=s', [{ version: 1 }, { version: 2, ruleset: { domainRules: [rule] } }]],
  ['GET', '/schemas?subjectPrefix=s&latestOnly=true', [{ version: 2 }]],
  ['GET', '/schemas?subjectPrefix=nick', []],
  [
    'GET',
    '/schemas?subjectPrefix=nick&aliases=true',
    [
      { subject: 's', version: 1, aliases: ['nick'] },
      { subject: 's', version: 2, aliases: ['nick'] },
    ],
  ],
  [
    'GET',
    '/schemas?aliases=true&latestOnly=true',
    [
      { subject: ':.eu:order', version: 1 },
      { subject: ':.eu:s', aliases: [':.eu:nick'] },
      { subject: 'p' },
      { subject: 's', version: 2, aliases: ['nick'] },
      { subject: 'tagged' },
    ],
  ],
  ['GET', '/schemas?subjectPrefix=gone', []],
  ['GET', '/schemas?subjectPrefix=gone&deleted=true', [{ subject: 'gone', deleted: true }]],
  ['GET', '/schemas?ruleType=CEL', [{ subject: 's', version: 2 }]],
  ['GET', '/schemas?ruleType=ENCRYPT', []],
  ['GET', '/schemas?subjectPrefix=s&offset=1&limit=1', [{ version: 2 }]],
  ['GET', '/schemas?resourceType=topic&resourceName=t&associationType=value&latestOnly=true', anything],
  ['GET', '/schemas/ids/1', { id: 1, schemaType: 'AVRO', schema: one, guid: anything, ts: anything }],
  ['GET', '/schemas/ids/1?fetchMaxId=true', { maxId: 5 }],
  ['GET', '/schemas/ids/3', { subject: 'gone', deleted: true }],
  ['GET', '/schemas/ids/1?subject=nick', { id: 1, subject: 's' }],
  ['GET', '/schemas/ids/99', 40403],
  ['GET', '/schemas/ids/4?format=serialized', { schema: expect.stringMatching(/^[\w+/]+=*$/) }],
  ['GET', '/schemas/ids/4?format=no_such', { schema: expect.stringContaining('message A') }],
  [
    'GET',
    '/schemas/ids/5?findTags=*',
    {
      schemaTags: [
        { schemaEntity: { entityPath: 'x.T', entityType: 'sr_record' }, tags: ['GDPR'] },
        { schemaEntity: { entityPath: 'x.T.card', entityType: 'sr_field' }, tags: ['PII'] },
      ],
    },
  ],
  [
    'GET',
    '/schemas/ids/5?findTags=PII&findTags=OTHER',
    { schemaTags: [{ schemaEntity: { entityPath: 'x.T.card', entityType: 'sr_field' }, tags: ['PII'] }] },
  ],
  ['GET', '/schemas/ids/1/schema', JSON.parse(one)],
  ['GET', '/schemas/ids/99/schema', 40403],
  ['GET', '/schemas/ids/1/subjects', ['s']],
  ['GET', '/schemas/ids/3/subjects', []],
  ['GET', '/schemas/ids/3/subjects?deleted=true', ['gone']],
  ['GET', '/schemas/ids/99/subjects', 40403],
  ['GET', '/schemas/ids/1/versions', [{ subject: 's', version: 1 }]],
  ['GET', '/schemas/ids/1/versions?subject=:.eu:', [{ subject: ':.eu:s', version: 1 }]],
  ['GET', '/schemas/ids/99/versions', 40403],
  ['GET', '/schemas/guids/none', 40403],
  ['GET', '/schemas/guids/none/ids', 40403],
  ['GET', '/subjects', [':.eu:order', ':.eu:s', 'p', 's', 'tagged']],
  ['GET', '/subjects?subjectPrefix=t', ['tagged']],
  ['GET', '/subjects?deletedOnly=true', ['gone']],
  ['GET', '/subjects?limit=1&offset=2', ['p']],
  ['GET', '/subjects?limit=0', [':.eu:order', ':.eu:s', 'p', 's', 'tagged']],
  ['GET', '/subjects/s/versions', [1, 2]],
  ['GET', '/subjects/gone/versions', 40401],
  ['GET', '/subjects/gone/versions?deleted=true&deletedAsNegative=true', [-1]],
  ['GET', '/subjects/none/versions', 40401],
  ['GET', '/subjects/s/versions/latest', { version: 2, ruleSet: { domainRules: [rule] } }],
  ['GET', '/subjects/s/versions/3', 40402],
  ['GET', '/subjects/nick/versions', [1, 2]],
  ['GET', '/subjects/nick/versions/latest', { subject: 's', version: 2 }],
  ['POST', '/subjects/nick', { subject: 's', version: 1 }, { schema: one }],
  ['POST', '/compatibility/subjects/nick/versions/latest', { is_compatible: false }, { schema: '"int"' }],
  ['GET', '/config/nick', { alias: 's' }],
  ['GET', '/subjects/:.eu:nick/versions/latest', { subject: ':.eu:s', version: 1 }],
  ['GET', '/subjects/s/versions/first', 42202],
  ['GET', '/subjects/:.eu:order/versions/1', { references }],
  [
    'GET',
    '/subjects/:.eu:order/versions/1?referenceFormat=qualified',
    { references: [{ ...references[0], subject: ':.eu:s' }] },
  ],
  ['GET', '/subjects/:.eu:order/versions/1?format=resolved', { schema: expect.stringContaining('"name":"a"') }],
  ['GET', '/subjects/tagged/versions/1?findTags=*', { schemaTags: anything }],
  ['GET', '/subjects/s/versions/1/schema', JSON.parse(one)],
  ['GET', '/subjects/s/versions/9/schema', 40402],
  ['GET', '/subjects/:.eu:s/versions/1/referencedby', [2]],
  ['GET', '/subjects/s/versions/1/referencedby', []],
  ['GET', '/subjects/none/versions/1/referencedby', 40401],
  ['POST', '/subjects/s', { version: 1, id: 1 }, { schema: one }],
  ['POST', '/subjects/s', 40403, { schema: '"long"' }],
  ['POST', '/subjects/none', 40401, { schema: one }],
  ['POST', '/subjects/s', 42201, { schema: '{' }],
  ['POST', '/subjects/gone?deleted=true', { deleted: true }, { schema: '"string"' }],
  ['GET', '/subjects/s/metadata?key=owner&value=shop', { version: 2 }],
  ['GET', '/subjects/s/metadata?key=owner&value=bank', 40403],
  ['GET', '/subjects/none/metadata?key=a&value=b', 40401],
  ['POST', '/subjects/s/versions', 409, { schema: '"int"' }],
  ['POST', '/subjects/s/versions', 42201, { schema: 'nonsense' }],
  ['POST', '/subjects/s/versions', 42201, { schema: one, references: [{ name: 'x', subject: 'x', version: 1 }] }],
  ['POST', '/subjects/s/versions', 42205, { schema: '"int"', id: 7 }],
  ['POST', '/subjects/__GLOBAL/versions', 42208, { schema: one }],
  ['POST', '/subjects/s/versions', 42210, { schema: one, ruleSet: { domainRules: [{ ...rule, name: '' }] } }],
  ['POST', '/subjects/p/versions', 42205, { schema: 'syntax = "proto3";', schemaType: 'PROTOBUF' }],
  ['POST', '/subjects/s/versions/1/tags', 501, { tagsToAdd: [{ tags: ['PII'] }] }],
  ['POST', '/subjects/s/versions/9/tags', 40402, {}],
  ['DELETE', '/subjects/none', 40401],
  ['DELETE', '/subjects/gone', 40404],
  ['DELETE', '/subjects/s?permanent=true', 40405],
  ['DELETE', '/subjects/:.eu:s', 42206],
  ['DELETE', '/subjects/p', 42205],
  ['DELETE', '/subjects/s/versions/9', 40402],
  ['DELETE', '/subjects/gone/versions/1', 40406],
  ['DELETE', '/subjects/s/versions/1?permanent=true', 40407],
  ['POST', '/compatibility/subjects/s/versions/latest', { is_compatible: true }, { schema: two }],
  ['POST', '/compatibility/subjects/none/versions/latest', { is_compatible: true }, { schema: one }],
  ['POST', '/compatibility/subjects/s/versions/9', 40402, { schema: one }],
  ['POST', '/compatibility/subjects/s/versions', { is_compatible: false }, { schema: '"int"' }],
  ['POST', '/compatibility/subjects/s/versions/latest', 42201, { schema: '{' }],
  [
    'POST',
    '/compatibility/subjects/s/versions/latest?verbose=true',
    { is_compatible: false, messages: anything },
    { schema: '{' },
  ],
  ['GET', '/config', { compatibilityLevel: 'BACKWARD' }],
  ['GET', '/config/s', { compatibilityLevel: 'FULL', normalize: true }],
  ['GET', '/config/p', 40408],
  ['GET', '/config/p?defaultToGlobal=true', { compatibilityLevel: 'BACKWARD' }],
  ['PUT', '/config', 42203, { compatibility: 'SOME' }],
  ['DELETE', '/config/p', 40401],
  ['GET', '/mode', { mode: 'READWRITE' }],
  ['GET', '/mode/p', { mode: 'READONLY' }],
  ['GET', '/mode/s', 40409],
  ['GET', '/mode/s?defaultToGlobal=true', { mode: 'READWRITE' }],
  ['PUT', '/mode', 42204, { mode: 'SOME' }],
  ['PUT', '/mode', 42205, { mode: 'IMPORT' }],
  ['DELETE', '/mode/s', 40401],
  ['GET', '/contexts', ['.', '.eu']],
  ['GET', '/contexts?contextPrefix=.e', ['.eu']],
  ['DELETE', '/contexts/.eu', 42211],
  ['DELETE', '/contexts/.none', 404],
  ['GET', '/contexts/.eu/subjects/s/versions', [1]],
  ['GET', '/v1/metadata/id', { id: '', scope: { path: [], clusters } }],
  ['GET', '/v1/metadata/version', { version: anything, commitId: anything }],
  ['GET', '/v1/metadata/deployment', { attributes: [] }],
  ['GET', '/exporters', []],
  ['GET', '/exporters/x', 404],
  ['GET', '/dek-registry/v1/keks', 404],
  ['GET', '/associations/resources/-/t?resourceType=topic&associationType=value&offset=0&limit=-1', []],
  ['POST', '/associations', 404, {}],
  ['GET', '/no/such/path', 404],
  ['DELETE', '/schemas/types', 405],
]

describe('every endpoint', () => {
  for (const [method, path, answer, body] of table) {
    const sent = body ? ` with ${JSON.stringify(body)}` : ''
    test(`${method} ${path}${sent}`, async () => {
      const { status, json } = await rest.ask(method, path, body)
      if (typeof answer === 'number') {
        expect(json).toEqual({ error_code: answer, message: expect.any(String) })
        expect(status).toBe(Number(String(answer).slice(0, 3)))
      } else {
        expect(json).toEqual(Array.isArray(answer) ? answer.map((one: unknown) => partly(one)) : partly(answer))
        expect(status).toBe(200)
      }
    })
  }

  it('none of these changed what is stored', async () => {
    expect((await rest.get('/schemas/ids/1?fetchMaxId=true')).json).toMatchObject({ maxId: 5 })
    expect((await rest.get('/subjects?deleted=true')).json).toEqual([
      ':.eu:order',
      ':.eu:s',
      'gone',
      'p',
      's',
      'tagged',
    ])
  })

  test('a contract changes without the text', async () => {
    const change = { metadata: { properties: { owner: 'bank' } } }
    expect((await rest.ask('POST', '/subjects/tagged/versions/1/tags', change)).json).toMatchObject({
      subject: 'tagged',
      version: 2,
      id: 6,
      metadata: change.metadata,
    })
    expect((await rest.get('/subjects/tagged/versions/latest')).json).toMatchObject({ version: 2, schema: tagged })
    expect((await rest.ask('POST', '/subjects/tagged/versions/1/tags', { newVersion: 9 })).json).toMatchObject({
      error_code: 42201,
    })
  })
})

/** Objects may say more than the table. */
function partly(answer: unknown): unknown {
  const isPlain = typeof answer === 'object' && answer !== null && Object.getPrototypeOf(answer) === Object.prototype
  return isPlain ? expect.objectContaining(answer as Record<string, unknown>) : answer
}
