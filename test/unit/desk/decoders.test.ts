import { ExtData, encode as encodeMsgpack } from '@msgpack/msgpack'
import { Type } from 'avsc'
import { encode as encodeCbor } from 'cbor2'
import { common, parse, Root } from 'protobufjs'
import { describe, expect, test } from 'vitest'
import type { Cell, Decoder } from '../../../src-main/contract/messages'
import { decode } from '../../../src-main/desk/decoders/auto'
import { decoderFor } from '../../../src-main/desk/decoders/decoder'
import { exactJson } from '../../../src-main/desk/decoders/exact-json'
import {
  writeGroupKey,
  writeGroupValue,
  writeOffsetKey,
  writeOffsetKeys,
  writeOffsetValue,
  writeOffsetValues,
} from '../../../src-main/protocol/embedded/offsets-topic'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const registered = (bytes: Uint8Array) => Buffer.concat([hex('00 00000007'), bytes])
/** Lists in lists, as MessagePack. */
const deep = (depth: number) => Buffer.concat([Buffer.alloc(depth, 0x91), Buffer.from([0x90])])
const order = { id: 9_007_199_254_740_993n, name: 'Ada', tags: ['a', 'b'] }
const orderJson = '{"id":9007199254740993,"name":"Ada","tags":["a","b"]}'

async function read(choice: Partial<Decoder>, bytes: Uint8Array | null, key: Uint8Array | null = null): Promise<Cell> {
  const decoder = await decoderFor({ format: 'auto', schema: null, type: null, ...choice })
  return decoder(bytes, 1000, { part: key === bytes ? 'key' : 'value', key })
}

describe('without a choice bytes are read as what they look like', () => {
  test.each<[string, Uint8Array, string, string]>([
    ['JSON', Buffer.from('{"id": 9007199254740993}'), 'json', '{"id": 9007199254740993}'],
    ['text', Buffer.from('hello'), 'text', 'hello'],
    ['a UUID', Buffer.from('123e4567-e89b-12d3-a456-426614174000'), 'uuid', '123e4567-e89b-12d3-a456-426614174000'],
    ['an int', hex('0000002a'), 'integer', '42'],
    ['a long', hex('ffffffff fffffffe'), 'integer', '-2'],
    ['JSON of a registry', registered(Buffer.from('{"a":1}')), 'json', '{"a":1}'],
    ['MessagePack', encodeMsgpack(order, { useBigInt64: true }), 'msgpack', orderJson],
    ['CBOR', encodeCbor(order), 'cbor', orderJson],
    ['bytes', hex('ff00ff'), 'binary', 'ff00ff'],
    ['JSON with a byte order mark', Buffer.from('\uFEFF{"a":1}'), 'json', '{"a":1}'],
    ['a coloured line', Buffer.from('\u001b[31mfailed\u001b[0m again'), 'text', '\u001b[31mfailed\u001b[0m again'],
    ['text that C wrote', Buffer.from('hello\0'), 'text', 'hello\0'],
    [
      'FIX',
      Buffer.from('8=FIX.4.2\u000135=D\u000149=BUYSIDE\u0001'),
      'text',
      '8=FIX.4.2\u000135=D\u000149=BUYSIDE\u0001',
    ],
    ['a field of Protobuf', hex('0a03746561'), 'binary', '0a03746561'],
    ['MessagePack that is nested too deep', deep(150), 'binary', deep(150).toString('hex')],
  ])('%s', (_, bytes, kind, text) => {
    expect(decode(bytes, 1000)).toMatchObject({ kind, text, sizeBytes: bytes.byteLength, cut: false })
  })

  test('null is null, and empty is text', () => {
    expect(decode(null, 10)).toEqual({ kind: 'null' })
    expect(decode(new Uint8Array(), 10)).toMatchObject({ kind: 'text', text: '' })
  })

  test('what is long is cut', () => {
    expect(decode(Buffer.from('x'.repeat(20)), 10)).toMatchObject({ text: 'x'.repeat(10), cut: true, sizeBytes: 20 })
    expect(decode(Buffer.from(`123456789${'😀'.repeat(3)}`), 10)).toMatchObject({ text: '123456789', cut: true })
    expect(decode(Buffer.alloc(20, 0xff), 10)).toMatchObject({ text: 'ff'.repeat(5), cut: true })
  })
})

