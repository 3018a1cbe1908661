import { afterEach, expect, test } from 'vitest'
import { automatic } from '../../../src-main/desk/decoders/decoder'
import { LatestKeys } from '../../../src-main/desk/messages/latest-keys'
import { KeyFile } from '../../../src-main/storage'

const made: { dispose(): void }[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})

/** Room for three keys in memory. */
function latestKeys(openStore?: () => KeyFile): LatestKeys {
  const keys = new LatestKeys(openStore, 3)
  made.push(keys)
  return keys
}

const decoders = { key: automatic, value: automatic }
const range = (partition: number, givenFrom?: number) => ({
  topic: 't',
  partition,
  from: 0,
  before: 100,
  seen: [],
  decoders,
  ...(givenFrom === undefined ? {} : { givenFrom }),
})
const record = (key: string | Buffer | null, offset = 1, value: string | null = 'v') => ({
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  offset,
  timestamp: 0,
  headers: [],
})

test('keys that memory has no room for are known from a file, by partition', () => {
  let opened = 0
  const keys = latestKeys(() => {
    opened++
    return new KeyFile()
  })
  const names = ['a', 'b', 'c', 'd', '', 'e\0f', 'x'.repeat(1000), `${'x'.repeat(999)}y`]
  expect(names.map((name) => keys.isNewest(record(name), range(0)))).toEqual(names.map(() => true))
  expect(names.map((name) => keys.isNewest(record(name), range(0)))).toEqual(names.map(() => false))
  expect(names.map((name) => keys.isNewest(record(name), range(1)))).toEqual(names.map(() => true))
  expect(opened).toBe(1)
})

test('a tombstone hides the records before it, and is none of the latest values itself', () => {
  const keys = latestKeys()
  expect(keys.isNewest(record('a', 9, null), range(0))).toBe(false)
  expect(keys.isNewest(record('a', 8), range(0))).toBe(false)
  expect(keys.isNewest(record(null, 7), range(0))).toBe(false)
})

test('what the page has already only tells which keys are newer', () => {
  const keys = latestKeys()
  expect(keys.isNewest(record('a', 9), range(0, 5))).toBe(false)
  expect(keys.isNewest(record('a', 4), range(0, 5))).toBe(false)
  expect(keys.isNewest(record('b', 4), range(0, 5))).toBe(true)
})

test('without a file, more keys than memory has room for end the search with a sentence', () => {
  const keys = latestKeys()
  for (const name of ['a', 'b', 'c', 'a']) keys.isNewest(record(name), range(0))
  expect(() => keys.isNewest(record('d'), range(0))).toThrow('there are more than 3 keys; choose fewer partitions')
})
