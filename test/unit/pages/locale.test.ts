import { describe, expect, it } from 'vitest'
import { acceptedLocale } from '../../../src-renderer/format/locale'

describe('the locale of a browser', () => {
  it('is used where Intl takes it', () => {
    for (const locale of ['en-US', 'de', 'de-AT', 'zh-Hant-TW', 'en-US-u-va-posix']) {
      expect(acceptedLocale(locale)).toBe(locale)
    }
  })

  it('is replaced where Intl refuses it', () => {
    for (const locale of ['C', 'c', '', 'POSIX.UTF-8', 'en_US', 'en_US.UTF-8', '*', 'ä']) {
      expect(() => new Intl.NumberFormat(locale)).toThrow(RangeError)
      expect(acceptedLocale(locale)).toBe('en-US')
      expect(new Intl.NumberFormat(acceptedLocale(locale)).format(1234.5)).toBe('1,234.5')
    }
  })
})
