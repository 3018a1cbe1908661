import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packFrames } from '../../../src-main/server/outbox'

describe('packFrames', () => {
  it('puts the length before every frame and keeps the order of the bytes', () => {
    const chunk = fc.uint8Array({ maxLength: 6000 })
    fc.assert(
      fc.property(fc.array(fc.array(chunk, { maxLength: 4 }), { maxLength: 4 }), (frames) => {
        const expected = frames.map((chunks) => {
          const body = Buffer.concat(chunks)
          const head = Buffer.alloc(4)
          head.writeInt32BE(body.length)
          return Buffer.concat([head, body])
        })
        expect(Buffer.concat(packFrames(frames)).equals(Buffer.concat(expected))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('packs small frames into one chunk and leaves record batches where they are', () => {
    const batch = Buffer.alloc(10_000)
    const packed = packFrames([[Buffer.from('a')], [Buffer.from('b'), batch, Buffer.from('c')], [Buffer.from('d')]])
    expect(packed).toHaveLength(3)
    expect(packed[1]).toBe(batch)
  })
})