describe('a chosen decoder', () => {
  test.each<[Decoder['format'], Uint8Array, Partial<Cell>]>([
    ['json', Buffer.from('[1]'), { kind: 'json', text: '[1]' }],
    ['json', registered(Buffer.from('\uFEFF[1]')), { kind: 'json', text: '[1]' }],
    ['text', hex('01020a'), { kind: 'text', text: '\u0001\u0002\n' }],
    ['text', Buffer.from('12'), { kind: 'text', text: '12' }],
    ['integer', hex('7f'), { kind: 'integer', text: '127' }],
    ['integer', hex('7fffffffffffffff'), { kind: 'integer', text: '9223372036854775807' }],
    ['uuid', hex('123e4567e89b12d3a456426614174000'), { kind: 'uuid', text: '123e4567-e89b-12d3-a456-426614174000' }],
    ['hex', Buffer.from('hi'), { kind: 'binary', text: '6869' }],
    ['base64', Buffer.from('hi'), { kind: 'base64', text: 'aGk=' }],
    ['msgpack', encodeMsgpack(7), { kind: 'msgpack', text: '7' }],
    // Extension types: -1 is a time, others are the application's own.
    ['msgpack', encodeMsgpack([new Date(0)]), { kind: 'msgpack', text: '["1970-01-01T00:00:00.000Z"]' }],
    ['msgpack', encodeMsgpack(new ExtData(5, hex('01ff'))), { kind: 'msgpack' }],
    ['cbor', encodeCbor('x'), { kind: 'cbor', text: '"x"' }],
  ])('%s', async (format, bytes, cell) => {
    expect(await read({ format }, bytes)).toMatchObject(cell)
  })

  test.each<[Decoder['format'], string]>([
    ['json', 'This is not JSON: '],
    ['integer', 'This is not an integer: it has 3 bytes'],
    ['uuid', 'This is not a UUID: it has 3 bytes'],
    ['text', 'This is not text: the bytes are not UTF-8.'],
    ['msgpack', 'This is not MessagePack: '],
    ['cbor', 'This is not CBOR: '],
    ['protobuf', 'This is not Protobuf of the chosen schema: it is no sequence of Protobuf fields.'],
    ['offsets', 'This is not a record of __consumer_offsets: it has no key.'],
  ])('%s says why it failed, and shows what it can', async (format, problem) => {
    const cell = await read({ format }, hex('c1ffff'))
    expect(cell).toMatchObject({ kind: 'binary', text: 'c1ffff' })
    expect('problem' in cell ? cell.problem : '').toContain(problem)
  })

  const avsc = JSON.stringify({
    type: 'record',
    name: 'Order',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'name', type: ['null', 'string'] },
      { name: 'data', type: 'bytes' },
    ],
  })

  test('Avro, with the id of a registry and without', async () => {
    const bytes = Type.forSchema(JSON.parse(avsc)).toBuffer({ id: 5, name: 'Ada', data: hex('ff') })
    for (const value of [bytes, registered(bytes)]) {
      expect(await read({ format: 'avro', schema: avsc }, value)).toMatchObject({
        kind: 'avro',
        text: '{"id":5,"name":"Ada","data":"0xff"}',
      })
    }
    // The largest long, as Avro writes it.
    const large = Buffer.concat([hex('feffffffffffffffff01'), hex('00'), hex('00')])
    expect(await read({ format: 'avro', schema: avsc }, large)).toMatchObject({
      text: '{"id":9223372036854775807,"name":null,"data":"0x"}',
    })
    await expect(read({ format: 'avro' }, bytes)).rejects.toThrow('choose an .avsc file')
    await expect(read({ format: 'avro', schema: '{' }, bytes)).rejects.toThrow()
  })

  const proto =
    'syntax = "proto3"; package shop; message Item { string name = 1; } message Order { int64 id = 1; repeated Item items = 2; Kind kind = 3; } enum Kind { NEW = 0; PAID = 1; }'

  test('Protobuf with a schema, and by its fields without one', async () => {
    const type = parse(proto).root.lookupType('shop.Order')
    const bytes = type.encode({ id: 150, items: [{ name: 'tea' }], kind: 1 }).finish()
    const schema = { format: 'protobuf', schema: proto, type: 'shop.Order' } as const
    const text = '{"id":150,"items":[{"name":"tea"}],"kind":"PAID"}'
    expect(await read(schema, bytes)).toMatchObject({ kind: 'protobuf', text })
    // Behind the id of a registry come the indexes of the message in its file: the second is [1].
    expect(await read(schema, registered(Buffer.concat([hex('0202'), bytes])))).toMatchObject({ kind: 'protobuf' })
    expect(await read({ format: 'protobuf' }, bytes)).toMatchObject({
      text: '{"1":150,"2":{"1":"tea"},"3":1}',
    })
    await expect(read({ ...schema, type: 'shop.None' }, bytes)).rejects.toThrow('shop.None')
  })

  const long = (value: bigint) => {
    const zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
    const bytes: number[] = []
    for (let rest = zigzag; ; rest >>= 7n) {
      bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
      if (rest <= 0x7fn) return Buffer.from(bytes)
    }
  }

  test.each<[string, unknown, Uint8Array, string]>([
    ['decimal on bytes', { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 }, hex('047465'), '297.97'],
    ['a negative decimal', { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 3 }, hex('02ff'), '-0.001'],
    [
      'decimal on fixed, with 39 digits',
      { type: 'fixed', name: 'D', size: 16, logicalType: 'decimal', precision: 39, scale: 1 },
      hex('7fffffffffffffffffffffffffffffff'),
      '17014118346046923173168730371588410572.7',
    ],
    ['date', { type: 'int', logicalType: 'date' }, long(20_417n), '"2025-11-25"'],
    ['time-millis', { type: 'int', logicalType: 'time-millis' }, long(34_200_005n), '"09:30:00.005"'],
    ['time-micros', { type: 'long', logicalType: 'time-micros' }, long(34_200_000_005n), '"09:30:00.000005"'],
    ['timestamp-millis', { type: 'long', logicalType: 'timestamp-millis' }, long(-1n), '"1969-12-31T23:59:59.999Z"'],
    [
      'timestamp-micros',
      { type: 'long', logicalType: 'timestamp-micros' },
      long(1_700_000_000_123_456n),
      '"2023-11-14T22:13:20.123456Z"',
    ],
    [
      'timestamp-nanos',
      { type: 'long', logicalType: 'timestamp-nanos' },
      long(1_700_000_000_123_456_789n),
      '"2023-11-14T22:13:20.123456789Z"',
    ],
    [
      'local-timestamp-millis',
      { type: 'long', logicalType: 'local-timestamp-millis' },
      long(0n),
      '"1970-01-01T00:00:00.000"',
    ],
    [
      'a time beyond the calendar',
      { type: 'long', logicalType: 'timestamp-millis' },
      long(9n * 10n ** 18n),
      '9000000000000000000',
    ],
    [
      'uuid on fixed',
      { type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' },
      hex('123e4567e89b12d3a456426614174000'),
      '"123e4567-e89b-12d3-a456-426614174000"',
    ],
    [
      'duration',
      { type: 'fixed', name: 'P', size: 12, logicalType: 'duration' },
      hex('01000000 02000000 03000000'),
      '{"months":1,"days":2,"millis":3}',
    ],
    ['a long in object form', { type: 'long' }, long(9_007_199_254_740_993n), '9007199254740993'],
    [
      'a long in a union',
      ['null', { type: 'long' }],
      Buffer.concat([hex('02'), long(9_007_199_254_740_993n)]),
      '9007199254740993',
    ],
    [
      'longs of an array',
      { type: 'array', items: { type: 'long' } },
      Buffer.concat([hex('02'), long(9_007_199_254_740_993n), hex('00')]),
      '[9007199254740993]',
    ],
    [
      'a default of another branch of its union, which Java accepts',
      { type: 'record', name: 'R', fields: [{ name: 'a', type: ['null', 'string'], default: 'x' }] },
      hex('00'),
      '{"a":null}',
    ],
    ['an unknown logical type', { type: 'string', logicalType: 'colour' }, hex('0272'), '"r"'],
  ])('Avro reads %s', async (_, schema, bytes, text) => {
    expect(await read({ format: 'avro', schema: JSON.stringify(schema) }, bytes)).toMatchObject({ kind: 'avro', text })
  })

  test('a schema that names a type of another file says which', async () => {
    const schema = JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'a', type: 'shop.Money' }] })
    await expect(read({ format: 'avro', schema }, hex('00'))).rejects.toThrow('uses the type shop.Money')
  })

  const known = `syntax = "proto3";
import "google/protobuf/timestamp.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/wrappers.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/any.proto";
import "money.proto";
message Order {
  google.protobuf.Timestamp at = 1;
  google.protobuf.Duration took = 2;
  google.protobuf.Int64Value count = 3;
  google.protobuf.Struct extra = 4;
  google.protobuf.Any any = 5;
  shop.Money price = 6;
  int32 n = 7;
  bool ok = 8;
  optional int32 maybe = 9;
  repeated int32 list = 10;
  map<string, int64> map = 11;
  bytes data = 12;
}
message Second { int32 y = 5; message Inner { string z = 1; } }
syntax = "proto3";
package shop;
message Money { int64 units = 1; string currency = 2; }
`

  /** A message of `known`, as a producer with all of its files writes it. */
  function written(fields: Record<string, unknown>): Uint8Array {
    const root = new Root()
    for (const name of ['timestamp', 'duration', 'wrappers', 'struct', 'any']) {
      root.addJSON(common.get(`google/protobuf/${name}.proto`)?.nested ?? {})
    }
    for (const file of known.split(/^(?=syntax)/m)) parse(file, root)
    root.resolveAll()
    const type = root.lookupType('Order')
    return type.encode(type.fromObject(fields)).finish()
  }

  test('Protobuf knows what is imported: the well-known types, and files that stand below', async () => {
    const order = { format: 'protobuf', schema: known, type: 'Order' } as const
    const bytes = written({
      at: { seconds: 1_700_000_000, nanos: 123_000_000 },
      took: { seconds: -1, nanos: -500_000_000 },
      count: { value: '9007199254740993' },
      extra: {
        fields: { a: { listValue: { values: [{ stringValue: 'hi' }, { nullValue: 0 }, { boolValue: true }] } } },
      },
      any: { type_url: 'type.googleapis.com/shop.Money', value: hex('0805') },
      price: { units: 2, currency: 'EUR' },
      maybe: 0,
      map: { k: '-9007199254740993' },
    })
    const cell = await read(order, bytes)
    expect(JSON.parse('text' in cell ? cell.text.replaceAll(/(-?\d{16,})/g, '"$1"') : '')).toEqual({
      at: '2023-11-14T22:13:20.123Z',
      took: '-1.5s',
      count: '9007199254740993',
      extra: { a: ['hi', null, true] },
      any: { '@type': 'type.googleapis.com/shop.Money', units: 5, currency: '' },
      price: { units: 2, currency: 'EUR' },
      n: 0,
      ok: false,
      maybe: 0,
      list: [],
      map: { k: '-9007199254740993' },
      data: '0x',
    })
    // Defaults of fields without presence are shown; one that may be absent is not.
    expect(await read(order, new Uint8Array())).toMatchObject({
      text: '{"n":0,"ok":false,"list":[],"map":{},"data":"0x"}',
    })
    await expect(read({ ...order, schema: known.split(/^(?=syntax)/m)[0] ?? '' }, bytes)).rejects.toThrow(
      'put the files that it imports below it',
    )
  })

  test('Protobuf reads the message that the indexes of a registry name', async () => {
    const second = { format: 'protobuf', schema: known, type: null } as const
    expect(await read(second, registered(hex('0202 2807')))).toMatchObject({ text: '{"y":7}' })
    expect(await read(second, registered(hex('040200 0a0178')))).toMatchObject({ text: '{"z":"x"}' })
    const cell = await read(second, registered(hex('020a 2807')))
    expect('problem' in cell ? cell.problem : '').toContain('the schema has no message at [5]')
  })

  test('keys and values of __consumer_offsets that are written together are what each is by itself', () => {
    const places = ['a', 'a', 'b', 'b', 'a'].map((topic, i) => ({ topic, partition: i === 4 ? 2_147_483_647 : i }))
    const keys = writeOffsetKeys('g', places)
    expect(keys.map((key) => hexOf(key))).toEqual(
      places.map((place) => hexOf(writeOffsetKey({ group: 'g', ...place }))),
    )
    const value = { offset: 7n, leaderEpoch: -1, metadata: '', commitTimestamp: 5n }
    const values = [
      value,
      { ...value, offset: -(2n ** 63n) },
      { ...value, offset: 2n ** 63n - 1n },
      { ...value, metadata: 'm' },
      { ...value, metadata: 'm', offset: 8n },
      { ...value, metadata: 'm', leaderEpoch: 3 },
      { ...value, commitTimestamp: 6n },
    ]
    expect(writeOffsetValues(values).map(hexOf)).toEqual(values.map((each) => hexOf(writeOffsetValue(each))))
  })

  test('__consumer_offsets, of offsets and of groups', async () => {
    const key = writeOffsetKey({ group: 'g', topic: 't', partition: 1 })
    expect(await read({ format: 'offsets' }, key, key)).toMatchObject({
      kind: 'offsets',
      text: '{"group":"g","topic":"t","partition":1}',
    })
    const value = writeOffsetValue({ offset: 7n, leaderEpoch: -1, metadata: '', commitTimestamp: 5n })
    expect(await read({ format: 'offsets' }, value, key)).toMatchObject({
      text: '{"offset":7,"leaderEpoch":-1,"metadata":"","commitTimestamp":5}',
    })
    const group = writeGroupValue({
      protocolType: 'consumer',
      generation: 3,
      protocol: 'range',
      leader: 'a',
      currentStateTimestamp: 1n,
      members: [],
    })
    const cell = await read({ format: 'offsets' }, group, writeGroupKey('g'))
    expect('text' in cell && JSON.parse(cell.text)).toMatchObject({ generation: 3, protocol: 'range' })
  })
})

test('JSON of what decoders give is exact, and bounded', () => {
  const value = new Map<unknown, unknown>([
    ['a', Number.NaN],
    [1, new Date(0)],
    ['b', undefined],
  ])
  expect(exactJson(value)).toBe('{"a":"NaN","1":"1970-01-01T00:00:00.000Z","b":null}')
  const round: unknown[] = []
  round.push(round)
  expect(() => exactJson(round)).toThrow('nested')
})
