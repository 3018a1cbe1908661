import { describe, expect, test } from 'vitest'
import { parseAvroSchema } from '../../../src-main/registry/avro/avro'
import { SchemaError } from '../../../src-main/registry/schema'
import { avroRecord, codeOf, TestRegistry } from '../../support/registry'

const parse = (text: string, { isNew = true, normalize = false } = {}) =>
  parseAvroSchema(text, [], { isNew, normalize })

describe('the stored text', () => {
  test.each([
    [' { "type" : "string" } ', '"string"'],
    ['{"type":"string","x":1,"logicalType":"uuid"}', '{"type":"string","x":1,"logicalType":"uuid"}'],
    ['["null", {"items": "int", "type":"array"}] // a comment', '["null",{"type":"array","items":"int"}]'],
    [
      '{"name":"a.b.R","type":"record","fields":[{"type":"int","name":"x","default":1,"doc":"d","order":"ignore","aliases":["y"],"p":{"b":1,"a":[]}}],"doc":"D","aliases":["Q","c.S"]}',
      '{"type":"record","name":"R","namespace":"a.b","doc":"D","fields":[{"name":"x","type":"int","doc":"d","default":1,"order":"ignore","aliases":["y"],"p":{"b":1,"a":[]}}],"aliases":["Q","c.S"]}',
    ],
    [
      '{"type":"record","name":"R","namespace":"n","fields":[{"name":"e","type":{"type":"enum","name":"E","symbols":["A"],"default":"A"}},{"name":"f","type":"n.E"},{"name":"g","type":["null","R"]}]}',
      '{"type":"record","name":"R","namespace":"n","fields":[{"name":"e","type":{"type":"enum","name":"E","symbols":["A"],"default":"A"}},{"name":"f","type":"E"},{"name":"g","type":["null","R"]}]}',
    ],
    [
      '{"type":"record","name":"R","namespace":"n","fields":[{"name":"f","type":{"type":"fixed","namespace":"","name":"F","size":4}},{"name":"d","type":"double","default":1e10}]}',
      '{"type":"record","name":"R","namespace":"n","fields":[{"name":"f","type":{"type":"fixed","name":"F","namespace":"","size":4}},{"name":"d","type":"double","default":1.0E10}]}',
    ],
    // A number beyond 53 bits, and keys that look like numbers, stay as they are.
    [
      '{"type":"record","name":"R","fields":[{"name":"x","type":"long","default":9007199254740993,"2":0,"1":0}]}',
      '{"type":"record","name":"R","fields":[{"name":"x","type":"long","default":9007199254740993,"2":0,"1":0}]}',
    ],
  ])('[A1] %s', (given, stored) => {
    expect(parse(given).text).toBe(stored)
    expect(parse(stored).text).toBe(stored)
  })

  test('[A1] normalized, order and ways of naming do not matter', () => {
    const a = '{"type":"record","namespace":"n","name":"R","p":1,"a":2,"fields":[{"name":"x","type":["null","R"]}]}'
    const b = '{"a":2,"type":"record","name":"n.R","fields":[{"type":["null","n.R"],"name":"x"}],"p":1}'
    const normalized = parse(a, { normalize: true }).text
    expect(parse(b, { normalize: true }).text).toBe(normalized)
    expect(parse(normalized, { normalize: true }).text).toBe(normalized)
    expect(normalized).toContain('"name":"n.R","type":"record"')
  })

  test('[A5] equal but for the order of properties', () => {
    expect(parse('{"type":"int","a":1,"b":2}').isEqual(parse('{"type":"int","b":2,"a":1}'))).toBe(true)
    expect(parse('{"type":"int","a":1}').isEqual(parse('{"type":"int","a":2}'))).toBe(false)
    const withDoc = (doc: string) => parse(`{"type":"record","name":"R","doc":"${doc}","fields":[]}`)
    expect(withDoc('x').isEqual(withDoc('y'))).toBe(false)
  })
})

describe('what is refused', () => {
  test.each([
    ['string', 'unexpected'],
    ['"strin"', 'Undefined schema: strin'],
    ['{"type":"record","name":"1R","fields":[]}', 'Illegal initial character'],
    ['{"type":"record","name":"R-x","fields":[]}', 'Illegal character'],
    ['{"type":"record","name":"R","namespace":"a.1","fields":[]}', 'Illegal initial character'],
    ['{"type":"record","name":"R"}', 'no fields'],
    ['{"type":"enum","name":"E","symbols":["A","A"]}', 'Duplicate enum symbol'],
    ['{"type":"enum","name":"E","symbols":["A"],"default":"B"}', 'Enum Default'],
    ['["int","int"]', 'Duplicate in union:int'],
    ['["int",["string"]]', 'Nested union'],
    ['{"type":"fixed","name":"F","size":-1}', 'negative'],
    ['"int" x', 'dangling'],
    [avroRecord({ a: { type: 'int', default: 'no' } }), 'Invalid default'],
    [
      '{"type":"record","name":"R","fields":[{"name":"a","type":"long","default":12345678901234567890}]}',
      'Invalid default',
    ],
    ['{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}', 'Duplicate field'],
    ['{"type":"array"}', 'no items'],
    ['{"type":{"type":"string"}}', 'No type'],
  ])('[A2] %s', (text, why) => {
    expect(() => parse(text)).toThrow(SchemaError)
    expect(() => parse(text)).toThrow(why)
  })

  test.each([
    avroRecord({ a: { type: ['null', 'string'], default: 'x' } }),
    avroRecord({ a: { type: 'double', default: 1 } }),
    '{"type":"record","name":"Ré","fields":[]}',
    '{"type":"bytes","logicalType":"decimal","precision":2,"scale":5}',
  ])('[A2] taken: %s', (text) => {
    expect(parse(text).type).toBe('AVRO')
  })

  test('[A2] what is stored already is read as it is', () => {
    const text = avroRecord({ a: { type: 'int', default: 'no' } })
    expect(parse(text, { isNew: false }).text).toBe(text)
  })
})

