import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { payloadOf as storedPayload } from '../../../src-main/desk/messages/payload'
import {
  bytesOf,
  draftOf,
  emptyDraft,
  inForm,
  nullDraft,
  payloadOf,
} from '../../../src-renderer/pages/messages/payload-draft'

const payload = (bytes: number[] | string) => storedPayload(Buffer.from(bytes as string))

describe('a payload that is edited', () => {
  test('is the same bytes when nothing was edited, whatever they are and in every form that they have', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'grapheme' }).map((text) => new Uint8Array(Buffer.from(text))),
      fc.array(fc.constantFrom('\r\n', '\n', '\r', 'a', '\uFEFF', '\0')).map((all) => Buffer.from(all.join(''))),
    )
    fc.assert(
      fc.property(bytes, (given) => {
        const draft = draftOf(storedPayload(given))
        for (const form of ['text', 'hex', 'base64'] as const) {
          const other = inForm(draft, form)
          if (other) expect(Buffer.from(bytesOf(other) ?? [])).toEqual(Buffer.from(given))
        }
        expect(payloadOf(draft)).toEqual(storedPayload(given))
      }),
    )
  })

  test('is text where people read it, else hex, and base64 when there is much of it', () => {
    expect(draftOf('ada')).toMatchObject({ form: 'text', text: 'ada' })
    expect(draftOf(payload([0, 255]))).toMatchObject({ form: 'hex', text: '00 ff' })
    expect(draftOf(payload(new Array<number>(5000).fill(255)))).toMatchObject({ form: 'base64' })
    expect(inForm(draftOf(payload([0, 255])), 'text')).toBeUndefined()
  })

  test('is not shown when it is very large, and the same bytes all the same', () => {
    const large = payload(Array.from({ length: 600_000 }, (_, i) => i % 256))
    const draft = draftOf(large)
    expect(draft).toMatchObject({ form: 'kept', text: '' })
    expect(payloadOf(draft)).toEqual(large)
    const shown = inForm(draft, 'base64')
    expect(shown?.text).not.toBe('')
    expect(shown && payloadOf(shown)).toEqual(large)
    const none = inForm(draft, 'null')
    expect(none && inForm(none, 'hex')?.form).toBe('hex')
  })

  test('keeps the line breaks of Windows, and does not make one kind of several', () => {
    const draft = draftOf('a\r\nb')
    expect(draft).toMatchObject({ form: 'text', text: 'a\nb' })
    expect(payloadOf({ ...draft, text: 'a\nb\nc' })).toBe('a\r\nb\r\nc')
    expect(draftOf('a\r\nb\nc').form).toBe('hex')
  })

  test('null is not empty, and can be taken back', () => {
    expect(payloadOf(nullDraft)).toBeNull()
    expect(payloadOf(emptyDraft)).toBe('')
    expect(draftOf('').form).toBe('text')
    const none = inForm({ ...emptyDraft, text: 'ada' }, 'null')
    expect(none && payloadOf(none)).toBeNull()
    expect(none && inForm(none, 'text')).toMatchObject({ text: 'ada' })
  })

  test('names what is not hex and what is not base64', () => {
    expect(() => payloadOf({ ...emptyDraft, form: 'hex', text: '0g' })).toThrow('"g" is not a hex digit')
    expect(() => payloadOf({ ...emptyDraft, form: 'hex', text: '012' })).toThrow('one is missing')
    expect(() => payloadOf({ ...emptyDraft, form: 'base64', text: 'a?==' })).toThrow('not base64')
    expect(payloadOf({ ...emptyDraft, form: 'hex', text: '61 64\n61' })).toBe('ada')
  })
})
