import { describe, expect, test } from 'vitest'
import { encoded } from '../../../src-main/desk/schemas/encode'
import { formOf } from '../../../src-main/desk/schemas/form'
import {
  branchOf,
  initialOf,
  resolved,
  scalarSource,
  withItem,
  withMember,
  withName,
} from '../../../src-renderer/pages/messages/form-json'
import { readJson } from '../../../src-renderer/pages/messages/json'
import { TestRegistry } from '../../support/registry'

const t = new TestRegistry()
const order = t.register(
  'orders-value',
  JSON.stringify({
    type: 'record',
    name: 'Order',
    fields: [
      { name: 'id', type: 'long', doc: 'unique' },
      { name: 'state', type: { type: 'enum', name: 'State', symbols: ['NEW', 'PAID'] } },
      { name: 'note', type: ['null', 'string'], default: null },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'lines', type: { type: 'array', items: { type: 'map', values: 'int' } } },
      { name: 'parent', type: ['null', 'Order'] },
    ],
  }),
)
const proto = t.register(
  'proto-value',
  'syntax = "proto3"; message A { int64 a = 1; repeated B b = 2; map<string, int32> m = 3; enum E { X = 0; } E e = 4; message B { A up = 1; } }',
  { type: 'PROTOBUF' },
)
const json = t.register(
  'json-value',
  '{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"b":{"type":["string","null"]},"self":{"$ref":"#"}}}',
  { type: 'JSON' },
)
const form = (version: typeof order) => formOf(t.registry.parser.stored(version), null)

describe('a form of a schema', () => {
  test('of Avro has its fields, unions, defaults and logical types', () => {
    const { root, types } = form(order)
    expect(root).toEqual({ kind: 'named', name: 'Order' })
    const string = { label: 'string', name: 'string', type: { kind: 'text', hint: 'string' } }
    const none = { label: 'null', name: null, type: { kind: 'null' } }
    const field = { doc: '', isOptional: false, fallback: null }
    expect(types.Order).toEqual({
      kind: 'record',
      fields: [
        { ...field, name: 'id', doc: 'unique', type: { kind: 'number', hint: 'long' } },
        { ...field, name: 'state', type: { kind: 'enum', symbols: ['NEW', 'PAID'] } },
        {
          ...field,
          name: 'note',
          isOptional: true,
          fallback: 'null',
          type: { kind: 'union', branches: [none, string] },
        },
        { ...field, name: 'at', type: { kind: 'exact', hint: 'long, timestamp-millis' } },
        {
          ...field,
          name: 'lines',
          type: { kind: 'list', items: { kind: 'map', values: { kind: 'number', hint: 'int' } } },
        },
        {
          ...field,
          name: 'parent',
          type: {
            kind: 'union',
            branches: [none, { label: 'Order', name: 'Order', type: { kind: 'named', name: 'Order' } }],
          },
        },
      ],
    })
  })

  test('of Protobuf and JSON Schema ends where a type contains itself', () => {
    const { root, types } = form(proto)
    expect(resolved(root, types)).toMatchObject({
      fields: [
        { name: 'a', isOptional: true, type: { kind: 'exact', hint: 'int64' } },
        { name: 'b', type: { kind: 'list', items: { kind: 'named' } } },
        { name: 'm', type: { kind: 'map', values: { kind: 'number' } } },
        { name: 'e', type: { kind: 'enum', symbols: ['X'] } },
      ],
    })
    const made = form(json)
    expect(resolved(made.root, made.types)).toMatchObject({
      fields: [
        { name: 'a', isOptional: false, type: { kind: 'number' } },
        { name: 'b', isOptional: true, type: { kind: 'union' } },
        { name: 'self', type: made.root },
      ],
    })
  })

  test('begins with a value that can be encoded', () => {
    for (const version of [order, proto, json]) {
      const { root, types } = form(version)
      const choice = { subject: version.subject, version: null, message: null }
      expect(encoded(t.registry, choice, initialOf(root, types)).length).toBeGreaterThan(4)
    }
  })

  test('edits JSON and keeps the rest as it is', () => {
    const node = readJson('{"a":9007199254740993,"b":[1,2]}')
    expect(withMember(node, 'b', '[]')).toBe('{"a":9007199254740993,"b":[]}')
    expect(withMember(node, 'c', '1')).toBe('{"a":9007199254740993,"b":[1,2],"c":1}')
    expect(withMember(node, 'a', null)).toBe('{"b":[1,2]}')
    expect(node && withName(node, 'a', 'x"')).toBe('{"x\\"":9007199254740993,"b":[1,2]}')
    const list = readJson('[1,2,3]')
    expect([withItem(list, 1, '9'), withItem(list, 3, '4'), withItem(list, 0, null)]).toEqual([
      '[1,9,3]',
      '[1,2,3,4]',
      '[2,3]',
    ])
    expect(scalarSource({ kind: 'number', hint: 'long' }, '9007199254740993')).toBe('9007199254740993')
    expect(scalarSource({ kind: 'exact', hint: 'int64' }, '9007199254740993')).toBe('"9007199254740993"')
    expect(scalarSource({ kind: 'number', hint: 'int' }, '1x')).toBe('"1x"')
    expect(scalarSource({ kind: 'exact', hint: 'long, date' }, '2026-01-02')).toBe('"2026-01-02"')
  })

  test('finds the branch of a value, with its name and without', () => {
    const { types } = form(order)
    const branches = types.Order?.kind === 'record' ? types.Order.fields[2]?.type : undefined
    if (branches?.kind !== 'union') throw new Error('note is no union')
    const found = (text: string) => {
      const node = readJson(text)
      return node && branchOf(branches.branches, node, types)
    }
    expect(found('null')).toMatchObject({ index: 0, isNamed: false })
    expect(found('{"string":"x"}')).toMatchObject({ index: 1, isNamed: true, node: { source: '"x"' } })
    expect(found('"x"')).toMatchObject({ index: 1, isNamed: false })
    expect(found('7')).toMatchObject({ index: -1 })
  })
})
