import { describe, expect, it } from 'vitest'
import { visible } from '../../../src-renderer/format/controls'
import { texts } from '../../../src-renderer/pages/messages/texts'

describe('text of messages', () => {
  it.each([
    ['a\u0000b', 'a␀b'],
    ['\u001b[31m', '␛[31m'],
    ['\u007f\u0085', '␡\\u0085'],
    // Right-to-left override: it would turn the closing quote round as well.
    ['"\u202eabc"', '"\\u202eabc"'],
    ['\u2066a\u2069', '\\u2066a\\u2069'],
    ['a\tb\r\nשלום ﷺ 😀', 'a\tb\r\nשלום ﷺ 😀'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('that was scanned is not taken for all there is', () => {
    expect(texts.progress.matched(1000, '1,000', true)).toBe('1,000 of 1,000 scanned so far')
    expect(texts.progress.matched(1000, '1,000', false)).toBe('1,000 of 1,000 scanned')
  })
})
