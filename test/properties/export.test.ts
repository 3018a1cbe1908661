import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import type { Payload } from '../../src-main/contract/messages'
import { decode } from '../../src-main/desk/decoders/auto'
import { decoderFor } from '../../src-main/desk/decoders/decoder'
import type { Decoding } from '../../src-main/desk/messages/decoding'
import { exportLine, headLine } from '../../src-main/desk/messages/export-lines'
import { bytesOf } from '../../src-main/desk/messages/payload'
import type { LogRecord } from '../../src-main/records/record'
import { type FileFormat, type FileMessage, messagesOf } from '../../src-renderer/pages/messages/import-file'

const fromText = (text: string) => Buffer.from(text)
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((all) => Buffer.from(all)),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map(fromText),
  fc.json().map(fromText),
  // JSON with line breaks, numbers of 64 bits, texts that a decoder may take for something else.
  fc
    .constantFrom(
      '{"id": 9007199254740993,\r\n "a":1.0}',
      '"\\ud83d\\ude00"',
      'abcd',
      '',
      'null',
      '{"base64":"AP8="}',
      '\uFEFFmark',
      'line\u2028line',
    )
    .map(fromText),
  // As a schema registry's serializers write JSON.
  fc.json().map((text) => Buffer.from([0, 0, 0, 0, 1, ...fromText(`${text}\n`)])),
  fc.constantFrom([0, 0, 0, 42], [0x81, 0xa1, 0x61, 0x01], [0xa1, 0x61, 0x61, 0x01]).map((all) => Buffer.from(all)),
)
const record: fc.Arbitrary<LogRecord> = fc.record({
  offset: fc.nat(),
  timestamp: fc.oneof(fc.constant(-1), fc.nat(4_000_000_000_000)),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.record({ key: fc.string({ unit: 'grapheme', maxLength: 8 }), value: fc.option(bytes) }), {
    maxLength: 4,
  }),
})

const same = (payload: Payload) => {
  const given = bytesOf(payload)
  return given && [...given]
}

async function imported(lines: string, format: FileFormat = 'jsonl'): Promise<FileMessage[]> {
  const messages: FileMessage[] = []
  for await (const { items } of messagesOf(new Blob([lines]), format, ':')) messages.push(...items)
  return messages
}

describe('an export of JSON Lines', () => {
  const decoders = async (): Promise<Decoding[]> => {
    const all = await Promise.all(
      (['hex', 'integer', 'json', 'text', 'uuid', 'base64', 'msgpack', 'cbor', 'protobuf'] as const).map((format) =>
        decoderFor({ format, schema: null, type: null }),
      ),
    )
    return [decode, ...all].map((one) => ({ key: one, value: one }))
  }

  test('gives the same keys, values and headers when it is imported, however they are read', async () => {
    const every = await decoders()
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 5 }), fc.nat(every.length - 1), async (records, which) => {
        const decoding = every[which] as Decoding
        const lines = records.map((one) => exportLine('jsonl', one, { topic: 'orders', partition: 3 }, decoding))
        const messages = await imported(lines.join(''))
        expect(messages).toHaveLength(records.length)
        for (const [i, { message }] of messages.entries()) {
          const original = records[i] as LogRecord
          expect(message.partition).toBe(3)
          expect(message.timestamp).toBe(original.timestamp)
          expect(same(message.key)).toEqual(original.key && [...original.key])
          expect(same(message.value)).toEqual(original.value && [...original.value])
          expect(message.headers.map(({ key, value }) => [key, same(value)])).toEqual(
            original.headers.map(({ key, value }) => [key, value && [...value]]),
          )
        }
      }),
      { numRuns: 500 },
    )
  })

  test('holds what a decoder read beside the bytes, with exact numbers', async () => {
    const integer = await decoderFor({ format: 'integer', schema: null, type: null })
    const value = Buffer.alloc(8)
    value.writeBigInt64BE(9007199254740993n)
    const one = { offset: 1, timestamp: 2, key: Buffer.from('abcd'), value, headers: [] } as unknown as LogRecord
    const line = exportLine('jsonl', one, { topic: 't', partition: 0 }, { key: decode, value: integer })
    expect(line).toBe(
      '{"topic":"t","partition":0,"offset":1,"timestamp":2,"key":"abcd","value":{"base64":"ACAAAAAAAAE="},"headers":[],"decoded":{"value":9007199254740993}}\n',
    )
  })
})

describe('an export of CSV', () => {
  // What is decoded is shown as decoded; text and bytes are exact.
  const cells = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }).map(fromText),
    fc.uint8Array({ maxLength: 20 }).map((all) => Buffer.from([0xc1, ...all])),
    fc
      .constantFrom(
        '=1+1',
        '+1',
        '-1',
        '@SUM(A1)',
        '\t=1',
        "'=1",
        "'",
        "''@",
        '\r',
        'base64:AAAA',
        "'base64:",
        '-',
        '1e5',
      )
      .map(fromText),
  )
  const spreadsheetRecord = fc
    .tuple(record, fc.option(cells), fc.option(cells))
    .map(([one, key, value]): LogRecord => ({ ...one, key, value }))

  test('gives the same messages when it is imported, and nothing that a spreadsheet would run', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(spreadsheetRecord, { minLength: 1, maxLength: 5 }), async (records) => {
        const decoding = { key: await decoderFor(text), value: await decoderFor(text) }
        const lines = records.map((one) => exportLine('csv', one, { topic: 'orders', partition: 3 }, decoding))
        const messages = await imported(`${headLine('csv')}${lines.join('')}`, 'csv')
        expect(messages.map(({ message }) => message.timestamp)).toEqual(records.map(({ timestamp }) => timestamp))
        expect(messages.map(({ message }) => [same(message.key), same(message.value)])).toEqual(
          records.map(({ key, value }) => [key && [...key], value && [...value]]),
        )
        expect(messages.map(({ message }) => message.headers.map(({ key, value }) => [key, same(value)]))).toEqual(
          records.map(({ headers }) => headers.map(({ key, value }) => [key, value && [...value]])),
        )
        const fields = Papa.parse<string[]>(lines.join(''), { delimiter: ',' }).data.flat()
        const isNumber = /^[+-]?[\d.]+(e[+-]?\d+)?$/i
        expect(fields.filter((field) => /^[=+\-@\t\r]/.test(field) && !isNumber.test(field))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

const text = { format: 'text', schema: null, type: null } as const
