import { describe, expect, test } from 'vitest'
import { parseJsonSchema } from '../../../src-main/registry/json-schema/json-schema'
import { parseProtobufSchema } from '../../../src-main/registry/protobuf/protobuf'

const options = { isNew: true, normalize: false }

function protobuf(before: string, after: string): string[] {
  const parse = (body: string) => parseProtobufSchema(`syntax = "proto3"; package p; ${body}`, [], options)
  return parse(after)
    .differences(parse(before), 'STRICT')
    .map(({ type }) => type)
}

describe('[B3] scalars of one kind may become each other, and no others', () => {
  const kinds = [
    ['int32', 'int64', 'uint32', 'uint64', 'bool', 'E'],
    ['sint32', 'sint64'],
    ['string', 'bytes'],
    ['fixed32', 'sfixed32'],
    ['fixed64', 'sfixed64'],
    ['float'],
    ['double'],
  ]
  const file = (field: string) => `enum E { Z = 0; } message A { ${field} }`
  const all = kinds.flatMap((kind) => kind.map((type) => ({ kind, type })))
  const pairs = all.flatMap((from) => all.map((to) => [from.type, to.type, from.kind === to.kind] as const))

  test.each(pairs)('%s to %s: %j', (from, to, isSame) => {
    const expected = isSame ? [] : ['FIELD_SCALAR_KIND_CHANGED']
    expect(protobuf(file(`${from} x = 1;`), file(`${to} x = 1;`))).toEqual(expected)
    // A value of a map follows the same rule.
    expect(protobuf(file(`map<string, ${from}> x = 1;`), file(`map<string, ${to}> x = 1;`))).toEqual(expected)
  })

  test.each(all.map(({ type }) => type))('%s becomes repeated, and back', (type) => {
    const isText = type === 'string' || type === 'bytes'
    const expected = isText ? [] : ['FIELD_NUMERIC_LABEL_CHANGED']
    expect(protobuf(file(`${type} x = 1;`), file(`repeated ${type} x = 1;`))).toEqual(expected)
    expect(protobuf(file(`repeated ${type} x = 1;`), file(`${type} x = 1;`))).toEqual(expected)
  })

  test.each(all.map(({ type }) => type))('%s and a message are two kinds of field', (type) => {
    const expected = ['FIELD_KIND_CHANGED']
    expect(protobuf(file(`${type} x = 1; message M {}`), file('M x = 1; message M {}'))).toEqual(expected)
    expect(protobuf(file('M x = 1; message M {}'), file(`${type} x = 1; message M {}`))).toEqual(expected)
    expect(protobuf(file(`${type} x = 1;`), file(`map<string, ${type}> x = 1;`))).toEqual(expected)
  })
})

describe('Protobuf: what is not compared', () => {
  test.each<[string, string]>([
    ['enum E { A = 0; B = 1; }', 'enum E { A = 0; }'],
    ['enum E { A = 0; }', 'enum E { RENAMED = 0; }'],
    ['enum E { A = 0; }', ''],
    ['message A { int32 x = 1; reserved 5; }', 'message A { int32 x = 1; }'],
    ['message A { int32 x = 1 [json_name = "y"]; }', 'message A { int32 x = 1 [deprecated = true]; }'],
    ['message A {} service S { rpc Get (A) returns (A); }', 'message A {}'],
    ['option java_package = "a"; message A {}', 'option java_package = "b"; message A {}'],
    ['message A {} message B {}', 'message B {} message A {}'],
    ['message A { message I { int32 x = 1; } I i = 1; }', 'message A { I j = 1; message I { int64 x = 1; } }'],
    ['message A { B b = 1; } message B {}', 'message A { repeated B b = 1; } message B {}'],
    ['message A { B b = 1; } message B {}', 'message A { .p.B b = 1; } message B {}'],
    ['message A { oneof o { int32 x = 1; } }', 'message A { oneof renamed { int32 x = 1; } }'],
  ])('[B3] %s becomes %s', (before, after) => {
    expect(protobuf(before, after)).toEqual([])
  })

  test.each<[string, string, string[]]>([
    ['message A { message I {} }', 'message A {}', ['MESSAGE_REMOVED']],
    ['message A {}', 'enum A { Z = 0; }', ['MESSAGE_REMOVED']],
    [
      'message A { B b = 1; } message B {} message C {}',
      'message A { C b = 1; } message B {} message C {}',
      ['FIELD_NAMED_TYPE_CHANGED'],
    ],
    [
      'message A { message I { int32 x = 1; } I i = 1; }',
      'message A { message I { string x = 1; } I i = 1; }',
      ['FIELD_SCALAR_KIND_CHANGED'],
    ],
    [
      'message A { map<string, B> m = 1; } message B {}',
      'message A { map<int32, B> m = 1; } message B {}',
      ['FIELD_SCALAR_KIND_CHANGED'],
    ],
    [
      'message A { oneof o { int32 x = 1; int32 y = 2; int32 z = 3; } }',
      'message A { oneof o { int32 x = 1; } }',
      ['ONEOF_FIELD_REMOVED', 'ONEOF_FIELD_REMOVED'],
    ],
    [
      'message A { int32 x = 1; int32 y = 2; int32 z = 3; }',
      'message A { int32 z = 3; oneof o { int32 x = 1; int32 y = 2; } }',
      ['MULTIPLE_FIELDS_MOVED_TO_ONEOF'],
    ],
  ])('[B4] %s becomes %s', (before, after, expected) => {
    expect(protobuf(before, after)).toEqual(expected)
  })
})

type Json = boolean | Record<string, unknown>

function json(before: Json, after: Json): string[] {
  const parse = (schema: Json) => parseJsonSchema(JSON.stringify(schema), [], options)
  return parse(after)
    .differences(parse(before), 'STRICT')
    .map(({ type }) => type)
}

