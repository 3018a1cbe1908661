import { describe, expect, it } from 'vitest'
import type { ActivityLine } from '../../../src-main/contract/workspace'
import { activityGroups } from '../../../src-renderer/pages/home/activity-groups'

const line = (
  seq: number,
  kind: ActivityLine['kind'],
  text: string,
  rebalance: number | null = null,
): ActivityLine => ({
  seq,
  at: seq * 1000,
  kind,
  text,
  rebalance,
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

  it('shows connections of clients whose ids differ in a number as one line, with each of the others once', () => {
    const groups = activityGroups([
      line(7, 'client', 'packer-3 connected: app 1.0'),
      line(6, 'client', 'packer-12 connected: app 1.0'),
      line(5, 'client', 'packer-3 connected: app 1.0'),
      line(4, 'client', 'packer connected: app 1.0'),
      line(3, 'client', 'packer-12 connected: app 1.0'),
      line(2, 'error', 'packer-1: NOT_LEADER_OR_FOLLOWER'),
      line(1, 'error', 'packer-2: NOT_LEADER_OR_FOLLOWER'),
    ])
    expect(groups.map(({ seq, times, alike }) => [seq, times, alike])).toEqual([
      [7, 4, ['packer-12 connected: app 1.0']],
      [4, 1, []],
      [2, 1, []],
      [1, 1, []],
    ])
  })

  it('shows the steps of one rebalance as one line with what began it, at the place of the newest step', () => {
    const groups = activityGroups([
      line(7, 'group', 'shop: a got 2 tasks', 3),
      line(6, 'group', 'till: c joined', 6),
      line(5, 'group', 'shop: b revoked 2 tasks', 3),
      line(4, 'group', 'shop: b must revoke 2 tasks', 3),
      line(3, 'group', 'shop: a joined', 3),
      line(2, 'group', 'shop: b got 2 tasks', 1),
      line(1, 'group', 'shop: b joined', 1),
    ])
    expect(groups.map(({ seq, text, times, steps }) => [seq, text, times, steps])).toEqual([
      [7, 'shop: a joined', 1, 4],
      [6, 'till: c joined', 1, 1],
      [2, 'shop: b joined', 1, 2],
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
