import { expect, test } from 'vitest'
import { Emitter } from '../../../src-main/base/emitter'
import type { RebalanceFrame } from '../../../src-main/contract/groups'
import { hueFor, hues, MemberHues } from '../../../src-main/desk/rebalances/hues'

const frame = (joined: readonly string[], removed: readonly string[] = [], full = false) =>
  ({ groupId: 'g', members: joined.map((memberId) => ({ memberId })), removed, full }) as unknown as RebalanceFrame

const emitter = () =>
  new Emitter<RebalanceFrame>((error) => {
    throw error
  })

test('a member has its own hue, and the next free one where another has that', () => {
  const own = hueFor('worker-a', new Set())
  expect(hueFor('worker-a', new Set([(own + 3) % hues]))).toBe(own)
  expect(hueFor('worker-a', new Set([own]))).toBe((own + 1) % hues)
  expect(hueFor('worker-a', new Set(Array.from({ length: hues }, (_, i) => i)))).toBe(own)
})

test('eight members differ, and keep their hue when others come and go', async () => {
  const frames = emitter()
  const given = new MemberHues(frames.listen, async () => [])
  const members = Array.from({ length: hues }, (_, i) => `member-${i}`)
  const huesOf = async (ids: readonly string[]) => [...(await given.of('g', ids)).values()]
  await huesOf(members.slice(0, 1))
  for (const member of members) frames.emit(frame([member]))
  const before = await huesOf(members)
  expect(new Set(before).size).toBe(hues)
  frames.emit(frame([], members.slice(0, 4)))
  frames.emit(frame(['newcomer']))
  expect(await huesOf(members)).toEqual(before)
  expect(before.slice(4)).not.toContain((await huesOf(['newcomer']))[0])
})

test('groups and members that nobody asks for are forgotten, and given their hues again when they are needed', async () => {
  const read: string[] = []
  const given = new MemberHues(emitter().listen, async (groupId) => {
    read.push(groupId)
    return []
  })
  for (let i = 0; i <= 200; i++) await given.of(`g${i}`, ['a'])
  await given.of('g200', ['a'])
  await given.of('g1', ['a'])
  expect(read).toHaveLength(201)
  await given.of('g0', ['a'])
  await given.of('g1', ['a'])
  await given.of('g2', ['a'])
  expect(read.slice(201)).toEqual(['g0', 'g2'])
  for (let i = 0; i < 1200; i++) await given.of('g0', [`member-${i}`])
  expect(Object.keys(await given.all('g0'))).toHaveLength(1000)
  expect(await given.all('g0')).toHaveProperty('member-1199')
})

test('a reader of the journal finds the hues that were given live', async () => {
  const history = [frame(['a', 'b'], [], true), frame(['c'], ['a']), frame(['d']), frame(['e'], ['b'])]
  const frames = emitter()
  const live = new MemberHues(frames.listen, async () => history.slice(0, 1))
  const opened = live.of('g', ['a'])
  // Also those that come while the journal is being read.
  for (const one of history.slice(1)) frames.emit(one)
  await opened
  const later = new MemberHues(emitter().listen, async () => history)
  const members = ['a', 'b', 'c', 'd', 'e']
  expect(await later.of('g', members)).toEqual(await live.of('g', members))
})
