import { expect, test } from 'vitest'
import { emptyDraft } from '../../../src-renderer/pages/messages/payload-draft'
import {
  type Filling,
  filled,
  filledDraft,
  UnknownPlaceholder,
} from '../../../src-renderer/pages/messages/placeholders'

const filling = (number: number, random = 0): Filling => ({
  number,
  now: 1_700_000_000_123,
  random: () => random,
  uuid: () => `uuid-${number}`,
})

test('placeholders are filled with the number, an id, the time, a number or one of several', () => {
  const text = '{"id":{{n}},"key":"{{ uuid }}","at":{{now}},"iso":"{{iso}}"}'
  expect(filled(text, filling(7))).toBe('{"id":7,"key":"uuid-7","at":1700000000123,"iso":"2023-11-14T22:13:20.123Z"}')
  expect([0, 0.5, 0.999].map((random) => filled('{{int -1 1}} {{pick paid | open|sent}}', filling(1, random)))).toEqual(
    ['-1 paid', '0 open', '1 sent'],
  )
})

test('JSON without placeholders stays as it is, also where braces stand side by side', () => {
  const nested = '{"a":{"b":{"c":{}}}} {{"a":1}} {{}} {{-}}'
  expect(filled(nested, filling(1))).toBe(nested)
})

test('a placeholder that is unknown, or whose argument makes no sense, is named', () => {
  for (const text of ['{{uid}}', '{{n 3}}', '{{int 5}}', '{{int 9 1}}', '{{pick}}', '{{constructor}}']) {
    expect(() => filled(`a ${text} b`, filling(1))).toThrow(new UnknownPlaceholder(text))
  }
})

test('only texts have placeholders: bytes and null are sent as they are', () => {
  expect(filledDraft({ ...emptyDraft, text: '{{n}}' }, filling(2)).text).toBe('2')
  const hex = { ...emptyDraft, form: 'hex', text: '7b7b6e7d7d' } as const
  expect(filledDraft(hex, filling(2))).toBe(hex)
})
