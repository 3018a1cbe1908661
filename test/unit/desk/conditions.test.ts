import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition } from '../../../src-main/contract/search'
import { decode } from '../../../src-main/desk/decoders/auto'
import { conditionsFilter, neededText } from '../../../src-main/desk/messages/conditions'
import { ruleOutText } from '../../../src-main/desk/messages/rule-out'
import { readBatch } from '../../../src-main/records/batch'
import { encodeBatch, type NewRecord } from '../../../src-main/records/encode'
import { readRecords, unpackRecords } from '../../../src-main/records/record'

const place = { topic: 't', partition: 0 }
const decodings = new Map([['t', { key: decode, value: decode }]])

type Given = readonly [field: string, test: Condition['test'], value: string]

const condition = ([field, kind, value]: Given, isNot = false): Condition => ({ field, test: kind, value, isNot })

const recordOf = (key: string | null, value: string | null, headers: Readonly<Record<string, string>> = {}) => ({
  offset: 7,
  timestamp: 0n,
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers: Object.entries(headers).map(([name, text]) => ({ key: name, value: Buffer.from(text) })),
})

const order = recordOf(
  'Order-17',
  '{"status":"paid","note":"say \\"hi\\"","id":9007199254740993,"gone":null,"lines":[{"sku":"a/1"}],"to":{"city":"Köln"}}',
  { trace: 'T-1' },
)

const passes = (record: ReturnType<typeof recordOf>, ...conditions: readonly Condition[]) =>
  conditionsFilter(conditions, decodings)(record, place)

describe('a condition', () => {
  test.each<Given>([
    ['', 'contains', 'order-17'],
    ['', 'contains', 'KÖLN'],
    ['key', 'is', 'Order-17'],
    ['key', 'contains', 'order'],
    ['key', 'matches', '^Order-\\d+$'],
    ['key', 'exists', ''],
    ['value.status', 'is', 'paid'],
    ['value.status', 'contains', 'PAI'],
    ['value.note', 'is', 'say "hi"'],
    ['value.id', 'is', '9007199254740993'],
    ['value.id', 'above', '9007199254740992'],
    ['value.id', 'below', '9007199254740994'],
    ['value.id', 'above', '-1.5e3'],
    ['value.gone', 'exists', ''],
    ['value.gone', 'is', 'null'],
    ['value.lines[0].sku', 'is', 'a/1'],
    ['value.to', 'contains', 'köln'],
    ['value["to"].city', 'matches', '^K.ln$'],
    ['headers.trace', 'is', 'T-1'],
    ['headers', 'contains', 'trace'],
    ['headers.trace', 'exists', ''],
  ])('holds: %s %s %s; negated it does not', (...given) => {
    expect(passes(order, condition(given))).toBe(true)
    expect(passes(order, condition(given, true))).toBe(false)
  })

  test.each<Given>([
    ['', 'contains', 'order-18'],
    ['key', 'is', 'order-17'],
    ['key', 'matches', '^order'],
    ['value.status', 'is', 'pai'],
    ['value.missing', 'exists', ''],
    ['value.missing', 'is', ''],
    ['value.missing', 'below', '5'],
    ['value.status', 'above', '1'],
    ['value.id', 'above', '9007199254740993'],
    ['value.lines[1]', 'exists', ''],
    ['headers.Trace', 'exists', ''],
    ['headers.other', 'contains', ''],
  ])('does not hold: %s %s %s; negated it does', (...given) => {
    expect(passes(order, condition(given))).toBe(false)
    expect(passes(order, condition(given, true))).toBe(true)
  })

  test('tells a null from an empty text, and what is no JSON from JSON', () => {
    expect(passes(recordOf(null, null), condition(['value', 'exists', '']))).toBe(false)
    expect(passes(recordOf(null, ''), condition(['value', 'exists', '']))).toBe(true)
    expect(passes(recordOf(null, 'status: paid'), condition(['value.status', 'exists', '']))).toBe(false)
    expect(passes(recordOf(null, '"Ada"'), condition(['value', 'is', 'Ada']))).toBe(true)
  })

  test('holds together with all others', () => {
    const isPaid = condition(['value.status', 'is', 'paid'])
    expect(passes(order, isPaid, condition(['headers.dead', 'exists', ''], true))).toBe(true)
    expect(passes(order, isPaid, condition(['key', 'contains', 'order'], true))).toBe(false)
  })

  test('that makes no sense is told, and what RE2 has not too', () => {
    const filter = (...given: Given) => conditionsFilter([condition(given)])
    expect(() => filter('total', 'is', '1')).toThrow('The filter has no field total: begin with key, value or headers')
    expect(() => filter('key', 'above', 'x')).toThrow('A number is above or below another number, and x is none')
    expect(() => filter('key', 'matches', '(a')).toThrow(
      'The regular expression “(a” is not valid (RE2): missing closing ): `(a`',
    )
    expect(() => filter('key', 'matches', 'a(?=b)')).toThrow('is not valid (RE2)')
    expect(() => filter('key', 'matches', '(?:(?:a{900}){900}){900}')).toThrow('is not valid (RE2)')
  })

  test('has a bound for each record: a text that is too long for an expression is told, the next record is looked at', () => {
    const filter = conditionsFilter([condition(['value', 'matches', '(?:a[ab]{300}|b[ab]{400})[cd]'])], decodings)
    const long = recordOf(null, 'ab'.repeat(100_000))
    expect(() => filter(long, place)).toThrow('at t-0 offset 7: a text of 200,000 characters is too long for (?:a[ab]')
    expect(filter(recordOf(null, `${'a'.repeat(400)}c`), place)).toBe(true)
  })
})

