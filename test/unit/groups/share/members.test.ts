import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TopicMetadata } from '../../../../src-main/groups/context'
import { assignShares } from '../../../../src-main/groups/share/assignor'
import type { ShareEvent, ShareHeartbeat, ShareHeartbeatReply } from '../../../../src-main/groups/share/events'
import { emptyShareGroup, type ShareGroup, shareStateOf } from '../../../../src-main/groups/share/group'
import { restoredShareGroup, setBackShare, shareMachine } from '../../../../src-main/groups/share/machine'

function metadataOf(topics: Readonly<Record<string, number>>, generation = 1): TopicMetadata {
  return new Map(
    Object.entries(topics).map(([name, partitions]) => [
      name,
      { topicId: `${name}-${generation}`, name, partitions, internal: false },
    ]),
  )
}

/** A share group that is stepped. */
class Members {
  group: ShareGroup = emptyShareGroup('g')
  topics: TopicMetadata
  now = 0
  maxSize = 3

  constructor(topics: TopicMetadata = metadataOf({ orders: 2 })) {
    this.topics = topics
  }

  step(event: ShareEvent) {
    const step = shareMachine.step(this.group, event, this.now, { topics: this.topics })
    this.group = step.group
    return step
  }

  heartbeat(memberId: string, memberEpoch: number, changed: Partial<ShareHeartbeat> = {}): ShareHeartbeatReply {
    const { effects } = this.step({
      kind: 'shareHeartbeat',
      ticket: 1,
      memberId,
      memberEpoch,
      rackId: null,
      clientId: 'c',
      clientHost: '/127.0.0.1',
      subscribedTopicNames: memberEpoch === 0 ? ['orders'] : null,
      settings: { sessionTimeoutMs: 45_000, heartbeatIntervalMs: 5000, maxSize: this.maxSize },
      ...changed,
    })
    const reply = effects.find((effect) => effect.kind === 'reply')
    if (reply?.kind !== 'reply') throw new Error('there was no reply')
    return reply.reply
  }
}

describe('members of a share group', () => {
  it('[S1] make it Stable, and without them it is Empty', () => {
    const m = new Members()
    expect(shareStateOf(m.group)).toBe('Empty')
    m.heartbeat('a', 0)
    expect(shareStateOf(m.group)).toBe('Stable')
    m.heartbeat('a', -1)
    expect(shareStateOf(m.group)).toBe('Empty')
  })

  it('[S2] are limited in number', () => {
    const m = new Members()
    for (const id of ['a', 'b', 'c']) expect(m.heartbeat(id, 0).error).toBe('NONE')
    expect(m.heartbeat('d', 0)).toMatchObject({ error: 'GROUP_MAX_SIZE_REACHED' })
    expect(m.heartbeat('c', 0).error).toBe('NONE')
  })

  it('[S3] join at epoch 0 and are unknown at any other', () => {
    const m = new Members()
    expect(m.heartbeat('a', 3)).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })
    expect(m.heartbeat('a', -1)).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })
    expect(m.heartbeat('a', 0)).toMatchObject({ error: 'NONE', memberEpoch: 1, assignment: { 'orders-1': [0, 1] } })
  })

  it('[S4] are fenced at a wrong epoch, but not at the one before', () => {
    const m = new Members()
    m.heartbeat('a', 0)
    m.heartbeat('b', 0)
    expect(m.heartbeat('a', 1)).toMatchObject({ error: 'NONE', memberEpoch: 2 })
    expect(m.heartbeat('a', 1)).toMatchObject({ error: 'NONE', memberEpoch: 2 })
    expect(m.heartbeat('a', 9)).toMatchObject({ error: 'FENCED_MEMBER_EPOCH' })
    m.heartbeat('c', 0)
    m.heartbeat('a', 2)
    expect(m.heartbeat('a', 1)).toMatchObject({ error: 'FENCED_MEMBER_EPOCH' })
    expect(m.heartbeat('a', 0)).toMatchObject({ error: 'NONE', memberEpoch: 3 })
  })

  it('[S5] change the epoch with their subscriptions, and not with heartbeats', () => {
    const m = new Members(metadataOf({ orders: 2, payments: 1 }))
    m.heartbeat('a', 0)
    const before = m.group.groupEpoch
    expect(m.heartbeat('a', 1).assignment).toBeNull()
    expect(m.group.groupEpoch).toBe(before)
    expect(m.heartbeat('a', 1, { subscribedTopicNames: ['payments'] })).toMatchObject({
      memberEpoch: before + 1,
      assignment: { 'payments-1': [0] },
    })
  })

  it('[S6] [S7] get new partitions of their topics at once, and lose deleted topics', () => {
    const m = new Members()
    m.heartbeat('a', 0)
    m.topics = metadataOf({ orders: 3 })
    expect(m.step({ kind: 'topicsChanged' }).causes).toMatchObject([{ kind: 'topicsChanged' }])
    expect(m.group.initialized).toEqual({ 'orders-1': [0, 1, 2] })
    expect(m.heartbeat('a', 1).assignment).toEqual({ 'orders-1': [0, 1, 2] })
    m.topics = metadataOf({})
    m.step({ kind: 'topicsChanged' })
    expect(m.group.initialized).toEqual({})
    expect(m.heartbeat('a', 2).assignment).toEqual({})
    expect(m.step({ kind: 'topicsChanged' }).effects).toEqual([])
  })

  it('[S9] share at once, also while another member still has the partition', () => {
    const m = new Members(metadataOf({ orders: 1 }))
    m.heartbeat('a', 0)
    expect(m.heartbeat('b', 0).assignment).toEqual({ 'orders-1': [0] })
  })

  it('[S10] leave the others what they had', () => {
    const m = new Members()
    m.heartbeat('a', 0)
    m.heartbeat('b', 0)
    expect(m.heartbeat('a', 1).assignment).toEqual({ 'orders-1': [0] })
    expect(m.heartbeat('b', -1)).toMatchObject({ error: 'NONE', memberEpoch: -1 })
    expect(m.heartbeat('a', 2).assignment).toEqual({ 'orders-1': [0, 1] })
  })

  it('[S11] are removed when they are silent', () => {
    const m = new Members()
    m.heartbeat('a', 0)
    m.now = 10_000
    m.heartbeat('b', 0)
    expect(shareMachine.wakeAt(m.group)).toBe(45_000)
    expect(shareMachine.due(m.group, 44_999)).toBeUndefined()
    const event = shareMachine.due(m.group, 45_000)
    expect(event && m.step(event).causes).toMatchObject([{ kind: 'sessionExpired', member: { memberId: 'a' } }])
    expect(m.group.members.map(({ memberId }) => memberId)).toEqual(['b'])
  })

  it('[S12] have a full session after a restart', () => {
    const m = new Members()
    m.heartbeat('a', 0)
    expect(shareMachine.wakeAt(restoredShareGroup(m.group, 100_000))).toBe(145_000)
  })

  it('[S16] have no longer session than a whole one when the clock is set back', () => {
    const m = new Members()
    m.now = 600_000
    m.heartbeat('a', 0)
    expect(shareMachine.wakeAt(setBackShare(m.group, 1000))).toBe(46_000)
    expect(setBackShare(m.group, 600_000)).toEqual(m.group)
  })

  it('[S13] can be removed all at once', () => {
    const m = new Members()
    m.heartbeat('a', 0)
    m.heartbeat('b', 0)
    m.step({ kind: 'fence', cause: { kind: 'told', text: 'stopped' } })
    expect(shareStateOf(m.group)).toBe('Empty')
    expect(m.heartbeat('a', 2)).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })
  })
})

