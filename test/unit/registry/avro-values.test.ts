import { Type } from 'avsc'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAvro, parseAvroSchema } from '../../../src-main/registry/avro/avro'
import { exampleOf } from '../../../src-main/registry/avro/defaults'
import { readAvroValue } from '../../../src-main/registry/avro/read-value'
import type { AvroType } from '../../../src-main/registry/avro/schema'
import { ValueError, writeAvroValue } from '../../../src-main/registry/avro/write-value'
import { parseJson } from '../../../src-main/registry/json'

function typeOf(schema: unknown): AvroType {
  const parsed = parseAvroSchema(JSON.stringify(schema), [], { isNew: true, normalize: false })
  if (!isAvro(parsed)) throw new Error('not Avro')
  return parsed.schema
}

const write = (schema: unknown, json: string) => writeAvroValue(typeOf(schema), parseJson(json))
const again = (schema: unknown, json: string) => readAvroValue(typeOf(schema), write(schema, json))

const order = {
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'total', type: { type: 'bytes', logicalType: 'decimal', precision: 30, scale: 2 } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
    { name: 'items', type: { type: 'array', items: { type: 'map', values: 'double' } } },
  ],
}

describe('values of Avro', () => {
  test.each<[unknown, string]>([
    ['long', '9223372036854775807'],
    ['long', '-9007199254740993'],
    ['int', '-2147483648'],
    ['float', '0.1'],
    ['double', '1e-7'],
    ['double', '"NaN"'],
    ['bytes', '"0x00ff"'],
    [{ type: 'fixed', name: 'F', size: 2 }, '"0x0001"'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 30, scale: 3 }, '-123456789012345678901234.567'],
    [{ type: 'fixed', name: 'F', size: 12, logicalType: 'decimal', precision: 9, scale: 2 }, '-0.05'],
    [{ type: 'int', logicalType: 'date' }, '"1969-12-31"'],
    [{ type: 'int', logicalType: 'time-millis' }, '"23:59:59.001"'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, '"2026-01-02T03:04:05.006Z"'],
    [{ type: 'long', logicalType: 'timestamp-nanos' }, '"1969-12-31T23:59:59.999999999Z"'],
    [{ type: 'long', logicalType: 'local-timestamp-micros' }, '"2026-01-02T03:04:05.000006"'],
    [{ type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' }, '"123e4567-e89b-12d3-a456-426614174000"'],
    [{ type: 'fixed', name: 'D', size: 12, logicalType: 'duration' }, '"P1M2DT3.004S"'],
    [['null', 'string'], '"x"'],
    [['null', 'string'], 'null'],
    [['int', 'long'], '{"long":5}'],
    [['string', 'bytes'], '{"bytes":"0x01"}'],
    [order, '{"id":1,"note":null,"total":12.50,"at":"2026-01-02T03:04:05.123456Z","kind":"B","items":[{"a":1.5},{}]}'],
  ])('%j %s come back as they were', (schema, json) => {
    expect(again(schema, json)).toBe(json)
  })

  test('avsc reads what is written, and Avro’s own JSON is taken', () => {
    const bytes = write(order, '{"id":1,"note":{"string":"é"},"total":"\\u0004\\u00e2","at":1,"kind":"A","items":[]}')
    const value = Type.forSchema(order as never).fromBuffer(bytes) as {
      id: number
      note: { string: string }
      kind: string
    }
    expect([value.id, value.kind]).toEqual([1, 'A'])
    expect(JSON.stringify(value.note)).toContain('é')
    expect(readAvroValue(typeOf(order), bytes)).toContain('"total":12.50,"at":"1970-01-01T00:00:00.000001Z"')
  })

  test('any long and any double come back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
        fc.double({ noNaN: true }),
        (long, double) => {
          expect(again('long', String(long))).toBe(String(long))
          if (Number.isFinite(double)) expect(Number(again('double', JSON.stringify(double)))).toBe(double + 0)
        },
      ),
    )
  })

  test('bytes that are no value end in an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(() => JSON.parse(readAvroValue(typeOf(order), bytes)) as unknown).not.toThrow(SyntaxError)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
    )
    expect(() => readAvroValue(typeOf({ type: 'array', items: 'null' }), Buffer.from('feffffffff0f', 'hex'))).toThrow(
      'too many',
    )
    expect(() => readAvroValue(typeOf('int'), Buffer.from('0202', 'hex'))).toThrow('left over')
  })

  test.each<[unknown, string, string]>([
    ['int', '2147483648', 'whole number of 32 bits'],
    ['int', '"x"', 'whole number'],
    [order, '{}', 'id is missing'],
    [order, '{"id":1,"other":2}', 'other is no field'],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, '"B"', 'one of A'],
    [['null', 'int'], 'true', 'null, int'],
    [{ type: 'fixed', name: 'F', size: 2 }, '"0x01"', '2 bytes'],
  ])('%j does not take %s', (schema, json, why) => {
    expect(() => write(schema, json)).toThrow(ValueError)
    expect(() => write(schema, json)).toThrow(why)
  })

  test('an example fits its schema', () => {
    const recursive = {
      type: 'record',
      name: 'N',
      fields: [
        { name: 'next', type: ['null', 'N'] },
        { name: 'list', type: { type: 'array', items: 'N' } },
      ],
    }
    for (const schema of [order, recursive, ['int', 'long'], { type: 'map', values: 'bytes' }]) {
      expect(write(schema, exampleOf(typeOf(schema)))).toBeInstanceOf(Buffer)
    }
  })
})
