import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRegistered } from '../../src-main/desk/decoders/registry'
import { schemasOf } from '../../src-main/desk/decoders/registry-schemas'
import { encoded } from '../../src-main/desk/schemas/encode'
import { isAvro, parseAvroSchema } from '../../src-main/registry/avro/avro'
import { exampleOf } from '../../src-main/registry/avro/defaults'
import { readAvroValue } from '../../src-main/registry/avro/read-value'
import { writeAvroValue } from '../../src-main/registry/avro/write-value'
import { checkCompatibility } from '../../src-main/registry/compatibility'
import { parseJson } from '../../src-main/registry/json'
import { parseJsonSchema } from '../../src-main/registry/json-schema/json-schema'
import { putConfig } from '../../src-main/registry/modes'
import { isProtobuf, parseProtobufSchema } from '../../src-main/registry/protobuf/protobuf'
import { readRecord, writeRecord } from '../../src-main/registry/records'
import { removeSubject, removeVersion } from '../../src-main/registry/remove'
import { RegistryError, SchemaError } from '../../src-main/registry/schema'
import { RegistryState } from '../../src-main/registry/state'
import { avroSchema } from '../support/avro-schemas'
import { codeOf, schemaOf, TestRegistry } from '../support/registry'

const parse = (text: string, normalize = false) => {
  try {
    return parseAvroSchema(text, [], { isNew: true, normalize })
  } catch (error) {
    if (error instanceof SchemaError) return null
    throw error
  }
}

