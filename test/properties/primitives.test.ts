import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Reader } from '../../src-main/protocol/reader'
import { Writer } from '../../src-main/protocol/writer'

/** Few letters, so that texts meet in the memory of texts that were read before. */
const nameBytes = fc.uint8Array({ maxLength: 70 }).map((bytes) => bytes.map((byte) => (byte > 250 ? byte : byte & 3)))
const anyBytes = fc.uint8Array({ maxLength: 70 })

test('a text is read as a buffer reads it, whatever was read before', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(nameBytes, anyBytes), { maxLength: 40 }), (texts) => {
      const reader = new Reader(Buffer.concat(texts))
      for (const text of texts) expect(reader.text(text.length)).toBe(Buffer.from(text).toString('utf8'))
      expect(reader.left).toBe(0)
    }),
  )
})

test('texts that have the same place in the memory of texts are told apart', () => {
  const texts = Array.from({ length: 2000 }, (_, number) => `orders-${number}`)
  for (const text of [...texts, ...texts]) expect(new Reader(Buffer.from(text)).text(text.length)).toBe(text)
})

test('a text is written as a buffer writes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const bytes = Buffer.from(text)
      const writer = new Writer(16)
      writer.text(text, bytes.length)
      expect(Buffer.concat(writer.chunks())).toEqual(bytes)
    }),
  )
})

test('64-bit integers and varints come back as they were', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.nat({ max: 2 ** 32 - 1 }),
      (int64, varint) => {
        const writer = new Writer(16)
        writer.int64(int64)
        writer.uvarint(varint)
        const bytes = Buffer.concat(writer.chunks())
        expect(bytes.readBigInt64BE(0)).toBe(int64)
        const reader = new Reader(bytes)
        expect([reader.int64(), reader.uvarint(), reader.left]).toEqual([int64, varint, 0])
      },
    ),
  )
})

test('an integer that does not fit is not written', () => {
  const writer = new Writer()
  for (const value of [2n ** 63n, -(2n ** 63n) - 1n]) expect(() => writer.int64(value)).toThrow(RangeError)
  for (const value of [2 ** 31, -(2 ** 31) - 1]) expect(() => writer.int32(value)).toThrow(RangeError)
  for (const value of [2 ** 15, -(2 ** 15) - 1]) expect(() => writer.int16(value)).toThrow(RangeError)
  for (const value of [2 ** 16, -1]) expect(() => writer.uint16(value)).toThrow(RangeError)
  for (const value of [2 ** 7, -(2 ** 7) - 1]) expect(() => writer.int8(value)).toThrow(RangeError)
  expect(writer.length).toBe(0)
})

const pieces = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 30 })

test('writers that write in turn keep their bytes apart, however much each writes', () => {
  fc.assert(
    fc.property(pieces, pieces, (one, other) => {
      const [first, second] = [new Writer(), new Writer(16)]
      for (let i = 0; i < Math.max(one.length, other.length); i++) {
        if (one[i]) first.blob(one[i]!)
        if (other[i]) second.blob(other[i]!)
      }
      const written = [first, second].map((writer) => writer.chunks())
      const third = new Writer()
      for (const piece of one) third.blob(piece.map((byte) => ~byte))
      expect(written.map((chunks) => Buffer.concat(chunks))).toEqual([Buffer.concat(one), Buffer.concat(other)])
    }),
  )
})
