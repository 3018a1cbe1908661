import { describe, expect, it } from 'vitest'
import type { ActivityLine } from '../../../src-main/contract/workspace'
import { activityGroups } from '../../../src-renderer/pages/home/activity-groups'

const line = (seq: number, kind: ActivityLine['kind'], text: string): ActivityLine => ({
  seq,
  at: seq * 1000,
  kind,
  text,
  subject: null,
})

describe('recent activity', () => {
  it('shows the connections of a client as one line, at the place of the newest, and leaves other events apart', () => {
    const groups = activityGroups([
      line(6, 'client', 'shop connected'),
      line(5, 'group', 'billing: shop joined'),
      line(4, 'client', 'shop connected'),
      line(3, 'client', 'till connected'),
      line(2, 'group', 'billing: shop joined'),
      line(1, 'client', 'shop connected'),
    ])
    expect(groups.map(({ seq, text, times }) => [seq, text, times])).toEqual([
      [6, 'shop connected', 3],
      [5, 'billing: shop joined', 1],
      [3, 'till connected', 1],
      [2, 'billing: shop joined', 1],
    ])
  })

  it('counts an error that repeats without anything in between', () => {
    const groups = activityGroups([line(3, 'error', 'a'), line(2, 'error', 'a'), line(1, 'error', 'b')])
    expect(groups.map(({ text, times }) => [text, times])).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })
})