describe('compatibility', () => {
  const found = (reader: string, writer: string) =>
    parse(reader)
      .differences(parse(writer), 'STRICT')
      .map(({ type, path, detail }) => `${type}@${path} [${detail}]`)
  const enumOf = (symbols: string[], fallback?: string) =>
    JSON.stringify({ type: 'enum', name: 'E', symbols, ...(fallback ? { default: fallback } : {}) })

  test.each<[string, string, string[]]>([
    ['"long"', '"int"', []],
    ['"string"', '"bytes"', []],
    ['"int"', '"long"', ['TYPE_MISMATCH@/ [reader type: INT not compatible with writer type: LONG]']],
    [avroRecord({ x: 'int' }), avroRecord({ y: 'int' }), ['READER_FIELD_MISSING_DEFAULT_VALUE@/fields/0 [x]']],
    [avroRecord({ x: ['null', 'int'] }), avroRecord({}), ['READER_FIELD_MISSING_DEFAULT_VALUE@/fields/0 [x]']],
    [avroRecord({}, 'S'), avroRecord({}), ['NAME_MISMATCH@/name [expected: R]']],
    ['{"type":"record","name":"n.R","fields":[]}', '{"type":"record","name":"m.R","fields":[]}', []],
    [enumOf(['A']), enumOf(['A', 'B']), ['MISSING_ENUM_SYMBOLS@/symbols [[B]]']],
    [enumOf(['A'], 'A'), enumOf(['A', 'B']), []],
    [
      '{"type":"fixed","name":"F","size":4}',
      '{"type":"fixed","name":"F","size":5}',
      ['FIXED_SIZE_MISMATCH@/size [expected: 5, found: 4]'],
    ],
    ['["int"]', '["int","string"]', ['MISSING_UNION_BRANCH@/1 [reader union lacking writer type: STRING]']],
    ['"int"', '["null","int"]', ['TYPE_MISMATCH@/0 [reader type: INT not compatible with writer type: NULL]']],
    ['["null","long"]', '"int"', []],
    [
      '{"type":"array","items":"int"}',
      '{"type":"array","items":"string"}',
      ['TYPE_MISMATCH@/items [reader type: INT not compatible with writer type: STRING]'],
    ],
    [
      '{"type":"bytes","logicalType":"decimal","precision":4,"scale":2}',
      '{"type":"bytes","logicalType":"decimal","precision":4,"scale":1}',
      [],
    ],
    [
      '{"type":"record","name":"R","fields":[{"name":"n","type":["null","R"]}]}',
      '{"type":"record","name":"R","fields":[{"name":"n","type":["null","R"]}]}',
      [],
    ],
  ])('[A3] %s reads %s', (reader, writer, expected) => {
    expect(found(reader, writer)).toEqual(expected)
  })
})

describe('references', () => {
  const item = avroRecord({ n: 'int' }, 'Item')
  const references = [{ name: 'Item', subject: 'item', version: 1 }]

  test('[A4] are known by name and are not written', () => {
    const t = new TestRegistry()
    t.register('item', item)
    const order = t.register('order', avroRecord({ item: 'Item' }), { references })
    expect(order.schema.text).toBe(avroRecord({ item: 'Item' }))
    const resolved = t.registry.parser.stored(order).resolved()
    expect(resolved).toBe(`{"type":"record","name":"R","fields":[{"name":"item","type":${item}}]}`)
    // Sent with everything put in, it is the same version.
    expect(t.register('order', resolved).version).toBe(1)
    expect(codeOf(() => t.register('order2', avroRecord({ item: 'Item' })))).toBe(42201)
    const missing = [{ name: 'Item', subject: 'item', version: 9 }]
    expect(codeOf(() => t.register('order', avroRecord({ item: 'Item' }), { references: missing }))).toBe(42201)
  })

  test('[A4] two that bring the same third one', () => {
    const t = new TestRegistry()
    t.register('item', item)
    t.register('a', avroRecord({ i: 'Item' }, 'A'), { references })
    t.register('b', avroRecord({ i: 'Item' }, 'B'), { references })
    const both = ['A', 'B'].map((name) => ({ name, subject: name.toLowerCase(), version: 1 }))
    const version = t.register('ab', avroRecord({ a: 'A', b: 'B', i: 'Item' }), { references: both })
    expect(
      t.registry.parser
        .stored(version)
        .resolved()
        .match(/"name":"Item"/g),
    ).toHaveLength(1)
  })
})
