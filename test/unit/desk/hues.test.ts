import { expect, test } from 'vitest'
import { Emitter } from '../../../src-main/base/emitter'
import type { GroupFrame } from '../../../src-main/broker/groups/frame'
import { hueFor, hues, MemberHues } from '../../../src-main/desk/rebalances/hues'

const frame = (joined: readonly string[], removed: readonly string[] = [], full = false) =>
  ({ groupId: 'g', members: joined.map((memberId) => ({ memberId })), removed, full }) as unknown as GroupFrame

const emitter = () =>
  new Emitter<GroupFrame>((error) => {
    throw error
  })

test('a member has its own hue, and the next free one where another has that', () => {
  const own = hueFor('worker-a', new Set())
  expect(hueFor('worker-a', new Set([(own + 3) % hues]))).toBe(own)
  expect(hueFor('worker-a', new Set([own]))).toBe((own + 1) % hues)
  expect(hueFor('worker-a', new Set(Array.from({ length: hues }, (_, i) => i)))).toBe(own)
})

test('eight members differ, and keep their hue when others come and go', () => {
  const frames = emitter()
  const given = new MemberHues(frames.listen, () => [])
  const members = Array.from({ length: hues }, (_, i) => `member-${i}`)
  given.of('g', members[0] ?? '')
  for (const member of members) frames.emit(frame([member]))
  const before = members.map((member) => given.of('g', member))
  expect(new Set(before).size).toBe(hues)
  frames.emit(frame([], members.slice(0, 4)))
  frames.emit(frame(['newcomer']))
  expect(members.map((member) => given.of('g', member))).toEqual(before)
  expect(before.slice(4)).not.toContain(given.of('g', 'newcomer'))
})

test('who reads the journal finds the hues that were given live', () => {
  const history = [frame(['a', 'b'], [], true), frame(['c'], ['a']), frame(['d']), frame(['e'], ['b'])]
  const frames = emitter()
  const live = new MemberHues(frames.listen, () => history.slice(0, 1))
  live.of('g', 'a')
  for (const one of history.slice(1)) frames.emit(one)
  const later = new MemberHues(emitter().listen, () => history)
  for (const member of ['a', 'b', 'c', 'd', 'e']) expect(later.of('g', member)).toBe(live.of('g', member))
})