describe('the text that matches of conditions need', () => {
  test.each<[string, readonly Condition[]]>([
    ['', [condition(['key', 'is', 'order-17'], true), condition(['', 'contains', 'x'], true)]],
    ['order-17', [condition(['', 'contains', 'Order-17']), condition(['value.a', 'exists', ''])]],
    ['customer', [condition(['value.customer.id', 'is', '17'])]],
    ['status', [condition(['value.status', 'matches', 'a long expression'])]],
    [' hi, ada', [condition(['value.note', 'contains', 'say "x\\ hi, Ada"'])]],
    ['', [condition(['key', 'matches', 'abc']), condition(['headers.trace', 'exists', ''])]],
  ])('is %j', (text, conditions) => {
    expect(neededText(conditions)).toBe(text)
  })

  test('is in every batch that has a match', () => {
    const words = fc.constantFrom('a', 'b', 'ab', '"', 'a"b', '\\', '/a', 'K', 'é', 'a\nb', '1', '0', 'null', '')
    const json = fc
      .record(
        { a: fc.oneof(words, fc.nat(12)), 'b"c': words, list: fc.array(words, { maxLength: 2 }) },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value))
    const bytes = fc.oneof(
      fc.constant(null),
      words.map((text) => Buffer.from(text)),
      words.map((text) => Buffer.from(JSON.stringify(text))),
      json.map((text) => Buffer.from(text)),
      json.map((text) => Buffer.from(text.replaceAll('a', '\\u0061'))),
      fc.uint8Array({ maxLength: 5 }).map((value) => Buffer.from(value)),
    )
    const headers = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b'), value: words.map((text) => Buffer.from(text)) }),
      {
        maxLength: 1,
      },
    )
    const record = fc.record({ key: bytes, value: bytes, headers, timestamp: fc.nat(1000) })
    const anyCondition = fc.record({
      field: fc.constantFrom(
        '',
        'key',
        'value',
        'value.a',
        'value["b\\"c"]',
        'value.list[0]',
        'key.a',
        'headers',
        'headers.a',
      ),
      test: fc.constantFrom<Condition['test']>('contains', 'is', 'matches', 'exists', 'below'),
      value: fc.oneof(words, fc.constantFrom('zz', 'q', 'xé')),
      isNot: fc.boolean(),
    })
    let [ruledOut, negated] = [0, 0]
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 3 }),
        fc.array(anyCondition, { minLength: 1, maxLength: 2 }),
        (records: NewRecord[], all) => {
          const conditions = all.map((one): Condition => {
            if (one.test === 'matches')
              return { ...one, field: one.field || 'key', value: one.value.replace(/\W/g, '.') }
            if (one.test === 'below') return { ...one, field: one.field || 'key', value: '5' }
            return one.field === '' ? { ...one, test: 'contains' } : one
          })
          const wanted = neededText(conditions)
          if (wanted === '') return
          const batch = readBatch(encodeBatch(records))
          if (!ruleOutText(wanted, [batch])(0, () => unpackRecords(batch))) return
          ruledOut++
          if (conditions.some(({ isNot }) => isNot)) negated++
          const filter = conditionsFilter(conditions, decodings)
          expect([...readRecords(batch)].filter((one) => filter(one, place))).toEqual([])
        },
      ),
      { numRuns: 4000 },
    )
    expect(ruledOut).toBeGreaterThan(30)
    expect(negated).toBeGreaterThan(5)
  })
})