describe('the simple assignor', () => {
  const subscribers = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 1 })
  const counts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 })

  it('[S8] spreads partitions evenly and gives every member one', () => {
    fc.assert(
      fc.property(subscribers, subscribers, counts, (members, later, partitions) => {
        const topics = Object.fromEntries(
          partitions.map((count, i) => [`t${i}`, Array.from({ length: count }, (_, n) => n)]),
        )
        const all = partitions.reduce((sum, count) => sum + count, 0)
        const of = (
          ids: readonly string[],
          before: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>,
        ) =>
          assignShares(
            ids.map((memberId) => ({ memberId, topicIds: Object.keys(topics), before: before[memberId] ?? {} })),
            topics,
          )
        const first = of(members, {})
        for (const [ids, shares] of [
          [members, first],
          [later, of(later, first)],
        ] as const) {
          const sizes = ids.map((id) =>
            Object.values(shares[id] ?? {}).reduce((sum, numbers) => sum + numbers.length, 0),
          )
          expect(Math.min(...sizes)).toBeGreaterThan(0)
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
          const holders = new Map<string, number>()
          for (const share of Object.values(shares)) {
            for (const [topic, numbers] of Object.entries(share)) {
              expect(new Set(numbers).size).toBe(numbers.length)
              for (const n of numbers) holders.set(`${topic} ${n}`, (holders.get(`${topic} ${n}`) ?? 0) + 1)
            }
          }
          expect(holders.size).toBe(all)
          expect(Math.max(...holders.values())).toBeLessThanOrEqual(Math.ceil(ids.length / all))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('[S8] leaves members what they had', () => {
    const topics = { t: [0, 1, 2, 3] }
    const one = { a: { t: [0, 1, 2, 3] } }
    const two = assignShares(
      ['a', 'b'].map((memberId) => ({ memberId, topicIds: ['t'], before: memberId === 'a' ? one.a : {} })),
      topics,
    )
    expect(two).toEqual({ a: { t: [0, 1] }, b: { t: [2, 3] } })
  })

  it('[S8] shares each topic for itself where subscriptions differ', () => {
    const topics = { t: [0], u: [0, 1] }
    const shares = assignShares(
      [
        { memberId: 'a', topicIds: ['t'], before: {} },
        { memberId: 'b', topicIds: ['t', 'u'], before: {} },
      ],
      topics,
    )
    expect(shares).toEqual({ a: { t: [0] }, b: { t: [0], u: [0, 1] } })
  })
})
