import { describe, expect, test } from 'vitest'
import { parseJsonSchema } from '../../../src-main/registry/json-schema/json-schema'
import { codeOf, TestRegistry } from '../../support/registry'

type Shape = boolean | Record<string, unknown>
const parse = (json: Shape | string, normalize = false) =>
  parseJsonSchema(typeof json === 'string' ? json : JSON.stringify(json), [], { isNew: true, normalize })
const types = (before: Shape, after: Shape, policy: 'STRICT' | 'LENIENT' = 'STRICT') =>
  parse(after)
    .differences(parse(before), policy)
    .map(({ type }) => type)

const object = (properties: Record<string, Shape>, more: Record<string, unknown> = {}): Shape => ({
  type: 'object',
  properties,
  ...more,
})
const text = { type: 'string' }
const closed = { additionalProperties: false }
const partial = { additionalProperties: text }

describe('the stored text', () => {
  test('[J1] keeps the order of keys and the digits of numbers', () => {
    expect(parse('{ "b": 1.50, "2": 12345678901234567890, "1": {} }').text).toBe(
      '{"b":1.50,"2":12345678901234567890,"1":{}}',
    )
    expect(parse('{"b":1,"a":{"d":[{"z":1,"y":2}],"c":2}}', true).text).toBe('{"a":{"c":2,"d":[{"y":2,"z":1}]},"b":1}')
    expect(parse(true).text).toBe('true')
  })
})

describe('objects', () => {
  test.each<[string, Shape, Shape, string[], string[]]>([
    ['optional, open', object({}), object({ a: text }), ['OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL'], []],
    ['empty, open', object({}), object({ a: {} }), [], []],
    [
      'required, open',
      object({}),
      object({ a: text }, { required: ['a'] }),
      ['REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL'],
      ['REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL'],
    ],
    [
      'required with a default, open',
      object({}),
      object({ a: { ...text, default: '' } }, { required: ['a'] }),
      ['REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL'],
      [],
    ],
    ['optional, closed', object({}, closed), object({ a: text }, closed), [], []],
    [
      'required, closed',
      object({}, closed),
      object({ a: text }, { ...closed, required: ['a'] }),
      ['REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL'],
      ['REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL'],
    ],
    [
      'required with a default, closed',
      object({}, closed),
      object({ a: { ...text, default: '' } }, { ...closed, required: ['a'] }),
      [],
      [],
    ],
    ['covered, partial', object({}, partial), object({ a: text }, partial), [], []],
    [
      'not covered, partial',
      object({}, partial),
      object({ a: { type: 'integer' } }, partial),
      ['PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'],
      [],
    ],
    ['removed, open', object({ a: text }), object({}), [], []],
    [
      'removed, closed',
      object({ a: text }, closed),
      object({}, closed),
      ['PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL'],
      [],
    ],
    ['false removed, closed', object({ a: false }, closed), object({}, closed), [], []],
    ['removed, covered', object({ a: text }, partial), object({}, partial), [], []],
    [
      'removed, not covered',
      object({ a: { type: 'integer' } }, partial),
      object({}, partial),
      ['PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'],
      [],
    ],
    [
      'by a pattern',
      object({}, { patternProperties: { '^a': text }, ...closed }),
      object({ ab: text }, { patternProperties: { '^a': text }, ...closed }),
      [],
      [],
    ],
    [
      'becomes required',
      object({ a: text }),
      object({ a: text }, { required: ['a'] }),
      ['REQUIRED_ATTRIBUTE_ADDED'],
      ['REQUIRED_ATTRIBUTE_ADDED'],
    ],
    ['becomes optional', object({ a: text }, { required: ['a'] }), object({ a: text }), [], []],
    ['closes', object({}), object({}, closed), ['ADDITIONAL_PROPERTIES_REMOVED'], []],
    ['narrows', object({}), object({}, partial), ['ADDITIONAL_PROPERTIES_NARROWED'], []],
    ['opens', object({}, closed), object({}), [], []],
  ])('[J2] [J4] %s', (_, before, after, strict, lenient) => {
    expect(types(before, after)).toEqual(strict)
    expect(types(before, after, 'LENIENT')).toEqual(lenient)
  })
})

