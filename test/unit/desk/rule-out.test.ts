import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../../src-main/desk/decoders/auto'
import { textFilter } from '../../../src-main/desk/messages/filter'
import { outOfTime, ruleOutText } from '../../../src-main/desk/messages/rule-out'
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

describe('a batch that lies outside of a span of time', () => {
  const never = () => {
    throw new Error('it was unpacked')
  }
  const dated = (times: readonly number[], options: Parameters<typeof encodeBatch>[1] = {}) =>
    readBatch(
      encodeBatch(
        times.map((at) => text('x', at)),
        options,
      ),
    )
  const told = (batch: ReturnType<typeof readBatch>, fromAt: number, untilAt: number, unpack = never as () => Buffer) =>
    outOfTime({ fromAt, untilAt }, [batch])(0, unpack)

  test('is told by its header when it is older, or was stamped by the broker', () => {
    const packed = dated([5, 9], { codec: 'gzip' })
    expect(told(packed, 10, -1)).toEqual({ oldest: 9, newest: 9 })
    expect(told(packed, 9, 20)).toBeUndefined()
    const stamped = dated([5, 9], { codec: 'gzip', timestampType: 'LogAppendTime', maxTimestamp: 9 })
    expect(told(stamped, -1, 9)).toEqual({ oldest: 9, newest: 9 })
    expect(told(stamped, -1, 10)).toBeUndefined()
  })

  test.each(['none', 'gzip'] as const)(
    'is told by its records when it is newer: the times of a producer may be in any order (%s)',
    (codec) => {
      const late = dated([30, 7, 20], { codec })
      expect(told(late, -1, 8, () => unpackRecords(late))).toBeUndefined()
      expect(told(late, -1, 7, () => unpackRecords(late))).toEqual({ oldest: 7, newest: 30 })
    },
  )

  test('never holds a record of that span', () => {
    const times = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 })
    const bound = fc.oneof(fc.constant(-1), fc.nat(20))
    let ruledOut = 0
    fc.assert(
      fc.property(times, bound, bound, (all, fromAt, untilAt) => {
        if (!told(dated(all), fromAt, untilAt)) return
        ruledOut++
        expect(all.filter((at) => (fromAt < 0 || at >= fromAt) && (untilAt < 0 || at < untilAt))).toEqual([])
      }),
    )
    expect(ruledOut).toBeGreaterThan(10)
  })
})
