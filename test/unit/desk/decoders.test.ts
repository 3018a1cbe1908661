import { encode as encodeMsgpack } from '@msgpack/msgpack'
import { Type } from 'avsc'
import { encode as encodeCbor } from 'cbor2'
import { parse } from 'protobufjs'
import { describe, expect, test } from 'vitest'
import type { Cell, Decoder } from '../../../src-main/contract/messages'
import { decode } from '../../../src-main/desk/decoders/auto'
import { decoderFor } from '../../../src-main/desk/decoders/decoder'
import { exactJson } from '../../../src-main/desk/decoders/exact-json'
import {
  writeGroupKey,
  writeGroupValue,
  writeOffsetKey,
  writeOffsetValue,
} from '../../../src-main/protocol/embedded/offsets-topic'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const registered = (bytes: Uint8Array) => Buffer.concat([hex('00 00000007'), bytes])
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
  ])('%s', (_, bytes, kind, text) => {
    expect(decode(bytes, 1000)).toMatchObject({ kind, text, sizeBytes: bytes.byteLength, cut: false })
  })

  test('null is null, and empty is text', () => {
    expect(decode(null, 10)).toEqual({ kind: 'null' })
    expect(decode(new Uint8Array(), 10)).toMatchObject({ kind: 'text', text: '' })
  })

  test('what is long is cut', () => {
    expect(decode(Buffer.from('x'.repeat(20)), 10)).toMatchObject({ text: 'x'.repeat(10), cut: true, sizeBytes: 20 })
    expect(decode(Buffer.alloc(20, 0xff), 10)).toMatchObject({ text: 'ff'.repeat(5), cut: true })
  })
})

describe('a chosen decoder', () => {
  test.each<[Decoder['format'], Uint8Array, Partial<Cell>]>([
    ['json', Buffer.from('[1]'), { kind: 'json', text: '[1]' }],
    ['text', Buffer.from('12'), { kind: 'text', text: '12' }],
    ['integer', hex('7f'), { kind: 'integer', text: '127' }],
    ['integer', hex('7fffffffffffffff'), { kind: 'integer', text: '9223372036854775807' }],
    ['uuid', hex('123e4567e89b12d3a456426614174000'), { kind: 'uuid', text: '123e4567-e89b-12d3-a456-426614174000' }],
    ['hex', Buffer.from('hi'), { kind: 'binary', text: '6869' }],
    ['base64', Buffer.from('hi'), { kind: 'base64', text: 'aGk=' }],
    ['msgpack', encodeMsgpack(7), { kind: 'msgpack', text: '7' }],
    ['cbor', encodeCbor('x'), { kind: 'cbor', text: '"x"' }],
  ])('%s', async (format, bytes, cell) => {
    expect(await read({ format }, bytes)).toMatchObject(cell)
  })

  test.each<[Decoder['format'], string]>([
    ['json', 'This is not JSON: '],
    ['integer', 'This is not an integer: it has 3 bytes'],
    ['uuid', 'This is not a UUID: it has 3 bytes'],
    ['text', 'This is not text: the bytes are not printable UTF-8.'],
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
    const text = '{"items":[{"name":"tea"}],"id":"150","kind":"PAID"}'
    const plain = await read(schema, bytes)
    expect(plain).toMatchObject({ kind: 'protobuf' })
    expect(JSON.parse('text' in plain ? plain.text : '')).toEqual(JSON.parse(text))
    // Behind the id of a registry come the indexes of the message in its file: the second is [1].
    expect(await read(schema, registered(Buffer.concat([hex('0202'), bytes])))).toMatchObject({ kind: 'protobuf' })
    expect(await read({ format: 'protobuf' }, bytes)).toMatchObject({
      text: '{"1":150,"2":{"1":"tea"},"3":1}',
    })
    await expect(read({ ...schema, type: 'shop.None' }, bytes)).rejects.toThrow('shop.None')
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
