import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../../src-main/desk/decoders/auto'
import { textFilter } from '../../../src-main/desk/messages/filter'
import { ruleOutText } from '../../../src-main/desk/messages/rule-out'
import { readBatch, readBatches } from '../../../src-main/records/batch'
import { encodeBatch, type NewRecord } from '../../../src-main/records/encode'
import { readRecords, unpackRecords } from '../../../src-main/records/record'

const place = { topic: 't', partition: 0 }
const decodings = new Map([['t', { key: decode, value: decode }]])

function ruled(records: readonly NewRecord[], wanted: string, codec: 'none' | 'gzip' = 'none') {
  const batch = readBatch(encodeBatch(records, { codec }))
  return { batch, out: ruleOutText(wanted, [batch])(0, () => unpackRecords(batch)) }
}

const text = (value: string, timestamp = 0): NewRecord => ({ key: null, value: Buffer.from(value), timestamp })

describe('a batch is ruled out', () => {
  test.each(['none', 'gzip'] as const)(
    'when nothing in it has the text, with the times of its records (%s)',
    (codec) => {
      const { out } = ruled([text('{"id":1}', 70), text('two words', 50), text('three', 90)], 'four', codec)
      expect(out).toEqual({ oldest: 50, newest: 90 })
    },
  )

  test.each<[string, NewRecord]>([
    ['the text is there', text('a FOUR b')],
    ['a number is shown for the bytes', { key: Buffer.from([0, 0, 0, 44]), value: null, timestamp: 0 }],
    ['JSON escapes a character', text('{"name":"\\u0066our"}')],
    ['the text is not ASCII', text('vier für four')],
    ['there is a header', { ...text('x'), headers: [{ key: 'h', value: null }] }],
  ])('not when %s', (_, record) => {
    expect(ruled([text('other'), record], 'four').out).toBeUndefined()
  })

  test.each(['forward', 'backward'])('by itself where batches lie side by side, read %s', (direction) => {
    const records = ['one', 'a FOUR b', 'three'].map((value) => encodeBatch([text(value, value.length)]))
    const run = Buffer.concat(records)
    const batches = [...readBatches(run)]
    if (direction === 'backward') batches.reverse()
    const out = (wanted: string) => {
      const rule = ruleOutText(wanted, batches)
      return batches.map((batch, index) => rule(index, () => unpackRecords(batch))?.newest)
    }
    expect(out('seven')).toEqual(direction === 'backward' ? [5, 8, 3] : [3, 8, 5])
    expect(out('four')).toEqual(direction === 'backward' ? [5, undefined, 3] : [3, undefined, 5])
  })

  test('only when no record of it passes the filter', () => {
    const bytes = fc.oneof(
      fc.constant(null),
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => Buffer.from(value)),
      fc.json({ maxDepth: 1 }).map((value) => Buffer.from(value)),
      fc.uint8Array({ maxLength: 9 }).map((value) => Buffer.from(value)),
    )
    const record = fc.record({ key: bytes, value: bytes, timestamp: fc.nat(1000) })
    const find = fc.oneof(fc.string({ minLength: 1, maxLength: 2 }), fc.constantFrom('1', 'a', '0', '"', 'é', 'K'))
    let ruledOut = 0
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), find, (records, wanted) => {
        const { batch, out } = ruled(records, wanted.toLowerCase())
        if (!out) return
        ruledOut++
        const filter = textFilter(wanted, decodings)
        const read = [...readRecords(batch)]
        expect(read.filter((one) => filter(one, place))).toEqual([])
        const times = read.map(({ timestamp }) => Number(timestamp))
        expect(out).toEqual({ oldest: Math.min(...times), newest: Math.max(...times) })
      }),
      { numRuns: 1000 },
    )
    expect(ruledOut).toBeGreaterThan(50)
  })
})
