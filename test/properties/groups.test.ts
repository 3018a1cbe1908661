import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ClassicGroup, emptyGroup } from '../../src-main/groups/classic/group'
import { classicMachine } from '../../src-main/groups/classic/machine'
import type { Subscriber } from '../../src-main/groups/consumer/assignors/assignor'
import { assignors } from '../../src-main/groups/consumer/assignors/assignors'
import { count, type Partitions } from '../../src-main/groups/consumer/group'
import { ClassicDriver } from '../support/classic-group'
import { ConsumerDriver } from '../support/consumer-group'

const names = ['a', 'b', 'c', 'd']
const name = fc.constantFrom(...names)

const command = fc.oneof(
  { weight: 5, arbitrary: name.map((who) => `join ${who}`) },
  { weight: 2, arbitrary: name.map((who) => `join ${who} old=yes topics=u`) },
  { weight: 2, arbitrary: name.map((who) => `join ${who} instance=i${who}`) },
  { weight: 5, arbitrary: name.map((who) => `sync ${who} assign=a:1,b:2,c:3,d:4`) },
  { weight: 4, arbitrary: name.map((who) => `beat ${who}`) },
  { weight: 2, arbitrary: name.map((who) => `leave ${who}`) },
  { weight: 1, arbitrary: name.map((who) => `forget ${who}`) },
  { weight: 1, arbitrary: fc.constant('fence') },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 20_000 }).map((ms) => `pass ${ms}`) },
)

/** What a replay must agree on: everything but the deadlines, which heartbeats move. */
function decided({ members, state, generationId, protocolName, leaderId, pendingSync }: ClassicGroup) {
  return {
    state,
    generationId,
    protocolName,
    leaderId,
    pendingSync,
    members: members.map(({ memberId, groupInstanceId, assignment, joinTicket, syncTicket }) => ({
      memberId,
      groupInstanceId,
      assignment,
      joinTicket,
      syncTicket,
    })),
  }
}

describe('classic groups, whatever happens', () => {
  test('requests are answered once, generations never decrease, and no request stays parked', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const driver = new ClassicDriver()
        let generation = 0
        for (const line of commands) {
          driver.run(line)
          const { group } = driver
          expect(group.generationId).toBeGreaterThanOrEqual(generation)
          generation = group.generationId
          const ids = group.members.map(({ memberId }) => memberId)
          expect(new Set(ids).size).toBe(ids.length)
          if (group.members.length > 0) expect(ids).toContain(group.leaderId)
          if (group.state === 'Empty') expect(ids).toEqual([])
        }
        // When nobody does anything more, every request is answered and the group ends empty.
        driver.passUntil(driver.now + 3_600_000)
        expect(driver.group.state).toBe('Empty')
        expect([...driver.asked.keys()].filter((ticket) => !driver.answered.has(ticket))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('a journal without heartbeats replays to the same group', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const driver = new ClassicDriver()
        for (const line of commands) driver.run(line)
        let group = emptyGroup('g')
        for (const { at, event } of driver.journal) group = classicMachine.step(group, event, at).group
        expect(decided(group)).toEqual(decided(driver.group))
      }),
      { numRuns: 300 },
    )
  })
})

const topics = fc.dictionary(fc.constantFrom('t', 'u', 'v'), fc.integer({ min: 1, max: 12 }), { minKeys: 1 })
const subscriptions = fc.array(fc.subarray(['t', 'u', 'v'], { minLength: 1 }), { minLength: 1, maxLength: 8 })

