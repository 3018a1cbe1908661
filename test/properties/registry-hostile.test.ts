import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { RegistryError } from '../../src-main/registry/schema'
import type { RegistryAccess } from '../../src-main/rest/access'
import { answer } from '../../src-main/rest/router'
import { TestBroker } from '../support/core'
import { avroRecord, codeOf, TestRegistry } from '../support/registry'

const texts = [
  '"int"',
  avroRecord({ a: 'int' }),
  avroRecord({ a: 'int', b: { type: 'int', default: 1 } }),
  '{"type":"object","patternProperties":{"(a|a)*$":{}}}',
  'syntax = "proto3"; message A { int32 x = 1; }',
  '{',
  '',
]
const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>(-1, 0, 1, 1e300, 1.5, null, '__proto__'))
const subject = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('s', 't', ':.eu:s', ':.eu:', ':.__GLOBAL:', '__GLOBAL', '', ':', ':.:') },
  fc.string({ maxLength: 6 }),
)
const version = fc.oneof(fc.constantFrom('1', '2', 'latest', '-1', '0', '99999999999'), fc.string({ maxLength: 3 }))
const body = fc.record(
  {
    schema: fc.oneof({ weight: 4, arbitrary: fc.constantFrom<unknown>(...texts) }, odd),
    schemaType: fc.oneof({ weight: 4, arbitrary: fc.constantFrom<unknown>('AVRO', 'JSON', 'PROTOBUF') }, odd),
    references: fc.oneof(
      fc.array(fc.record({ name: odd, subject: fc.oneof(subject, odd), version: odd }), { maxLength: 2 }),
      odd,
    ),
    metadata: odd,
    ruleSet: fc.oneof(fc.record({ domainRules: odd }), odd),
    id: odd,
    version: odd,
    compatibility: fc.oneof(fc.constantFrom<unknown>('NONE', 'full', 'FORWARD_TRANSITIVE'), odd),
    compatibilityGroup: odd,
    alias: fc.oneof(subject, odd),
    normalize: odd,
    validateFields: odd,
    defaultMetadata: odd,
    overrideRuleSet: odd,
    mode: fc.oneof(fc.constantFrom<unknown>('READWRITE', 'IMPORT', 'READONLY'), odd),
    tagsToAdd: odd,
  },
  { requiredKeys: [] },
)
const path = fc.oneof(
  fc.tuple(fc.constant('subjects'), subject, fc.constant('versions')),
  fc.tuple(fc.constant('subjects'), subject, fc.constant('versions'), version),
  fc.tuple(fc.constant('subjects'), subject, fc.constant('versions'), version, fc.constantFrom('tags', 'schema')),
  fc.tuple(fc.constantFrom('subjects', 'config', 'mode'), subject),
  fc.tuple(fc.constant('schemas'), fc.constantFrom('ids', 'guids'), fc.string({ maxLength: 4 })),
  fc.tuple(fc.constant('compatibility'), fc.constant('subjects'), subject, fc.constant('versions'), version),
  fc.tuple(fc.constant('contexts'), subject, fc.constantFrom('subjects', 'config'), subject),
  fc.tuple(fc.constantFrom('schemas', 'subjects', 'config', 'mode', 'contexts')),
)
const query = fc
  .dictionary(
    fc.constantFrom('normalize', 'deleted', 'permanent', 'force', 'verbose', 'format', 'limit', 'offset', 'findTags'),
    fc.constantFrom('true', 'false', '', '-1', '2', 'resolved', 'serialized'),
    { maxKeys: 3 },
  )
  .map((given) => new URLSearchParams(given))

