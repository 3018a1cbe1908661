import { describe, expect, test } from 'vitest'
import { decode } from '../../../src-main/desk/decoders/auto'
import { readPath, sourceAt } from '../../../src-main/desk/messages/json-path'
import { columnReader } from '../../../src-main/desk/messages/row-columns'

const json = `{ "id" : 9007199254740993, "customer":{"name":"Ada \\"L\\"","tags":["a", {"b":[1,2]}]},
  "a key":"x", "a.b": true, "id2":null, "same":1, "same":2, "\\u00e9":"é" }`

describe('a path into JSON', () => {
  test.each([
    ['.id', '9007199254740993'],
    ['.customer.name', '"Ada \\"L\\""'],
    ['.customer.tags[1].b[1]', '2'],
    ['.customer.tags[1]', '{"b":[1,2]}'],
    ['["a key"]', '"x"'],
    ['["a.b"]', 'true'],
    ['.id2', 'null'],
    ['.same', '2'],
    ['.é', '"é"'],
    ['.customer.tags[2]', null],
    ['.id.more', null],
    ['.gone', null],
  ])('%s', (path, source) => {
    expect(sourceAt(json, readPath(path) ?? ['no path'])).toBe(source)
  })

  test('agrees with JSON.parse for every place of a value', () => {
    const value = JSON.parse(json) as unknown
    const walk = (node: unknown, path: readonly string[]) => {
      expect(JSON.parse(sourceAt(json, path) ?? '') as unknown).toEqual(node)
      if (typeof node !== 'object' || node === null) return
      for (const [name, child] of Object.entries(node)) walk(child, [...path, name])
    }
    walk(value, [])
  })

  test.each(['id', '.', '[x]', '["open]', '.a..b'])('%s is none', (text) => {
    expect(readPath(text)).toBeNull()
  })
})

describe('a column', () => {
  const record = {
    offset: 0,
    timestamp: 0,
    key: Buffer.from('{"tenant":"t1"}'),
    value: Buffer.from(json),
    headers: [
      { key: 'trace.id', value: Buffer.from('one') },
      { key: 'trace.id', value: Buffer.from('two') },
      { key: 'none', value: null },
    ],
  }
  const read = (column: string, more = {}) =>
    columnReader(column)({ ...record, ...more }, { key: decode, value: decode })

  test.each([
    ['value.id', '9007199254740993'],
    ['$.id', '9007199254740993'],
    ['value.customer.name', 'Ada "L"'],
    ['key.tenant', 't1'],
    ['key', '{"tenant":"t1"}'],
    ['headers.trace.id', 'two'],
    ['headers.none', 'null'],
    ['headers.gone', null],
    ['value.gone', null],
    ['other.id', null],
    ['value.[', null],
  ])('%s', (column, shown) => {
    expect(read(column)).toBe(shown)
  })

  test('of a value that is no JSON is empty', () => {
    expect(read('value.id', { value: null })).toBeNull()
    expect(read('value.id', { value: Buffer.from('plain') })).toBeNull()
    expect(read('value.id', { value: Buffer.from([0, 1, 255]) })).toBeNull()
  })
})
