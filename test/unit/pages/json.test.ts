import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type JsonNode, jsonParts, prettyJson, readJson } from '../../../src-renderer/pages/messages/json'

describe('reading JSON without loss', () => {
  it('keeps large numbers, the order of keys, repeated keys and escapes as they were written', () => {
    const text = '{"b":1.0,"2":9007199254740993,"1":-0e+5,"a":"\\u0041","a":null}'
    expect(prettyJson(text)).toBe(
      '{\n  "b": 1.0,\n  "2": 9007199254740993,\n  "1": -0e+5,\n  "a": "\\u0041",\n  "a": null\n}',
    )
    expect(jsonParts(text).map(([name]) => name)).toEqual(['b', '2', '1', 'a', 'a'])
    expect(jsonParts(' [ 1 , {"x": [2]} ] ')).toEqual([
      ['0', '1'],
      ['1', '{"x": [2]}'],
    ])
  })

  it('rejects what JSON.parse rejects, and accepts what it accepts', () => {
    const texts = [
      '',
      '{"a":1,}',
      '[1 2]',
      '01',
      '"\\x"',
      'NaN',
      '1 2',
      ' {}',
      '"a\tb"',
      '// x\n1',
      '-',
      '[,]',
      '{"a" 1}',
      'tru',
    ]
    for (const text of texts) {
      let isValid = true
      try {
        JSON.parse(text)
      } catch {
        isValid = false
      }
      expect([text, readJson(text) !== undefined]).toEqual([text, isValid])
    }
  })

  it('leaves text alone that is not JSON, or too deep to show as a tree', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect([prettyJson('{"cut":'), prettyJson(deep) === deep, readJson(deep)]).toEqual(['{"cut":', true, undefined])
  })

  it('reads what is inside as it was written, with any space around it', () => {
    const meaningOf = (node: JsonNode): unknown => {
      if (node.kind === 'scalar') return JSON.parse(node.source)
      if (node.kind === 'array') return node.entries.map(({ value }) => meaningOf(value))
      return Object.fromEntries(node.entries.map(({ name, value }) => [name, meaningOf(value)]))
    }
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', ' ', '\n\t'), (value, indent) => {
        const text = ` ${JSON.stringify(value, null, indent)}\n`
        expect(meaningOf(readJson(text) as JsonNode)).toEqual(JSON.parse(text))
      }),
    )
    const odd = readJson('{ "a\\\\" : [ "}\\"," , "[" ] , "" : {} }')
    expect(odd?.kind === 'object' && odd.entries.map(({ name, value }) => [name, value.source])).toEqual([
      ['a\\', '[ "}\\"," , "[" ]'],
      ['', '{}'],
    ])
  })

  it('prints any JSON so that it means the same', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(prettyJson(text))).toEqual(JSON.parse(text))
      }),
    )
  })
})