describe('everything else', () => {
  const number = (more: Record<string, unknown>) => ({ type: 'number', ...more })
  const array = (more: Record<string, unknown>) => ({ type: 'array', ...more })
  test.each<[Shape, Shape, string[]]>([
    [{ type: 'integer' }, { type: 'number' }, []],
    [{ type: 'number' }, { type: 'integer' }, ['TYPE_NARROWED']],
    [text, { type: 'number' }, ['TYPE_CHANGED']],
    [text, {}, []],
    [false, text, []],
    [true, text, ['TYPE_CHANGED']],
    [{ ...text, maxLength: 5 }, { ...text, maxLength: 6 }, []],
    [{ ...text, maxLength: 5 }, { ...text, maxLength: 4 }, ['MAX_LENGTH_DECREASED']],
    [text, { ...text, minLength: 1 }, ['MIN_LENGTH_ADDED']],
    [{ ...text, pattern: 'a' }, text, []],
    [{ ...text, pattern: 'a' }, { ...text, pattern: 'b' }, ['PATTERN_CHANGED']],
    [number({ exclusiveMaximum: 5 }), number({ exclusiveMaximum: 4 }), ['EXCLUSIVE_MAXIMUM_DECREASED']],
    [number({ multipleOf: 4 }), number({ multipleOf: 2 }), []],
    [number({ multipleOf: 2 }), number({ multipleOf: 4 }), ['MULTIPLE_OF_EXPANDED']],
    [{ enum: ['a'] }, { enum: ['a', 'b'] }, []],
    [{ enum: ['a', 'b'] }, { enum: ['a'] }, ['ENUM_ARRAY_NARROWED']],
    [{ enum: ['a', 'b'] }, { enum: ['c'] }, ['ENUM_ARRAY_CHANGED']],
    [{ const: 1 }, { enum: [1.0, 2] }, []],
    [text, { ...text, enum: ['a'] }, ['TYPE_CHANGED']],
    [{ ...text, enum: ['a'] }, text, []],
    [array({ items: text }), array({ items: { type: 'number' } }), ['TYPE_CHANGED']],
    [array({}), array({ items: text }), ['SCHEMA_ADDED']],
    [array({}), array({ uniqueItems: true }), ['UNIQUE_ITEMS_ADDED']],
    [array({ items: [text] }), array({ items: [text, text] }), ['ITEM_ADDED_TO_OPEN_CONTENT_MODEL']],
    [array({ items: [text], additionalItems: false }), array({ items: [text, text], additionalItems: false }), []],
    [
      array({ prefixItems: [text, text], items: false }),
      array({ prefixItems: [text], items: false }),
      ['ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL'],
    ],
    [text, { oneOf: [{ type: 'null' }, text] }, []],
    [text, { type: ['string', 'null'] }, []],
    [{ type: ['string', 'null'] }, text, ['TYPE_CHANGED']],
    [{ oneOf: [text, { type: 'null' }] }, { anyOf: [{ type: 'null' }, text] }, []],
    [{ anyOf: [text, { type: 'null' }] }, { oneOf: [{ type: 'null' }, text] }, ['COMBINED_TYPE_CHANGED']],
    [
      { anyOf: [text, { type: 'null' }] },
      { anyOf: [{ type: 'number' }, { type: 'boolean' }, text] },
      ['COMBINED_TYPE_SUBSCHEMAS_CHANGED'],
    ],
    [
      { anyOf: [text, { type: 'null' }, { type: 'number' }] },
      { anyOf: [text, { type: 'null' }] },
      ['SUM_TYPE_NARROWED'],
    ],
    [
      { allOf: [text, { minLength: 1 }] },
      { allOf: [text, { minLength: 1 }, { maxLength: 2 }] },
      ['PRODUCT_TYPE_EXTENDED'],
    ],
    [{ not: text }, { not: { ...text, maxLength: 3 } }, []],
    [{ not: { ...text, maxLength: 3 } }, { not: text }, ['NOT_TYPE_EXTENDED']],
    [object({}, { dependencies: { a: ['b', 'c'] } }), object({}, { dependencies: { a: ['b'] } }), []],
    [object({}), object({}, { dependencies: { a: ['b'] } }), ['DEPENDENCY_ARRAY_ADDED']],
    [{ ...text, title: 'a' }, { ...text, title: 'b', description: 'c', default: 'd' }, []],
  ])('[J3] [J5] %j becomes %j', (before, after, expected) => {
    expect(types(before, after)).toEqual(expected)
  })

  test('[J5] schemas that refer to themselves', () => {
    const tree = (value: Shape) => ({
      $ref: '#/definitions/node',
      definitions: {
        node: object({ value, children: { type: 'array', items: { $ref: '#/definitions/node' } } }, closed),
      },
    })
    expect(types(tree(text), tree(text))).toEqual([])
    expect(types(tree(text), tree({ type: 'number' }))).toEqual(['TYPE_CHANGED'])
  })
})

describe('references and errors', () => {
  test('[J6] lead to schemas of the registry and nowhere else', () => {
    const t = new TestRegistry()
    const json = { type: 'JSON' } as const
    t.register('item', JSON.stringify({ $id: 'http://x/item.json', ...text }), json)
    const order = JSON.stringify(object({ item: { $ref: 'item.json' } }, { $id: 'http://x/order.json', ...closed }))
    expect(codeOf(() => t.register('order', order, json))).toBe(42201)
    const references = [{ name: 'http://x/item.json', subject: 'item', version: 1 }]
    expect(t.register('order', order, { ...json, references }).version).toBe(1)
    t.register('number', JSON.stringify({ type: 'number' }), json)
    const others = [{ name: 'http://x/item.json', subject: 'number', version: 1 }]
    expect(codeOf(() => t.register('order', order, { ...json, references: others }))).toBe(409)
  })

  test.each<[string]>([
    ['[]'],
    ['"x"'],
    ['{"type":"strin"}'],
    ['{"properties":[]}'],
    ['{"required":"a"}'],
    ['{"items":{"minLength":-1}}'],
    ['{"$ref":"#/definitions/none"}'],
    ['{"a":1'],
  ])('[J6] %s is refused', (schema) => {
    expect(codeOf(() => new TestRegistry().register('s', schema, { type: 'JSON' }))).toBe(42201)
  })

  test('[R23] depth and work are bounded', () => {
    const deep = `${'{"items":'.repeat(100_000)}{}${'}'.repeat(100_000)}`
    expect(codeOf(() => new TestRegistry().register('s', deep, { type: 'JSON' }))).toBe(42201)
    expect(codeOf(() => new TestRegistry().register('s', '['.repeat(100_000)))).toBe(42201)
    expect(codeOf(() => new TestRegistry().register('s', `"${'x'.repeat(6_000_000)}"`))).toBe(42201)
    const wide = (n: number): Shape => ({
      anyOf: Array.from({ length: n }, (_, i) =>
        object({ [`p${i}`]: { anyOf: Array.from({ length: n }, (__, j) => ({ type: 'string', maxLength: j })) } }),
      ),
    })
    expect(types(wide(60), wide(60)).length).toBeLessThan(2)
    const circle = {
      $ref: '#/definitions/a',
      definitions: { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } },
    }
    expect(types(circle, circle)).toEqual([])
  })
})
