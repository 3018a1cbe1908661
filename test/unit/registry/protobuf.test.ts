import protobuf from 'protobufjs'
import descriptor from 'protobufjs/ext/descriptor'
import { describe, expect, test } from 'vitest'
import { isProtobuf, type ParsedProtobuf, parseProtobufSchema } from '../../../src-main/registry/protobuf/protobuf'
import { codeOf, TestRegistry } from '../../support/registry'

function parse(text: string, { isNew = true, normalize = false } = {}): ParsedProtobuf {
  const parsed = parseProtobufSchema(text, [], { isNew, normalize })
  if (!isProtobuf(parsed)) throw new Error('not Protobuf')
  return parsed
}

const file = (body: string, head = 'syntax = "proto3"; package p;') => `${head}\n${body}`

const everything = `// A comment.
syntax = "proto2";
package shop.v1;
import public "google/protobuf/timestamp.proto";
option java_package = 'com.shop'; option (custom) = { a: 1 b: "x" };
/* another */
message Order {
  reserved 5, 7 to 9, 100 to max; reserved "old";
  option deprecated = true;
  required int64 id = 1 [deprecated = true, json_name = "ID"];
  optional string note = 2 [default = "a \\"b\\""];
  map<string, Item> items = 3;
  oneof payment { string card = 4; bool cash = 6; }
  message Item { optional int32 n = 1; enum Kind { A = 0; B = -1; } optional Kind kind = 2; }
  repeated group Part = 10 { optional bytes raw = 1; }
}
enum State { option allow_alias = true; NEW = 0; FRESH = 0; }
service Orders { rpc Get (Order) returns (stream Order); }
`

describe('the stored text', () => {
  test('[B1] has no comments and one layout, and stays', () => {
    const { text } = parse(everything)
    expect(text).not.toContain('comment')
    expect(parse(text).text).toBe(text)
    expect(text).toContain('  oneof payment {\n    string card = 4;\n    bool cash = 6;\n  }')
    expect(text).toContain('repeated group Part = 10 {\n    optional bytes raw = 1;\n  }')
    expect(text).toContain('option (custom) = { a : 1 b : "x" };')
    expect(text).toContain('rpc Get (Order) returns (stream Order);')
    expect(parse(everything.replaceAll('\n', '\n\n')).text).toBe(text)
  })

  test('[B1] can be read by protobufjs too', () => {
    const { root } = protobuf.parse(parse(file('message A { map<string, B> m = 1; message B { int32 x = 1; } }')).text)
    expect(root.lookupType('p.A').fields.m?.type).toBe('B')
  })

  test('[B1] normalized, order does not matter', () => {
    const a = file(
      'import "google/protobuf/any.proto"; import "google/protobuf/timestamp.proto"; message A { int32 x = 1; B b = 2; } message B {}',
    )
    const b = file(
      'import "google/protobuf/timestamp.proto"; import "google/protobuf/any.proto"; message A { .p.B b = 2; int32 x = 1; } message B {}',
    )
    expect(parse(a, { normalize: true }).text).toBe(parse(b, { normalize: true }).text)
    expect(parse(a).isEqual(parse(b))).toBe(true)
  })
})

test('[B1] a keyword before a full name is a keyword', () => {
  const text =
    file(`message A { repeated .p.A a = 1; optional .p.A b = 2; repeated repeated c = 3; message repeated {} }
    extend .p.A { optional .p.A d = 100; } service S { rpc Get (stream .p.A) returns (stream .p.A); }`)
  const parsed = parse(text)
  expect(parse(parsed.text).text).toBe(parsed.text)
  expect(parsed.text).toContain('repeated .p.A a = 1;')
  expect(parsed.text).toContain('rpc Get (stream .p.A) returns (stream .p.A);')
  const normalized = parse(text, { normalize: true }).text
  expect(parse(normalized, { normalize: true }).text).toBe(normalized)
})

describe('descriptors', () => {
  test('[B2] are what protobufjs reads', () => {
    const bytes = Buffer.from(
      parse(everything.replace('option (custom) = { a: 1 b: "x" };', '')).serialized('order.proto'),
      'base64',
    )
    const decoded = descriptor.FileDescriptorProto.toObject(descriptor.FileDescriptorProto.decode(bytes), {
      enums: String,
    }) as { name: string; messageType: { field: { name: string; typeName?: string; type: string }[] }[] }
    expect(decoded.name).toBe('order.proto')
    expect(decoded.messageType[0]?.field.map(({ name, type, typeName }) => [name, type, typeName ?? ''])).toEqual([
      ['id', 'TYPE_INT64', ''],
      ['note', 'TYPE_STRING', ''],
      ['items', 'TYPE_MESSAGE', '.shop.v1.Order.ItemsEntry'],
      ['card', 'TYPE_STRING', ''],
      ['cash', 'TYPE_BOOL', ''],
      ['part', 'TYPE_GROUP', '.shop.v1.Order.Part'],
    ])
  })

  test.each([
    file(
      'message A { optional string s = 1; repeated int32 n = 2; map<int32, B> m = 3; oneof o { B b = 4; string t = 5; } message B { E e = 1; } enum E { X = 0; Y = -5; } reserved 9, 10 to 12; }',
    ),
    everything.replace('option (custom) = { a: 1 b: "x" };', ''),
  ])('[B2] of a file are the file again', (text) => {
    const given = parse(text)
    const again = parse(given.serialized('a.proto'))
    expect(again.isEqual(given)).toBe(true)
    expect(again.serialized('a.proto')).toBe(given.serialized('a.proto'))
  })
})

