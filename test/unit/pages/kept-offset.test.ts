import { expect, test } from 'vitest'
import { keptOffset } from '../../../src-renderer/pages/groups/texts'
import { resetOffset } from '../../../src-renderer/pages/reset/texts'

test('the offset that a share group keeps is its start offset, of all other groups the committed one', () => {
  expect(keptOffset('share').column).toBe('Start offset')
  expect((['classic', 'consumer', 'streams'] as const).map((type) => keptOffset(type).column)).toEqual(
    Array<string>(3).fill('Committed'),
  )
})

test('nothing that is said of a share group speaks of commits', () => {
  const { column, legend, none, lag, missing, missingTitle, beyondTitle, noMembers, counted, deletion, at, beyondEnd } =
    keptOffset('share')
  const said = [
    column,
    legend,
    none,
    lag(null),
    lag(1),
    missing(2),
    missingTitle(2),
    beyondTitle(2),
    noMembers,
    counted(2),
    deletion(2),
    at(null),
    at(5),
  ]
  const {
    empty,
    about,
    none: unset,
    at: place,
    first,
    firsts,
    deleted,
    deletions,
    fences,
    restores,
  } = resetOffset('share')
  const reset = [
    empty('g'),
    ...Object.values(about),
    unset,
    place(5),
    first,
    firsts(2, 3, 4),
    deleted,
    deletions(2),
    fences(2),
    restores,
  ]
  expect([...said, ...reset, beyondEnd(9, 5)].filter((text) => /commit/i.test(text))).toEqual([])
})
