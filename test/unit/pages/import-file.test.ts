import { describe, expect, test } from 'vitest'
import {
  type FileFormat,
  type FileMessage,
  likelyFormat,
  messagesOf,
} from '../../../src-renderer/pages/messages/import-file'
import { checkSendable, Requests } from '../../../src-renderer/pages/messages/import-requests'

/** A file that comes in pieces of a few bytes, so that every line and character is cut somewhere. */
function inPieces(content: string | Uint8Array, pieceBytes = 3): Blob {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>])
  let at = 0
  const stream = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) controller.close()
        else controller.enqueue(bytes.slice(at, (at += pieceBytes)))
      },
    })
  return Object.assign(blob, { stream }) as Blob
}

async function read(content: string | Uint8Array, format: FileFormat, separator = ':') {
  const messages: FileMessage[] = []
  for await (const { items } of messagesOf(inPieces(content), format, separator)) messages.push(...items)
  return messages.map(({ line, message: { key, value } }) => [line, key, value])
}

const whole = async (line: string, format: FileFormat = 'jsonl') => {
  for await (const { items } of messagesOf(new Blob([line]), format, ':')) {
    if (items[0]) return items[0].message
  }
  throw new Error('no message')
}

describe('lines of a file', () => {
  test('are values, or keys and values; empty ones are none', async () => {
    expect(await read('\uFEFFeins\r\n\nzwei ä\n{"a":1}', 'values')).toEqual([
      [1, null, 'eins'],
      [3, null, 'zwei ä'],
      [4, null, '{"a":1}'],
    ])
    expect(await read('a:1\nb:x:y\n', 'pairs')).toEqual([
      [1, 'a', '1'],
      [2, 'b', 'x:y'],
    ])
    expect(await read('a\tb', 'pairs', '\t')).toEqual([[1, 'a', 'b']])
    await expect(read('a:1\n\nb', 'pairs')).rejects.toThrow('Line 3: it has no ":" between key and value.')
  })

  test('keep bytes that are no text', async () => {
    expect(await read(new Uint8Array([0xff, 0x00, 10, 0x61]), 'values')).toEqual([
      [1, null, { base64: '/wA=' }],
      [2, null, 'a'],
    ])
  })

  test('as an export writes them: null is not empty, bytes are bytes, JSON stays as it was written', async () => {
    const line =
      '{"topic":"t","partition":3,"offset":9,"timestamp":-1,"key":"","value":{"id":9007199254740993, "a":[1]},"headers":[{"key":"h","value":null},{"key":"h","value":18446744073709551615}],"decoded":{"key":1}}'
    expect(await whole(line)).toEqual({
      partition: 3,
      timestamp: -1,
      key: '',
      value: '{"id":9007199254740993, "a":[1]}',
      headers: [
        { key: 'h', value: null },
        { key: 'h', value: '18446744073709551615' },
      ],
    })
    expect(await whole('{"value":null}')).toEqual({
      partition: null,
      timestamp: null,
      key: null,
      value: null,
      headers: [],
    })
    expect(await whole('{"key":{"base64":"AP8="},"value":{"base64":"AP8=","more":1}}')).toMatchObject({
      key: { base64: 'AP8=' },
      value: '{"base64":"AP8=","more":1}',
    })
  })

  test.each([
    ['{"value":1}\nvalue', 'Line 2: it is not valid JSON'],
    ['[1]', 'Line 1: it is not a JSON object.'],
    ['{"value":1,"unit":"kg"}', 'Line 1: "unit" is not a field of a message.'],
    ['{"key":1}', 'Line 1: it has no "value" (null makes a tombstone).'],
    ['{"value":{"base64":"???"}}', 'Line 1: this is not base64'],
    ['{"value":"\\ud800"}', 'Line 1: \\ud800 is a lone surrogate'],
    ['{"value":1,"partition":"x"}', 'Line 1: "partition" is not a valid partition.'],
    ['{"value":1,"headers":[{"value":1}]}', 'Line 1: header 1 has no key.'],
  ])('%s is rejected with its line number', async (content, why) => {
    await expect(read(content, 'jsonl')).rejects.toThrow(why)
  })

  test('the most likely format of a file is recognised', async () => {
    const likely = (name: string, content: string) => likelyFormat(name, inPieces(content))
    expect(await likely('a.CSV', 'x')).toBe('csv')
    expect(await likely('a.txt', '\n{"key":"k","value":1}\n')).toBe('jsonl')
    expect(await likely('a.json', '{"value":1,"unit":"kg"}\n')).toBe('values')
    expect(await likely('a', '')).toBe('values')
    // Pasted, or of a file with any name: a list of objects, and JSON over several lines. A line of a log is none.
    expect(await likely('', '[{"a":1},{"a":2}]')).toBe('array')
    expect(await likely('', '[\n  1,\n  2\n]\n')).toBe('array')
    expect(await likely('', '{\n  "a": 1\n}\n')).toBe('array')
    expect(await likely('', '[1,2]')).toBe('values')
    expect(await likely('', '[1]\n[2]\n')).toBe('values')
    expect(await likely('', '[info] started\n[info] ready')).toBe('values')
    expect(await read('{\n  "a": 1\n}\n', 'array')).toEqual([[1, null, '{\n  "a": 1\n}']])
  })
})

describe('CSV', () => {
  test('has line breaks and quotes within fields, and its lines are counted', async () => {
    const text =
      'key,value,headers\r\nk,"a ""quoted""\nline, ä",\r\n\r\n,,"[{""key"":""h"",""value"":9007199254740993}]"\r\nx,base64:AP8=,'
    expect(await read(text, 'csv')).toEqual([
      [2, 'k', 'a "quoted"\nline, ä'],
      [5, null, null],
      [6, 'x', { base64: 'AP8=' }],
    ])
    expect((await whole(text.replace('k,"a', ',"a'), 'csv')).key).toBeNull()
    expect(
      await whole(
        'value;timestamp;headers\n1;2026-01-01T00:00:00.000Z;"[{""key"":""h"",""value"":9007199254740993}]"',
        'csv',
      ),
    ).toEqual({
      partition: null,
      timestamp: Date.UTC(2026, 0, 1),
      key: null,
      value: '1',
      headers: [{ key: 'h', value: '9007199254740993' }],
    })
  })

  test('is refused with its line', async () => {
    await expect(read('key,value\na,b\n"x\ny",b,c\n', 'csv')).rejects.toThrow(
      'Line 3 has 3 fields, and the first line names 2.',
    )
    await expect(read('key\na\n', 'csv')).rejects.toThrow('must name a column "value"')
    await expect(read(new Uint8Array([118, 97, 108, 117, 101, 10, 0xe4, 10]), 'csv')).rejects.toThrow('is not UTF-8')
  })
})

describe('requests', () => {
  const message = { partition: null, timestamp: null, key: null, headers: [] }

  test('are cut by size, not by number', () => {
    const requests = new Requests()
    const sizes: number[] = []
    for (let line = 1; line <= 100; line++) {
      const full = requests.add({ line, message: { ...message, value: 'x'.repeat(100_000) } })
      if (full) sizes.push(full.length)
    }
    sizes.push(requests.rest().length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100)
    expect(Math.max(...sizes)).toBe(10)
  })

  test('a message that no page can send is named', () => {
    const value = 'x'.repeat(16_000_000)
    expect(() => new Requests().add({ line: 7, message: { ...message, value } })).toThrow(
      'Line 7: the message takes 16 MB to send, and a page can send 16 MB at once.',
    )
    expect(checkSendable('ä')).toBe(4)
  })
})