describe('compatibility', () => {
  const types = (before: string, after: string) =>
    parse(file(after), { isNew: false })
      .differences(parse(file(before), { isNew: false }), 'STRICT')
      .map(({ type }) => type)
  const field = (text: string) => `message A { ${text} } message B {} message C {} enum E { Z = 0; }`

  test.each<[string, string]>([
    ['int32 x = 1;', 'int64 x = 1;'],
    ['int32 x = 1;', 'bool x = 1;'],
    ['E x = 1;', 'uint32 x = 1;'],
    ['sint32 x = 1;', 'sint64 x = 1;'],
    ['string x = 1;', 'bytes x = 1;'],
    ['string x = 1;', 'repeated string x = 1;'],
    ['fixed32 x = 1;', 'sfixed32 x = 1;'],
    ['int32 x = 1;', 'int32 renamed = 1;'],
    ['int32 x = 1;', ''],
    ['', 'int32 x = 1;'],
    ['int32 x = 1;', 'oneof o { int32 x = 1; }'],
    ['oneof o { int32 x = 1; }', 'oneof o { int32 x = 1; int32 y = 2; }'],
    ['oneof o { int32 x = 1; int32 y = 2; }', ''],
    ['oneof o { int32 x = 1; int32 y = 2; }', 'int32 x = 1; int32 y = 2;'],
  ])('[B3] %s becomes %s', (before, after) => {
    expect(types(field(before), field(after))).toEqual([])
  })

  test.each<[string, string, string]>([
    ['int32 x = 1;', 'string x = 1;', 'FIELD_SCALAR_KIND_CHANGED'],
    ['int32 x = 1;', 'sint32 x = 1;', 'FIELD_SCALAR_KIND_CHANGED'],
    ['float x = 1;', 'double x = 1;', 'FIELD_SCALAR_KIND_CHANGED'],
    ['int32 x = 1;', 'B x = 1;', 'FIELD_KIND_CHANGED'],
    ['map<int32, B> x = 1;', 'B x = 1;', 'FIELD_KIND_CHANGED'],
    ['B x = 1;', 'C x = 1;', 'FIELD_NAMED_TYPE_CHANGED'],
    ['map<string, B> x = 1;', 'map<string, C> x = 1;', 'FIELD_NAMED_TYPE_CHANGED'],
    ['int32 x = 1;', 'repeated int32 x = 1;', 'FIELD_NUMERIC_LABEL_CHANGED'],
    ['', 'required int32 x = 1;', 'REQUIRED_FIELD_ADDED'],
    ['required int32 x = 1;', '', 'REQUIRED_FIELD_REMOVED'],
    ['oneof o { int32 x = 1; int32 y = 2; }', 'oneof o { int32 x = 1; }', 'ONEOF_FIELD_REMOVED'],
    ['int32 x = 1; int32 y = 2;', 'oneof o { int32 x = 1; int32 y = 2; }', 'MULTIPLE_FIELDS_MOVED_TO_ONEOF'],
    ['oneof o { int32 x = 1; } int32 y = 2;', 'oneof o { int32 x = 1; int32 y = 2; }', 'FIELD_MOVED_TO_EXISTING_ONEOF'],
  ])('[B4] %s becomes %s', (before, after, type) => {
    expect(types(field(before), field(after))).toEqual([type])
  })

  test('[B4] messages and packages', () => {
    expect(types('message A {} message B { message C {} }', 'message B {}')).toEqual([
      'MESSAGE_REMOVED',
      'MESSAGE_REMOVED',
    ])
    expect(types('message A {}', 'message A {} message B {}')).toEqual([])
    const [difference] = parse('syntax = "proto3"; package q;').differences(parse(file('')), 'STRICT')
    expect(difference?.type).toBe('PACKAGE_CHANGED')
  })

  test('[B3] a type of a reference is compared by what it is', () => {
    const t = new TestRegistry()
    const options = { type: 'PROTOBUF' } as const
    t.register('b1', file('message B { int32 x = 1; }'), options)
    t.register('b2', file('message B { string x = 1; }'), options)
    const a = file('import "b.proto"; message A { B b = 1; }')
    const at = (subject: string) => ({ ...options, references: [{ name: 'b.proto', subject, version: 1 }] })
    t.register('a', a, at('b1'))
    expect(codeOf(() => t.register('a', a, at('b2')))).toBe(409)
    t.register('b3', file('message B { int64 x = 1; }'), options)
    expect(t.register('a', a, at('b3')).version).toBe(2)
  })
})

describe('what is refused', () => {
  test.each([
    ['message A { int32 x = 1; int32 y = 1; }', 'share tag'],
    ['message A { int32 x = 0; }', 'out of range'],
    ['message A { int32 x = 19000; }', 'out of range'],
    ['message A { Missing x = 1; }', 'not defined'],
    ['message A { int32 x = 1; int32 x = 2; }', 'twice'],
    ['message A { reserved 1; int32 x = 1; }', 'reserved'],
    ['import "other.proto"; message A {}', 'no reference'],
    ['enum E { A = 1; }', 'must be 0'],
    ['message A {', "expected '}'"],
    ['message A { int32 x; }', "expected '='"],
    ['nonsense', 'unexpected'],
    ['message A {}}', 'expected a name'],
  ])('[B5] %s', (body, why) => {
    expect(() => parse(file(body))).toThrow(why)
  })

  test('[B5] [R23] what is no text and no descriptor, and what is nested without end', () => {
    expect(() => parse('AAAAAAAAAAAA')).toThrow()
    expect(() => parse(file('message A {'.repeat(10_000)))).toThrow('nested')
  })
})
