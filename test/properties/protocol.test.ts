import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apis } from '../../src-main/protocol/apis'
import { decode, decodePrefix } from '../../src-main/protocol/codec'
import { DecodeError } from '../../src-main/protocol/failures'
import { readRequest } from '../../src-main/protocol/frame'
import type { Api } from '../../src-main/protocol/schema'
import { checkBatch, readBatches } from '../../src-main/records/batch'
import { RecordsError } from '../../src-main/records/failures'
import { readRecords } from '../../src-main/records/record'
import { corpus } from '../golden/corpus'
import { batchOf } from '../support/core'
import { part } from './part'

interface Line {
  readonly api: string
  readonly kind: 'request' | 'response'
  readonly version: number
  readonly hex: string
}

const byName = new Map<string, Api>(apis.map((api) => [api.name, api]))
const lines = corpus<Line>('messages').filter(({ api, hex }) => byName.has(api) && hex.length > 0)

/** Reads a message, or fails with the error that is meant for it; anything else fails the test. */
function read({ api, kind, version }: Line, bytes: Uint8Array): void {
  try {
    decode((byName.get(api) as Api)[kind], version, bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError)
    expect((error as DecodeError).offset).toBeLessThanOrEqual(bytes.byteLength)
  }
}

describe('broken messages', () => {
  test('cut off anywhere, end in a DecodeError', () => {
    fc.assert(
      fc.property(fc.constantFrom(...lines), part, (line, part) => {
        const bytes = Buffer.from(line.hex, 'hex')
        read(line, bytes.subarray(0, Math.floor(part * bytes.length)))
      }),
      { numRuns: 3000 },
    )
  })

  test('with any bytes changed, end in a DecodeError or in another message, and allocate no more than they have bytes for', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...lines),
        fc.array(fc.tuple(part, fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (line, changes) => {
          const bytes = Buffer.from(line.hex, 'hex')
          for (const [part, value] of changes)
            bytes[Math.min(bytes.length - 1, Math.floor(part * bytes.length))] = value
          const before = process.memoryUsage().arrayBuffers
          read(line, bytes)
          expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024)
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('random frames end in a DecodeError or are not served', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (frame) => {
        try {
          const read = readRequest(frame, () => true)
          if (!('unserved' in read)) decodePrefix(read.api.request, read.header.apiVersion, frame, read.bodyOffset)
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError)
        }
      }),
      { numRuns: 3000 },
    )
  })
})

describe('broken record batches', () => {
  const good = (['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const).map((codec) =>
    batchOf(
      Array.from({ length: 20 }, (_, i) => `value ${i}`.repeat(5)),
      { codec },
    ),
  )

  test('end in a RecordsError', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...good),
        fc.array(fc.tuple(part, fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.boolean(),
        (batch, changes, cut) => {
          const bytes = Buffer.from(batch)
          for (const [part, value] of changes)
            bytes[Math.min(bytes.length - 1, Math.floor(part * bytes.length))] = value
          const given = cut ? bytes.subarray(0, Math.floor((changes[0]?.[0] ?? 0) * bytes.length)) : bytes
          try {
            // Both with the checksum, and behind it: a reader of the pages meets batches that were checked long ago.
            for (const one of readBatches(given))
              for (const record of readRecords(one)) expect(record.offset).toBeTypeOf('number')
            for (const one of readBatches(given)) checkBatch(one)
          } catch (error) {
            expect(error).toBeInstanceOf(RecordsError)
          }
        },
      ),
      { numRuns: 3000 },
    )
  })
})
