import protobuf from 'protobufjs'
import { describe, expect, test } from 'vitest'
import { decoderFor } from '../../../src-main/desk/decoders/decoder'
import { schemasOf } from '../../../src-main/desk/decoders/registry-schemas'
import { isAvro } from '../../../src-main/registry/avro/avro'
import { writeAvroValue } from '../../../src-main/registry/avro/write-value'
import { parseJson } from '../../../src-main/registry/json'
import type { Version } from '../../../src-main/registry/schema'
import { avroRecord, TestRegistry } from '../../support/registry'

const t = new TestRegistry()
t.register('item', avroRecord({ n: 'long' }, 'Item'))
const references = [{ name: 'Item', subject: 'item', version: 1 }]
const avro = t.register('orders-value', avroRecord({ item: 'Item', at: { type: 'int', logicalType: 'date' } }), {
  references,
})
const proto = t.register(
  'proto-value',
  'syntax = "proto3"; package p; import "google/protobuf/timestamp.proto"; message A { int64 a = 1; } message B { message C { string c = 1; google.protobuf.Timestamp at = 2; } }',
  { type: 'PROTOBUF' },
)
const json = t.register('json-value', '{"type":"object"}', { type: 'JSON' })
const euro = t.register(':.eu:orders-value', '"string"')

async function read(bytes: Uint8Array, headers: { key: string; value: Buffer }[] = [], topic = 'orders') {
  const automatic = { format: 'auto', schema: null, type: null } as const
  const decode = await decoderFor(automatic, { topic, schemas: schemasOf(() => t.registry) })
  return decode(bytes, 1000, { part: 'value', key: null, headers })
}

const id = ({ id: number }: Version) => Buffer.from([0, 0, 0, 0, number])
const guid = ({ guid: text }: Version) =>
  Buffer.concat([Buffer.from([1]), Buffer.from(text.replaceAll('-', ''), 'hex')])
const parsed = t.registry.parser.stored(avro)
const order = isAvro(parsed)
  ? writeAvroValue(parsed.schema, parseJson('{"item":{"n":9007199254740993},"at":"2026-01-02"}'))
  : Buffer.alloc(0)
const orderText = '{"item":{"n":9007199254740993},"at":"2026-01-02"}'

describe('values that name their schema', () => {
  test('Avro, in each form', async () => {
    const expected = { kind: 'avro', text: orderText, schema: { id: avro.id, subject: 'orders-value', version: 1 } }
    expect(await read(Buffer.concat([id(avro), order]))).toMatchObject(expected)
    expect(await read(Buffer.concat([guid(avro), order]))).toMatchObject(expected)
    expect(await read(order, [{ key: '__value_schema_id', value: guid(avro) }])).toMatchObject(expected)
    expect(await read(order, [{ key: '__value_schema_id', value: id(avro) }])).toMatchObject(expected)
  })

  test('Protobuf, with the indexes of its message', async () => {
    const { root } = protobuf.parse(
      'syntax = "proto3"; message C { string c = 1; T at = 2; } message T { int64 seconds = 1; }',
    )
    const c = root
      .lookupType('C')
      .encode({ c: 'é', at: { seconds: 5 } })
      .finish()
    const a = Buffer.from([0x08, 0x7f])
    expect(await read(Buffer.concat([id(proto), Buffer.from([0]), a]))).toMatchObject({
      kind: 'protobuf',
      text: '{"a":"127"}',
    })
    const expected = { kind: 'protobuf', text: '{"c":"é","at":"1970-01-01T00:00:05.000Z"}' }
    expect(await read(Buffer.concat([id(proto), Buffer.from([4, 2, 0]), c]))).toMatchObject(expected)
    // Old clients wrote plain varints.
    expect(await read(Buffer.concat([id(proto), Buffer.from([2, 1, 0]), c]))).toMatchObject(expected)
    const header = Buffer.concat([guid(proto), Buffer.from([4, 2, 0])])
    expect(await read(c, [{ key: '__value_schema_id', value: header }])).toMatchObject(expected)
    expect(await read(Buffer.concat([id(proto), Buffer.from([2, 8]), c]))).toMatchObject({
      problem: expect.stringContaining('names a message'),
    })
  })

  test('JSON, and ids of another context', async () => {
    expect(await read(Buffer.concat([id(json), Buffer.from('{"a": 1}')]))).toMatchObject({
      kind: 'json',
      text: '{"a": 1}',
    })
    expect(await read(Buffer.concat([id(euro), Buffer.from([2, 0x78])]), [], 'orders')).toMatchObject({
      kind: 'avro',
      text: '"x"',
      schema: { subject: ':.eu:orders-value' },
    })
  })

  test('what is wrong says so, and what only looks like it is left alone', async () => {
    expect(await read(Buffer.concat([id(avro), Buffer.from([0xff])]))).toMatchObject({
      kind: 'binary',
      problem: expect.stringContaining(`It names schema ${avro.id} (orders-value version 1), and is not of it`),
    })
    expect(await read(Buffer.from([0, 0, 0, 3, 232, 0xff]))).toMatchObject({
      problem: expect.stringContaining('has the id 1000'),
    })
    // JSON behind an id that is not here: its serializer wrote an id, and a consumer would fail on it.
    expect(await read(Buffer.from('\0\0\0\u0003\u0027{"a":1}', 'latin1'))).toMatchObject({
      kind: 'json',
      text: '{"a":1}',
      problem: 'If it names a schema, that has the id 807, which is not in this registry.',
      isUnknownSchema: true,
    })
    const long = Buffer.alloc(8)
    long.writeBigInt64BE(42n)
    expect(await read(long)).toEqual({ kind: 'integer', text: '42', sizeBytes: 8, cut: false })
    expect(await read(Buffer.from('plain'))).toMatchObject({ kind: 'text' })
    expect(
      await read(Buffer.from('x'), [{ key: '__value_schema_id', value: Buffer.from([0, 0, 0, 3, 232]) }]),
    ).toMatchObject({
      kind: 'text',
      problem: 'Its schema has the id 1000, which is not in this registry.',
      isUnknownSchema: true,
    })
  })
})
