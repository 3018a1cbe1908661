import { describe, expect, test } from 'vitest'
import { decoderFor } from '../../../src-main/desk/decoders/decoder'
import { schemasOf } from '../../../src-main/desk/decoders/registry-schemas'
import { encoded } from '../../../src-main/desk/schemas/encode'
import { TestRegistry } from '../../support/registry'

const t = new TestRegistry()
const imports = ['any', 'duration', 'field_mask', 'struct', 'timestamp', 'wrappers']
t.register(
  'all-value',
  `syntax = "proto3";
${imports.map((name) => `import "google/protobuf/${name}.proto";`).join('\n')}
message All {
  int64 id = 1;
  double price = 2;
  bytes raw = 3;
  Kind kind = 4;
  repeated All parts = 5;
  map<string, int32> stock = 6;
  optional int32 known = 7;
  oneof pay { string card = 8; bool cash = 9; }
  google.protobuf.Timestamp at = 10;
  google.protobuf.Duration took = 11;
  google.protobuf.Struct extra = 12;
  google.protobuf.Value any_json = 13;
  google.protobuf.Int64Value large = 14;
  google.protobuf.StringValue note = 15;
  google.protobuf.FieldMask mask = 16;
  google.protobuf.Any other = 17;
  string order_name = 18;
  enum Kind { NEW = 0; PAID = 1; }
}`,
  { type: 'PROTOBUF' },
)
const choice = { subject: 'all-value', version: null, message: null }
const write = (value: object) => encoded(t.registry, choice, JSON.stringify(value))

async function read(bytes: Uint8Array): Promise<unknown> {
  const automatic = { format: 'auto', schema: null, type: null } as const
  const decode = await decoderFor(automatic, { topic: 'all', schemas: schemasOf(() => t.registry) })
  const cell = decode(bytes, 100_000, { part: 'value', key: null, headers: [] })
  return cell.kind === 'protobuf' ? JSON.parse(cell.text) : cell
}

/** What a message is in which nothing is set: fields without presence have their defaults (JSON mapping of proto3). */
const nothing = { id: '0', price: 0, raw: '', kind: 'NEW', parts: [], stock: {}, order_name: '' }

describe('values of a registered Protobuf schema', () => {
  test('show the defaults of fields that were not written', async () => {
    expect(await read(write({}))).toEqual(nothing)
  })

  test.each([
    { id: '9223372036854775807', price: -1.5e300, raw: '/wAB', kind: 'PAID' },
    { parts: [{ ...nothing, id: '1', parts: [{ ...nothing, known: 0 }] }], stock: { apples: 3, '': -1 } },
    { card: '', note: '', large: '-9223372036854775808' },
    { cash: false, note: 'n', large: '0' },
    { at: '2026-11-30T12:00:00.000Z', took: '-1.5s' },
    { at: '1969-12-31T23:59:59.999999999Z', took: '0s' },
    { at: '0001-01-01T00:00:00.000Z', took: '0.000000001s' },
    { extra: { a: [1, 'x', null, true, { b: {} }], c: 0.5 }, any_json: [null, {}] },
    { any_json: null },
    { mask: 'a.b,c' },
    { other: { '@type': 'type.googleapis.com/All', ...nothing, at: '2026-11-30T12:00:00.000Z' } },
    { other: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '2s' } },
    { other: { '@type': 'type.googleapis.com/who.Knows', value: '/wAB' } },
  ])('are read as they were written: %j', async (value) => {
    const bytes = write(value)
    expect(await read(bytes)).toEqual({ ...nothing, ...value })
    expect(write((await read(bytes)) as object)).toEqual(bytes)
  })

  test('are written from other forms of the JSON mapping', async () => {
    expect(
      await read(write({ orderName: 'x', id: 7, price: 'Infinity', at: { seconds: '5', nanos: 1 }, known: null })),
    ).toEqual({
      ...nothing,
      order_name: 'x',
      id: '7',
      price: 'Infinity',
      at: '1970-01-01T00:00:05.000000001Z',
    })
    expect(await read(write({ at: '2026-11-30T13:00:00+01:00' }))).toMatchObject({ at: '2026-11-30T12:00:00.000Z' })
    // 2^53 + 1 as a number keeps its last digit.
    expect(await read(encoded(t.registry, choice, '{"id":9007199254740993}'))).toMatchObject({ id: '9007199254740993' })
  })

  test.each([
    [{ nope: 1 }, 'nope is no field of All'],
    [{ parts: [{ nope: 1 }] }, 'nope is no field of All'],
    [{ parts: {} }, 'parts must be a list, not {}'],
    [{ stock: [] }, 'stock must be an object, not []'],
    [{ id: 'x' }, 'id must be a whole number, not "x"'],
    [{ id: 1.5 }, 'id must be a whole number, not 1.5'],
    [{ price: '' }, 'price must be a number, not ""'],
    [{ kind: 'LOST' }, 'kind must be one of NEW, PAID, not "LOST"'],
    [{ cash: 1 }, 'cash must be true or false, not 1'],
    [{ card: 1 }, 'card must be text, not 1'],
    [{ at: 'soon' }, '"soon" is no time such as "2026-11-30T12:00:00Z"'],
    [{ took: '1' }, '"1" is no duration such as "1.5s"'],
  ])('that do not fit are refused: %j', (value, problem) => {
    expect(() => write(value)).toThrow(problem)
  })
})