describe('requests of any kind', () => {
  let broker: TestBroker
  beforeAll(() => {
    broker = new TestBroker()
  })
  afterAll(async () => {
    await broker.dispose()
  })

  it('[R23] end in an answer or in an error that stores nothing', async () => {
    const { schemas } = broker.core
    const access: RegistryAccess = {
      clusterId: 'cluster',
      now: () => 1,
      read: (look) => schemas.read(look),
      write: (operate) => schemas.write(operate),
    }
    const logEnd = () => broker.core.topics.find('_schemas')?.partition(0)?.facts.logEnd ?? 0
    const method = fc.constantFrom('GET', 'POST', 'POST', 'POST', 'PUT', 'DELETE')
    await fc.assert(
      fc.asyncProperty(method, path, query, body, async (verb, segments, parameters, json) => {
        const before = logEnd()
        const request = {
          method: verb,
          path: segments,
          query: parameters,
          body: () => JSON.parse(JSON.stringify(json)),
        }
        try {
          await answer(request, access)
        } catch (error) {
          expect(error).toBeInstanceOf(RegistryError)
          expect(String((error as RegistryError).code)).toMatch(/^(?:4\d\d(?:\d\d)?|501)$/)
          expect(logEnd()).toBe(before)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

const many = (n: number, of: (i: number) => string, by = ',') => Array.from({ length: n }, (_, i) => of(i)).join(by)
const branch = (i: number) => `{"type":"string","maxLength":${i}}`
const closed = '"type":"object","additionalProperties":false'
const strings = (n: number) => `"properties":{${many(n, (i) => `"p${i}":{"type":"string"}`)}}`
const proto = (text: string) => `syntax = "proto3"; ${text}`

describe('pairs of schemas that would take long', () => {
  // What compares each with each, or backtracks, does not end before a test times out.
  test.each([
    [
      'JSON',
      'required names',
      `{${closed}}`,
      `{${closed},${strings(20_000)},"required":[${many(20_000, (i) => `"p${i}"`)}]}`,
    ],
    [
      'JSON',
      'patterns that backtrack',
      `{"type":"object","patternProperties":{"^(a|a)*$":{"type":"string"},"${'a*'.repeat(60)}$":{}}}`,
      `{"type":"object","properties":{"${'a'.repeat(150)}!":{"type":"string"}},"additionalProperties":{"type":"string"}}`,
    ],
    [
      'JSON',
      'patterns and properties',
      `{"type":"object","patternProperties":{${many(5000, (i) => `"^x${i}$":{}`)}}}`,
      `{"type":"object",${strings(20_000)},"additionalProperties":{}}`,
    ],
    ['JSON', 'alternatives', `{"anyOf":[${many(3000, branch)}]}`, `{"anyOf":[${many(3000, (i) => branch(3000 - i))}]}`],
    [
      'JSON',
      'dependencies',
      `{"type":"object","dependencies":{"a":[${many(100_000, (i) => `"d${i}"`)}]}}`,
      `{"type":"object","dependencies":{"a":[${many(100_000, (i) => `"d${100_000 - i}"`)}]}}`,
    ],
    [
      'AVRO',
      'unions of records',
      `[${many(3000, (i) => `{"type":"record","name":"R${i}","fields":[]}`)}]`,
      `[${many(3000, (i) => `{"type":"record","name":"R${3000 - i}","fields":[]}`)}]`,
    ],
    [
      'AVRO',
      'enums',
      `{"type":"enum","name":"E","symbols":[${many(100_000, (i) => `"S${i}"`)}]}`,
      `{"type":"enum","name":"E","symbols":[${many(100_000, (i) => `"S${100_000 - i}"`)}]}`,
    ],
    [
      'PROTOBUF',
      'oneofs',
      proto(`message A { ${many(15_000, (i) => `oneof o${i} { int32 f${i} = ${i + 1}; }`, ' ')} }`),
      proto(`message A { ${many(15_000, (i) => `oneof p${i} { int32 f${i} = ${i + 1}; }`, ' ')} }`),
    ],
    [
      'PROTOBUF',
      'reserved numbers',
      proto('message A {}'),
      proto(
        `message A { reserved ${many(15_000, (i) => String(30_000 + 2 * i))}; ${many(15_000, (i) => `int32 f${i} = ${i + 1};`, ' ')} }`,
      ),
    ],
    [
      'PROTOBUF',
      'messages',
      proto(many(10_000, (i) => `message M${i} { M${(7 * i) % 10_000} a = 1; }`, ' ')),
      proto(many(10_000, (i) => `message M${i} { M${(7 * i) % 10_000} a = 1; int32 b = 2; }`, ' ')),
    ],
    ['PROTOBUF', 'groups in groups', proto(''), Buffer.alloc(1_000_000, 0x0b).toString('base64')],
    ['PROTOBUF', 'zeros', proto(''), 'A'.repeat(4_000_000)],
  ] as const)('[R23] %s: %s', (type, _, before, after) => {
    const t = new TestRegistry()
    expect(codeOf(() => t.register('s', before, { type }))).toBe(0)
    expect([0, 409, 42201]).toContain(codeOf(() => t.register('s', after, { type })))
  })

  test.each([
    ['messages', many(10_001, (i) => `message M${i} {}`, ' ')],
    ['enums', `message A { ${many(10_000, (i) => `enum E${i} { V${i} = 0; }`, ' ')} }`],
    ['fields', many(61, (m) => `message M${m} { ${many(1000, (i) => `int32 f${i} = ${i + 1};`, ' ')} }`, ' ')],
  ])('[R23] Protobuf: more %s than can be compared soon are refused', (_, text) => {
    expect(codeOf(() => new TestRegistry().register('s', proto(text), { type: 'PROTOBUF' }))).toBe(42201)
  })

  test('[R23] what was given up is not compatible', () => {
    const t = new TestRegistry()
    const union = (n: number) => `[${many(n, (i) => `{"type":"record","name":"R${i}","fields":[]}`)}]`
    t.register('s', union(700))
    expect(() => t.register('s', `["int",${union(700).slice(1)}`)).toThrow('SCHEMA_TOO_COMPLEX')
    const json = { type: 'JSON' } as const
    t.register('j', `{"anyOf":[${many(1500, branch)}]}`, json)
    expect(() => t.register('j', `{"anyOf":[${many(1501, (i) => branch(1501 - i))}]}`, json)).toThrow(
      'SCHEMA_TOO_COMPLEX',
    )
  })
})
