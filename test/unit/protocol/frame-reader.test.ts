import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hold, letGo, own } from '../../../src-main/base/held-bytes'
import { FrameLengthError, FrameReader } from '../../../src-main/protocol/frame-reader'

const limitBytes = 1000

function framed(body: Uint8Array): Buffer {
  const frame = Buffer.alloc(4 + body.length)
  frame.writeInt32BE(body.length)
  frame.set(body, 4)
  return frame
}

function readAll(chunks: readonly Buffer[], limit = limitBytes): { frames: string[]; reader: FrameReader } {
  const frames: string[] = []
  const reader = new FrameReader(limit, (frame) => frames.push(frame.toString('latin1')))
  for (const chunk of chunks) reader.push(chunk)
  return { frames, reader }
}

describe('FrameReader', () => {
  it('gives the same frames however the stream is cut', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 8000 }), { maxLength: 6 })
    const cuts = fc.array(fc.nat(20_000), { maxLength: 12 })
    fc.assert(
      fc.property(bodies, cuts, (all, places) => {
        const stream = Buffer.concat(all.map(framed))
        const ends = [...places.map((place) => place % (stream.length + 1)), stream.length].sort((a, b) => a - b)
        const chunks = ends.map((end, index) => stream.subarray(index === 0 ? 0 : ends[index - 1], end))
        const { frames, reader } = readAll(chunks, 8000)
        expect(frames).toEqual(all.map((body) => Buffer.from(body).toString('latin1')))
        expect(reader.heldBytes).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  it('reads a stream that comes byte by byte', () => {
    const stream = Buffer.concat([framed(Buffer.from('one')), framed(Buffer.from('')), framed(Buffer.alloc(900, 'x'))])
    const { frames } = readAll([...stream].map((byte) => Buffer.from([byte])))
    expect(frames).toEqual(['one', '', 'x'.repeat(900)])
  })

  it('gives a frame that lies whole in a chunk as a view of it', () => {
    const chunk = framed(Buffer.from('whole'))
    const frames: Buffer[] = []
    new FrameReader(limitBytes, (frame) => frames.push(frame)).push(chunk)
    expect(frames[0]!.buffer).toBe(chunk.buffer)
  })

  it('frees owned chunks as soon as no frame needs them', () => {
    const size = 20_000
    const stream = Buffer.concat([
      framed(Buffer.alloc(size, 'a')),
      framed(Buffer.alloc(size, 'b')),
      framed(Buffer.alloc(size, 'c')),
    ])
    const frames: Buffer[] = []
    const reader = new FrameReader(size, (frame) => {
      hold(frame)
      frames.push(frame)
    })
    // The first chunk has a part of a frame; the second its end, a whole frame and the beginning of the third.
    const chunks = [stream.subarray(0, 17_000), stream.subarray(17_000, 58_000), stream.subarray(58_000)].map(
      (part) => {
        const chunk = Buffer.allocUnsafeSlow(part.length)
        part.copy(chunk)
        own(chunk)
        return chunk
      },
    )
    const alive: boolean[][] = []
    for (const chunk of chunks) {
      reader.push(chunk)
      alive.push(chunks.map(({ length }) => length > 0))
    }
    expect(alive[1]).toEqual([false, true, true])
    expect(frames.map((frame) => frame.toString())).toEqual(['a', 'b', 'c'].map((letter) => letter.repeat(size)))
    for (const frame of frames) letGo(frame)
    expect(chunks.map(({ length }) => length)).toEqual([0, 0, 2012])
    expect(frames.map(({ length }) => length)).toEqual([0, 0, 0])
  })

  it('knows what it holds and what is missing', () => {
    const { reader } = readAll([framed(Buffer.alloc(100)).subarray(0, 30)])
    expect([reader.heldBytes, reader.missingBytes]).toEqual([30, 74])
  })

  it.each([
    ['too long', 1001, /1001 bytes long, and 1000 is the limit$/],
    ['negative', -1, /-1 bytes long/],
    ['HTTP', Buffer.from('GET ').readInt32BE(), /looks like HTTP$/],
    ['TLS', Buffer.from([22, 3, 1, 2]).readInt32BE(), /looks like TLS, and the listener is a plain one$/],
  ])('refuses a length that is %s, even when it comes in two parts', (_, length, message) => {
    const head = Buffer.alloc(4)
    head.writeInt32BE(length)
    expect(() => readAll([head])).toThrow(FrameLengthError)
    expect(() => readAll([head.subarray(0, 1), head.subarray(1)])).toThrow(message)
  })
})
