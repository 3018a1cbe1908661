import { describe, expect, test } from 'vitest'
import { readJson } from '../../../src-renderer/pages/messages/json'
import { foldsFor, linesOf, lineText, noFolds, scalarText } from '../../../src-renderer/pages/messages/json-lines'

const root = readJson('{"customer":{"name":"Ada","tags":["a",{"b":9007199254740993}]},"a key":{"x":null},"none":[]}')
if (!root) throw new Error('it is JSON')

describe('lines of a JSON tree', () => {
  test('have the path that a column takes', () => {
    expect(linesOf(root, noFolds).map(({ path }) => path)).toEqual([
      '',
      '.customer',
      '.customer.name',
      '.customer.tags',
      '.customer.tags[0]',
      '.customer.tags[1]',
      '.customer.tags[1].b',
      '["a key"]',
      '["a key"].x',
      '.none',
    ])
  })

  test('leave out what is folded; everything can be folded or opened at once', () => {
    const paths = (folds: typeof noFolds) => linesOf(root, folds).map(({ path }) => path)
    expect(paths({ all: 'folded', own: new Map([['', true]]) })).toEqual(['', '.customer', '["a key"]', '.none'])
    expect(paths({ all: 'open', own: new Map([['.customer', false]]) })).toEqual([
      '',
      '.customer',
      '["a key"]',
      '["a key"].x',
      '.none',
    ])
  })

  test('a match opens its way', () => {
    const folds = foldsFor(root, '9007', { all: 'folded', own: new Map() })
    const lines = linesOf(root, folds)
    expect(lines.map(({ path }) => path)).toContain('.customer.tags[1].b')
    expect(lines.map(({ path }) => path)).not.toContain('["a key"].x')
    expect(lines.map(lineText).filter((text) => text.includes('9007'))).toEqual(['b: 9007199254740993'])
  })

  test('show a key that comes twice as often as it is written', () => {
    const twice = readJson('{"a":1,"a":2}')
    if (!twice) throw new Error('it is JSON')
    expect(linesOf(twice, noFolds).map(lineText).slice(1)).toEqual(['a: 1', 'a: 2'])
  })

  test('a large list is folded: nothing is made of its items', () => {
    const list = readJson(`[${Array.from({ length: 60_000 }, (_, n) => `{"id":${n}}`)}]`)
    if (!list) throw new Error('it is JSON')
    expect(linesOf(list, noFolds)).toHaveLength(1)
    expect(linesOf(list, { all: 'open', own: new Map() })).toHaveLength(120_001)
  })
})

test('an id is the text of a scalar', () => {
  expect([scalarText('"o\\u002d17"'), scalarText('9007199254740993')]).toEqual(['o-17', '9007199254740993'])
})