describe.each(Object.entries(assignors))('the %s assignor', (_, assignor) => {
  const members = (
    sizes: Record<string, number>,
    of: readonly (readonly string[])[],
    before: Record<string, Partitions>,
  ): Subscriber[] =>
    of.map((names, i) => ({
      memberId: `m${i}`,
      instanceId: null,
      topics: names.flatMap((topic) =>
        sizes[topic] ? [{ topicId: topic, name: topic, partitions: sizes[topic] }] : [],
      ),
      before: before[`m${i}`] ?? {},
    }))

  test('[K10] [K11] assigns each partition of a subscribed topic to one subscriber, deterministically', () => {
    fc.assert(
      fc.property(topics, subscriptions, (sizes, of) => {
        const given = assignor(members(sizes, of, {}))
        expect(assignor(members(sizes, of, {}))).toEqual(given)
        const owners = new Map<string, string>()
        for (const [memberId, partitions] of Object.entries(given)) {
          for (const [topic, numbers] of Object.entries(partitions)) {
            expect(of[Number(memberId.slice(1))]).toContain(topic)
            for (const number of numbers) {
              expect(owners.has(`${topic}:${number}`)).toBe(false)
              owners.set(`${topic}:${number}`, memberId)
            }
          }
        }
        const wanted = Object.entries(sizes).filter(([topic]) => of.some((names) => names.includes(topic)))
        expect(owners.size).toBe(wanted.reduce((sum, [, size]) => sum + size, 0))
      }),
    )
  })
})

test('[K10] the uniform assignor is even, and moves no more than necessary when a member leaves', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 2, max: 8 }), (partitions, size) => {
      const topic = [{ topicId: 't', name: 't', partitions }]
      const all = (ids: readonly number[], before: Record<string, Partitions>) =>
        ids.map(
          (id): Subscriber => ({ memberId: `m${id}`, instanceId: null, topics: topic, before: before[`m${id}`] ?? {} }),
        )
      const ids = Array.from({ length: size }, (_, i) => i)
      const uniform = assignors.uniform as NonNullable<typeof assignors.uniform>
      const first = uniform(all(ids, {}))
      const sizes = Object.values(first).map(count)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      const second = uniform(all(ids.slice(1), first))
      for (const id of ids.slice(1)) {
        const kept = (second[`m${id}`]?.t ?? []).filter((number) => first[`m${id}`]?.t?.includes(number))
        expect(kept.length).toBe(first[`m${id}`]?.t?.length ?? 0)
      }
    }),
  )
})

describe('consumer groups, whatever happens', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('beat' as const), who: name }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('silent' as const), who: name }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), who: name }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('subscribe' as const),
        who: name,
        topics: fc.subarray(['t', 'u'], { minLength: 1 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('topics' as const),
        t: fc.integer({ min: 1, max: 8 }),
        u: fc.integer({ min: 1, max: 4 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
    },
  )

  test('epochs never decrease, no partition has two owners, and in the end all are owned', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const driver = new ConsumerDriver({ t: 4, u: 3 })
        let epoch = 0
        const check = () => {
          expect(driver.group.groupEpoch).toBeGreaterThanOrEqual(epoch)
          epoch = driver.group.groupEpoch
          const owners = new Map<string, string>()
          for (const { memberId, assigned, pendingRevocation } of driver.group.members) {
            for (const [topic, numbers] of [...Object.entries(assigned), ...Object.entries(pendingRevocation)]) {
              for (const number of numbers) {
                expect(owners.get(`${topic}:${number}`) ?? memberId).toBe(memberId)
                owners.set(`${topic}:${number}`, memberId)
              }
            }
          }
          return owners
        }
        const act = (who: string, fields: Parameters<ConsumerDriver['beat']>[1] = {}) => {
          const assigned = driver.assigned(who)
          if (assigned) driver.beat(who, { owned: assigned, ...fields })
          else driver.join(who)
        }
        for (const one of steps) {
          if (one.kind === 'pass') driver.pass(one.ms)
          else if (one.kind === 'topics') driver.topics({ t: one.t, u: one.u })
          else if (one.kind === 'leave' && driver.assigned(one.who)) driver.beat(one.who, { memberEpoch: -1 })
          else if (one.kind === 'silent' && driver.assigned(one.who)) driver.beat(one.who, { owned: null })
          else if (one.kind === 'subscribe') act(one.who, { subscribedTopicNames: one.topics })
          else act(one.who)
          check()
        }
        if (driver.group.members.length === 0) return
        for (const { memberId } of driver.group.members) act(memberId)
        driver.settle()
        const wanted = driver.group.topics.reduce((sum, { partitions }) => sum + partitions, 0)
        expect(check().size).toBe(wanted)
      }),
      { numRuns: 300 },
    )
  })
})