describe('[J3] limits of JSON Schema', () => {
  test.each([
    ['string', 'maxLength', 'MAX_LENGTH', true],
    ['string', 'minLength', 'MIN_LENGTH', false],
    ['number', 'maximum', 'MAXIMUM', true],
    ['number', 'minimum', 'MINIMUM', false],
    ['number', 'exclusiveMaximum', 'EXCLUSIVE_MAXIMUM', true],
    ['number', 'exclusiveMinimum', 'EXCLUSIVE_MINIMUM', false],
    ['object', 'maxProperties', 'MAX_PROPERTIES', true],
    ['object', 'minProperties', 'MIN_PROPERTIES', false],
    ['array', 'maxItems', 'MAX_ITEMS', true],
    ['array', 'minItems', 'MIN_ITEMS', false],
  ] as const)('of %s: %s', (type, keyword, name, isUpper) => {
    const at = (value?: number): Json => (value === undefined ? { type } : { type, [keyword]: value })
    const [loose, tight] = isUpper ? [6, 5] : [5, 6]
    expect(json(at(tight), at(loose))).toEqual([])
    expect(json(at(tight), at())).toEqual([])
    expect(json(at(5), at(5))).toEqual([])
    expect(json(at(loose), at(tight))).toEqual([`${name}_${isUpper ? 'DECREASED' : 'INCREASED'}`])
    expect(json(at(), at(tight))).toEqual([`${name}_ADDED`])
  })
})

describe('[J3] types of JSON Schema', () => {
  const types = ['string', 'number', 'integer', 'boolean', 'null', 'object', 'array']
  const pairs = types.flatMap((from) => types.map((to) => [from, to] as const))
  test.each(pairs)('%s becomes %s', (from, to) => {
    const expected =
      from === to || (from === 'integer' && to === 'number')
        ? []
        : [from === 'number' && to === 'integer' ? 'TYPE_NARROWED' : 'TYPE_CHANGED']
    expect(json({ type: from }, { type: to })).toEqual(expected)
  })

  test.each(types)('%s becomes a union that has it, anything, and nothing', (type) => {
    const other = type === 'null' ? 'string' : 'null'
    const plain = { type }
    for (const wider of [
      { type: [type, other] },
      { oneOf: [plain, { type: other }] },
      { anyOf: [{ type: other }, plain] },
      {},
      true,
    ]) {
      expect([wider, json(plain, wider)]).toEqual([wider, []])
    }
    expect(json(plain, false)).not.toEqual([])
    expect(json(false, plain)).toEqual([])
    expect(json({ type: [type, other] }, plain)).toEqual(['TYPE_CHANGED'])
    expect(json({ oneOf: [plain, { type: other }] }, { anyOf: [plain, { type: other }] })).toEqual([])
  })
})

describe('[J2] [J3] further keywords', () => {
  const text = { type: 'string' }
  test.each<[Json, Json, string[]]>([
    [{ ...text, pattern: 'a' }, { ...text, pattern: 'a' }, []],
    [text, { ...text, pattern: 'a' }, ['PATTERN_ADDED']],
    [{ type: 'number', multipleOf: 2 }, { type: 'number' }, []],
    [{ type: 'number' }, { type: 'number', multipleOf: 2 }, ['MULTIPLE_OF_ADDED']],
    [{ type: 'number', multipleOf: 2 }, { type: 'number', multipleOf: 3 }, ['MULTIPLE_OF_CHANGED']],
    [{ type: 'array', uniqueItems: true }, { type: 'array' }, []],
    [{ type: 'array', items: [text] }, { type: 'array', items: [] }, []],
    [{ type: 'array', items: [text], additionalItems: false }, { type: 'array', items: [text] }, []],
    [
      { type: 'array', items: [text] },
      { type: 'array', items: [text], additionalItems: false },
      ['ADDITIONAL_ITEMS_REMOVED'],
    ],
    [
      { type: 'array', items: [text] },
      { type: 'array', items: [text], additionalItems: text },
      ['ADDITIONAL_ITEMS_NARROWED'],
    ],
    [{ type: 'object', additionalProperties: text }, { type: 'object', additionalProperties: true }, []],
    [
      { type: 'object', additionalProperties: { type: 'integer' } },
      { type: 'object', additionalProperties: { type: 'number' } },
      [],
    ],
    [{ type: 'object', additionalProperties: false }, { type: 'object', additionalProperties: text }, []],
    [{ type: 'object', dependencies: { a: ['b'] } }, { type: 'object' }, []],
    [
      { type: 'object', dependencies: { a: ['b'] } },
      { type: 'object', dependencies: { a: ['b', 'c'] } },
      ['DEPENDENCY_ARRAY_EXTENDED'],
    ],
    [
      { type: 'object', dependencies: { a: ['b'] } },
      { type: 'object', dependencies: { a: ['c'] } },
      ['DEPENDENCY_ARRAY_CHANGED'],
    ],
    [{ enum: [1, 'a', null] }, { enum: ['a', 1.0, null, true] }, []],
    [{ const: 'a' }, { const: 'b' }, ['ENUM_ARRAY_CHANGED']],
    [{ allOf: [text, { minLength: 1 }] }, { allOf: [text] }, []],
    [{ oneOf: [text] }, { oneOf: [text, { type: 'null' }] }, []],
    [{ not: text }, { not: { type: 'number' } }, ['NOT_TYPE_EXTENDED']],
    [{ ...text, $id: 'http://a/b' }, { ...text, $id: 'http://a/c' }, []],
  ])('%j becomes %j', (before, after, expected) => {
    expect(json(before, after)).toEqual(expected)
  })
})
