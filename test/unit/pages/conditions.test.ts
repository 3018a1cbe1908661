import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MessageRow } from '../../../src-main/contract/messages'
import type { Condition } from '../../../src-main/contract/search'
import { conditionCompletions } from '../../../src-renderer/pages/messages/condition-completions'
import { readConditions, typedCondition } from '../../../src-renderer/pages/messages/conditions'

const condition = (field: string, test: Condition['test'], value = '', isNot = false): Condition => ({
  field,
  test,
  value,
  isNot,
})

describe('typed conditions', () => {
  test.each<[string, readonly Condition[]]>([
    ['ada', [condition('', 'contains', 'ada')]],
    ['-"two words" x', [condition('', 'contains', 'two words', true), condition('', 'contains', 'x')]],
    ['value.status=paid', [condition('value.status', 'is', 'paid')]],
    ['-key:Test', [condition('key', 'contains', 'Test', true)]],
    ['key~^order-\\d+$', [condition('key', 'matches', '^order-\\d+$')]],
    ['value.lines[0].sku>1.5', [condition('value.lines[0].sku', 'above', '1.5')]],
    ['value["a key"].b<9', [condition('value["a key"].b', 'below', '9')]],
    [
      'headers.x-trace.id:* -headers:*',
      [condition('headers.x-trace.id', 'exists'), condition('headers', 'exists', '', true)],
    ],
    ['header."a: b"=1', [condition('header.a: b', 'is', '1')]],
    ['value:"*" key=*', [condition('value', 'contains', '*'), condition('key', 'is', '*')]],
    ['value.note="say \\"hi\\" \\d"', [condition('value.note', 'is', 'say "hi" \\d')]],
    ['key=""', [condition('key', 'is', '')]],
    ['http://x 12:30 status=paid', ['http://x', '12:30', 'status=paid'].map((text) => condition('', 'contains', text))],
    ['', []],
  ])('are read: %s', (text, conditions) => {
    expect(readConditions(text)).toEqual({ conditions, problem: null })
  })

  test('that are still typed ask for nothing; those that make no sense are told, and the others hold', () => {
    expect(readConditions('a value.total>')).toEqual({ conditions: [condition('', 'contains', 'a')], problem: null })
    expect(readConditions('a value.total').conditions).toEqual([condition('', 'contains', 'a')])
    expect(readConditions('value.total is a')).toEqual({
      conditions: [condition('', 'contains', 'is'), condition('', 'contains', 'a')],
      problem: { from: 0, kind: 'noSign', field: '', value: 'value.total' },
    })
    const texts = [condition('', 'contains', 'value.total'), condition('', 'contains', 'value')]
    expect(readConditions('"value.total" value a').conditions.slice(0, 2)).toEqual(texts)
    expect(texts.map(typedCondition)).toEqual(['"value.total"', '"value"'])
    expect(readConditions('key= a')).toEqual({
      conditions: [condition('', 'contains', 'a')],
      problem: { from: 0, kind: 'noValue', field: 'key', value: '' },
    })
    expect(readConditions('a value.total>many').problem).toEqual({
      from: 2,
      kind: 'noNumber',
      field: 'value.total',
      value: 'many',
    })
    expect(readConditions('a '.repeat(60))).toMatchObject({ conditions: { length: 50 }, problem: { kind: 'tooMany' } })
    expect(readConditions('a'.repeat(1001)).problem?.kind).toBe('tooLong')
  })

  test('are read as they are written', () => {
    const fields = fc.constantFrom('', 'key', 'value.a', 'value["b c"][2]', 'headers.x-y')
    const given = fc.record({
      field: fields,
      test: fc.constantFrom<Condition['test']>('contains', 'is', 'matches', 'exists'),
      value: fc.string({ unit: fc.constantFrom('a', ' ', '*', ':', '-', '9'), minLength: 1, maxLength: 4 }),
      isNot: fc.boolean(),
    })
    fc.assert(
      fc.property(given, (one) => {
        const kind = one.field === '' ? 'contains' : one.test
        const wanted = { ...one, test: kind, value: kind === 'exists' ? '' : one.value }
        // A text that begins as a condition does is one.
        fc.pre(wanted.field !== '' || !/^[-*]/.test(wanted.value))
        expect(readConditions(typedCondition(wanted)).conditions).toEqual([wanted])
      }),
    )
  })
})

describe('completions of conditions', () => {
  const cell = (text: string, kind: 'text' | 'json' = 'json', cut = false) => ({ kind, text, cut, sizeBytes: 1 })
  const row = (key: string, value: string, cut = false): MessageRow => ({
    topic: 't',
    partition: 0,
    offset: 0,
    timestamp: 0,
    key: cell(key, 'text'),
    value: cell(value, 'json', cut),
    headers: 0,
    sizeBytes: 0,
    transaction: null,
  })
  const rows = [
    row('a', '{"status":"paid","to":{"city":"Bad Ems"}}'),
    row('b', '{"status":"open","big":9007199254740993}'),
    row('b', '{"status":"paid","cut":1,"a key":2', true),
  ]
  const labels = (text: string) => conditionCompletions(text, text.length, rows).map(({ label }) => label)

  test('are fields of what is shown, then what can be asked of one, then its values', () => {
    expect(labels('')).toEqual([
      'key',
      'value',
      'value.status',
      'value.to',
      'value.to.city',
      'value.big',
      'value.cut',
      'headers',
      'headers.',
    ])
    expect(labels('a -value.st')).toEqual(['-value.status'])
    expect(labels('value.status')).toEqual([
      'value.status:',
      'value.status=',
      'value.status~',
      'value.status:*',
      'value.status>',
      'value.status<',
    ])
    expect(labels('-value.status')[1]).toBe('-value.status=')
    expect(conditionCompletions('-key', 4, rows).map(({ note }) => note)).toContain('does not exist')
    expect(labels('headers.trace')).toContain('headers.trace:*')
    expect(labels('value.status=')).toEqual(['value.status=open', 'value.status=paid'])
    expect(labels('value.to.city:b')).toEqual(['value.to.city:"Bad Ems"'])
    expect(labels('key:')).toEqual(['key:b', 'key:a'])
    expect(labels('value.big=')).toEqual([])
    expect(labels('key~')).toEqual([])
  })

  test('take the place of the word at the caret', () => {
    const [first] = conditionCompletions('a value.sta b', 11, rows)
    expect(first).toMatchObject({ text: 'a value.status b', caret: 14 })
  })
})
