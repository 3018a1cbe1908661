import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lacksText, PlainText } from '../../../src-main/desk/messages/plain-text'

const byte = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 2, arbitrary: fc.constantFrom(9, 10, 13) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 8, 11, 0x1f, 0x7f, 0x80, 0x9f, 0xff) },
)
const isPrintable = (one: number) => (one >= 0x20 && one <= 0x7e) || one === 9 || one === 10 || one === 13

it('bytes are plain text where each of them is printable, wherever they begin and end', () => {
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 40 }), fc.nat(7), fc.nat(40), fc.nat(40), (bytes, offset, a, b) => {
      const memory = new ArrayBuffer(offset + bytes.length)
      const view = Buffer.from(memory, offset, bytes.length)
      view.set(bytes)
      const [from, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)]
      expect(new PlainText(view).has(from, end)).toBe(bytes.slice(from, end).every(isPrintable))
    }),
    { numRuns: 2000 },
  )
  // Each byte alone, among others, at each place of a word.
  for (let one = 0; one < 256; one++) {
    for (let at = 0; at < 12; at++) {
      const bytes = Buffer.alloc(12, 'a')
      bytes[at] = one
      expect([one, at, new PlainText(bytes).has(0, 12)]).toEqual([one, at, isPrintable(one)])
    }
  }
})

it('a text is found in any case, also where two chunks meet, and an escape may be any text', () => {
  const text = `${'x'.repeat(65_530)}Needle.[1]${'y'.repeat(70_000)}`
  const bytes = Buffer.from(text)
  for (const wanted of ['needle.[1]', 'xneedle', 'e', '.[1]y', 'y'.repeat(66_000)]) {
    expect([wanted.slice(0, 20), lacksText(wanted)(bytes)]).toEqual([wanted.slice(0, 20), false])
  }
  for (const wanted of ['needle.[2]', 'needlex[1]', 'xx needle', 'é', '\u{1f600}', `z${'y'.repeat(66_000)}`]) {
    expect([wanted.slice(0, 20), lacksText(wanted)(bytes)]).toEqual([wanted.slice(0, 20), true])
  }
  expect(lacksText('nowhere')(Buffer.from('{"a":"\\u0061"}'))).toBe(false)
  for (let shift = 0; shift < 12; shift++) {
    const shifted = Buffer.concat([Buffer.alloc(65_536 - shift, 'x'), Buffer.from('NEEDLE'), Buffer.alloc(9, 'x')])
    expect([shift, lacksText('needle')(shifted)]).toEqual([shift, false])
  }
})