describe('schemas of Avro', () => {
  it('[A1] have a text that stays, and a normalized one too', () => {
    fc.assert(
      fc.property(avroSchema, (schema) => {
        const parsed = parse(JSON.stringify(schema))
        if (!parsed) return
        expect(parse(parsed.text)?.text).toBe(parsed.text)
        const normalized = parse(parsed.text, true)
        // Normalized names are full names, as in Avro's SchemaNormalization: one without a namespace inside one that has a namespace is
        // read as another name.
        if (parsed.text.includes('"namespace":""')) return
        expect(parse(normalized?.text ?? '', true)?.text).toBe(normalized?.text)
        expect(normalized?.isEqual(parsed)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('[A3] read what they wrote, and the example of each comes back', () => {
    fc.assert(
      fc.property(avroSchema, (schema) => {
        const parsed = parse(JSON.stringify(schema))
        if (!parsed || !isAvro(parsed)) return
        expect(parsed.differences(parsed, 'STRICT')).toEqual([])
        const json = exampleOf(parsed.schema)
        let bytes: Buffer
        try {
          bytes = writeAvroValue(parsed.schema, parseJson(json))
        } catch {
          // A union without branches, an enum without symbols and a record that always contains itself have no value.
          return
        }
        const text = readAvroValue(parsed.schema, bytes)
        expect(writeAvroValue(parsed.schema, parseJson(text)).equals(bytes)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('levels', () => {
  it('[R19] FULL is BACKWARD and FORWARD at once', () => {
    const accepts = (level: string, old: string, fresh: string) => {
      const t = new TestRegistry()
      t.register('s', old)
      t.run(putConfig(t.registry, 's', { compatibility: level }))
      return checkCompatibility(t.registry, 's', null, schemaOf(fresh), { verbose: false, normalize: false })
        .isCompatible
    }
    fc.assert(
      fc.property(avroSchema, avroSchema, (old, fresh) => {
        const [a, b] = [parse(JSON.stringify(old))?.text, parse(JSON.stringify(fresh))?.text]
        if (a === undefined || b === undefined) return
        expect(accepts('FULL', a, b)).toBe(accepts('BACKWARD', a, b) && accepts('FORWARD', a, b))
        expect(accepts('FORWARD', a, b)).toBe(accepts('BACKWARD', b, a))
      }),
      { numRuns: 300 },
    )
  })
})

interface Inner {
  readonly x?: string
  readonly more?: readonly Inner[]
}

describe('schemas of JSON and Protobuf', () => {
  it('[B3] [J1] values that are written with one are read with it', () => {
    const t = new TestRegistry()
    const proto = t.register(
      'p-value',
      `syntax = "proto3"; package p;
       message M { int64 a = 1; sint32 b = 2; string c = 3; bytes d = 4; repeated uint64 e = 5; map<string, int32> f = 6;
         oneof o { bool g = 7; double h = 8; } E i = 9; N n = 10;
         message N { fixed64 x = 1; repeated N more = 2; } enum E { ZERO = 0; ONE = 1; } }`,
      { type: 'PROTOBUF' },
    )
    const json = t.register('j-value', '{"type":"object","properties":{"a":{"type":"integer"}}}', { type: 'JSON' })
    const schemas = schemasOf(() => t.registry)
    const readBack = (subject: string, value: unknown) => {
      const bytes = encoded(t.registry, { subject, version: null, message: null }, JSON.stringify(value))
      const read = readRegistered(bytes, { topic: subject.slice(0, 1), part: 'value', headers: [] }, schemas)
      return read && 'text' in read ? { value: JSON.parse(read.text) as unknown, id: read.schema.id } : read
    }
    const signed = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    const unsigned = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    const x = unsigned.map(String)
    const { inner } = fc.letrec<{ inner: Inner }>((tie) => ({
      inner: fc.oneof(
        { maxDepth: 3 },
        fc.record({ x }, { requiredKeys: [] }),
        fc.record({ x, more: fc.array(tie('inner'), { maxLength: 2 }) }, { requiredKeys: [] }),
      ),
    }))
    const fields = {
      a: signed.map(String),
      b: fc.integer(),
      c: fc.string({ unit: 'grapheme' }),
      d: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
      e: fc.array(unsigned.map(String)),
      f: fc.dictionary(fc.string({ minLength: 1 }), fc.integer(), { minKeys: 1, noNullPrototype: true }),
      i: fc.constantFrom('ZERO', 'ONE'),
      n: inner,
    }
    // JSON.stringify writes -0 as 0.
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0)
    const message = fc.oneof(
      fc.record({ ...fields, g: fc.constant(true) }, { requiredKeys: [] }),
      fc.record({ ...fields, h: number }, { requiredKeys: [] }),
    )
    // Fields without presence have their defaults where nothing was written.
    const withDefaults = ({ x = '0', more = [] }: Inner): Inner => ({ x, more: more.map(withDefaults) })
    const nothing = { a: '0', b: 0, c: '', d: '', e: [], f: {}, i: 'ZERO' }
    fc.assert(
      fc.property(message, (value) => {
        const whole = { ...nothing, ...value, ...(value.n && { n: withDefaults(value.n) }) }
        expect(readBack('p-value', value)).toEqual({ value: whole, id: proto.id })
      }),
    )
    const document = fc.record({ a: fc.integer(), more: fc.jsonValue() }, { requiredKeys: [] })
    fc.assert(
      fc.property(document, (value) => {
        expect(readBack('j-value', value)).toEqual({ value: JSON.parse(JSON.stringify(value)), id: json.id })
      }),
    )
  })

  const canonical = (parser: typeof parseJsonSchema, text: string) => {
    const parsed = (given: string, normalize: boolean) => parser(given, [], { isNew: true, normalize })
    const [plain, normalized] = [parsed(text, false), parsed(text, true)]
    expect(parsed(plain.text, false).text).toBe(plain.text)
    expect(parsed(normalized.text, true).text).toBe(normalized.text)
    expect(parsed(plain.text, true).text).toBe(normalized.text)
    expect(plain.isEqual(parsed(plain.text, false))).toBe(true)
    expect(plain.differences(parsed(plain.text, false), 'STRICT')).toEqual([])
    expect(plain.differences(normalized, 'STRICT')).toEqual([])
  }

  it('[J1] have a text that stays, and a normalized one too', () => {
    const { schema } = fc.letrec<{ schema: Record<string, unknown> }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Record<string, unknown>>(
          { type: 'string' },
          { type: 'integer', minimum: 1.5 },
          { enum: ['a', 1] },
        ),
        fc.record({
          type: fc.constant('object'),
          required: fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 2 }),
          properties: fc.dictionary(fc.string({ maxLength: 3 }), tie('schema'), { maxKeys: 3 }),
        }),
        fc.record({ type: fc.constant('array'), items: tie('schema') }),
        fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((oneOf) => ({ title: 'T', oneOf })),
      ),
    }))
    fc.assert(
      fc.property(schema, (given) => canonical(parseJsonSchema, JSON.stringify(given, null, 2))),
      { numRuns: 300 },
    )
  })

  it('[B1] [B2] have a text that stays, and a descriptor that is the same file', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const type = fc.constantFrom('int32', 'string', 'bytes', 'Other', 'map<string, Other>', 'map<int32, bool>', 'E')
    const fields = fc
      .uniqueArray(fc.record({ name, type, number: fc.integer({ min: 1, max: 500 }), repeated: fc.boolean() }), {
        selector: ({ name: field }) => field,
        maxLength: 5,
      })
      .map((list) => [...new Map(list.map((field) => [field.number, field])).values()])
    const file = fc
      .tuple(fields, fields, fc.constantFrom('', 'package p;', 'package p.q;'))
      .map(([own, inner, declared]) => {
        const body = (list: typeof own) =>
          list
            .map(
              (field) =>
                `${field.repeated && !field.type.startsWith('map') ? 'repeated ' : ''}${field.type} ${field.name} = ${field.number};`,
            )
            .join(' ')
        return `syntax = "proto3"; ${declared} message M { ${body(own)} message Other { ${body(inner)} } } enum E { Z = 0; } message Other {}`
      })
    fc.assert(
      fc.property(file, (text) => {
        canonical(parseProtobufSchema, text)
        const parsed = parseProtobufSchema(text, [], { isNew: true, normalize: false })
        if (!isProtobuf(parsed)) throw new Error('not Protobuf')
        const back = parseProtobufSchema(parsed.serialized('m.proto'), [], { isNew: true, normalize: false })
        expect(back.isEqual(parsed)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

type Step =
  | { readonly kind: 'register'; readonly subject: string; readonly text: string }
  | { readonly kind: 'version'; readonly subject: string; readonly version: number; readonly permanent: boolean }
  | { readonly kind: 'subject'; readonly subject: string; readonly permanent: boolean }

const subject = fc.constantFrom('s', 't')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('register' as const),
      subject,
      text: fc.constantFrom('"int"', '"long"', '"string"', '"bytes"'),
    }),
  },
  fc.record({
    kind: fc.constant('version' as const),
    subject,
    version: fc.integer({ min: 1, max: 5 }),
    permanent: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('subject' as const), subject, permanent: fc.boolean() }),
)

/** Codes that the table of version states knows. */
const known = new Set([40401, 40402, 40404, 40405, 40406, 40407])

describe('any order of registering and deleting', () => {
  it('[R1] [R3] [R4] obeys the table of version states', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const t = new TestRegistry()
        t.run(putConfig(t.registry, null, { compatibility: 'NONE' }))
        const idsGiven = new Map<number, string>()
        const ids = () =>
          new Map(
            ['s', 't'].flatMap((name) =>
              t.registry.state.versions(name, 'all').map(({ version, id }) => [`${name} ${version}`, id] as const),
            ),
          )
        for (const one of steps) {
          const before = t.registry.state.versions(one.subject, 'all')
          const idsBefore = ids()
          if (one.kind === 'register') {
            const version = t.register(one.subject, one.text)
            expect(t.register(one.subject, one.text)).toEqual(version)
            // An id is of one text for ever.
            expect(idsGiven.get(version.id) ?? one.text).toBe(one.text)
            idsGiven.set(version.id, one.text)
            const isOld = before.some((other) => other.version === version.version && !other.deleted)
            if (!isOld) expect(version.version).toBe((before.at(-1)?.version ?? 0) + 1)
          } else {
            const { permanent } = one
            const code = codeOf(() =>
              one.kind === 'version'
                ? t.run(removeVersion(t.registry, one.subject, one.version, permanent))
                : t.run(removeSubject(t.registry, one.subject, permanent)),
            )
            const live = before.filter(({ deleted }) => !deleted)
            const wanted = one.kind === 'version' ? before.find(({ version }) => version === one.version) : undefined
            const expected =
              before.length === 0
                ? 40401
                : one.kind === 'version'
                  ? !wanted
                    ? 40402
                    : wanted.deleted
                      ? permanent
                        ? 0
                        : 40406
                      : permanent
                        ? 40407
                        : 0
                  : live.length === 0
                    ? permanent
                      ? 0
                      : 40404
                    : permanent
                      ? 40405
                      : 0
            expect([one, code]).toEqual([one, expected])
            expect(code === 0 || known.has(code)).toBe(true)
          }
          // Whatever happens to a version, its id stays.
          for (const [version, id] of ids()) expect([version, idsBefore.get(version) ?? id]).toEqual([version, id])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('[R21] is the same after a replay of what was written', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const t = new TestRegistry()
        const replayed = new RegistryState()
        t.run(putConfig(t.registry, null, { compatibility: 'NONE' }))
        const apply = t.registry.state.apply.bind(t.registry.state)
        t.registry.state.apply = (record) => {
          apply(record)
          const { key, value } = writeRecord(record)
          const read = readRecord(Buffer.from(key), value === null ? null : Buffer.from(value), 0)
          if (read) replayed.apply(read)
        }
        for (const one of steps) {
          try {
            if (one.kind === 'register') t.register(one.subject, one.text)
            else if (one.kind === 'version') t.run(removeVersion(t.registry, one.subject, one.version, one.permanent))
            else t.run(removeSubject(t.registry, one.subject, one.permanent))
          } catch (error) {
            if (!(error instanceof RegistryError)) throw error
          }
        }
        for (const name of ['s', 't']) {
          expect(replayed.versions(name, 'all')).toEqual(t.registry.state.versions(name, 'all'))
        }
        expect(replayed.subjects()).toEqual(t.registry.state.subjects())
      }),
      { numRuns: 200 },
    )
  })
})

describe('hostile texts', () => {
  it('[R23] end in an error or in a schema', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"type"',
      ':',
      ',',
      '"record"',
      '"name"',
      'message',
      ' A ',
      '=',
      ';',
      '1',
      '"',
      '\\',
      '\u0000',
      '/*',
      '*/',
      'oneof',
      '"$ref"',
      '"#"',
      'syntax',
    ]
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })), { maxLength: 60 })
      .map((parts) => parts.join(''))
    for (const read of [parseAvroSchema, parseJsonSchema, parseProtobufSchema]) {
      fc.assert(
        fc.property(text, (given) => {
          try {
            read(given, [], { isNew: true, normalize: true })
          } catch (error) {
            expect(error).toBeInstanceOf(SchemaError)
          }
        }),
        { numRuns: 1000 },
      )
    }
  })

  it.each([
    ['AVRO', `{"type":"record","name":"R","doc":"${'x'.repeat(4_900_000)}","fields":[]}`],
    ['AVRO', `[${'{"type":"array","items":'.repeat(400)}"int"${'}'.repeat(400)}]`],
    ['JSON', `{"description":"${'\\u00e9'.repeat(800_000)}"}`],
    ['JSON', `{${' '.repeat(4_900_000)}}`],
    ['PROTOBUF', `syntax = "proto3"; /* ${'x'.repeat(4_900_000)} */ message A {}`],
    ['PROTOBUF', `syntax = "proto3"; ${'\n'.repeat(4_900_000)} message A {}`],
    ['PROTOBUF', `syntax = "proto3"; message A { option (x) = "${'y'.repeat(4_900_000)}"; }`],
  ] as const)('[R23] a large %s is taken or refused', (type, text) => {
    const code = codeOf(() => new TestRegistry().register('s', text, { type }))
    expect([0, 42201]).toContain(code)
  })
})
