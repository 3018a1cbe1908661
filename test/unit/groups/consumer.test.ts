import { describe, expect, test } from 'vitest'
import { assignors } from '../../../src-main/groups/consumer/assignors/assignors'
import {
  type ConsumerGroup,
  consumerCommitProblem,
  consumerFetchProblem,
  consumerMemberOf,
  stateOf,
} from '../../../src-main/groups/consumer/group'
import { restoredConsumerGroup, setBackConsumer } from '../../../src-main/groups/consumer/machine'
import { ConsumerDriver as Driver } from '../../support/consumer-group'
import { deepFreeze } from '../../support/freeze'

describe('a consumer group', () => {
  test('[K1] is empty, reconciling and stable', () => {
    const driver = new Driver({ t: 4 })
    expect(stateOf(driver.group)).toBe('Empty')
    const first = driver.join('a')
    expect(first).toMatchObject({
      error: 'NONE',
      memberEpoch: 2,
      assignment: { 'id-t': [0, 1, 2, 3] },
      heartbeatIntervalMs: 5000,
    })
    expect(stateOf(driver.group)).toBe('Stable')
    driver.join('b')
    expect(stateOf(driver.group)).toBe('Reconciling')
    driver.settle()
    expect([driver.assigned('a'), driver.assigned('b')]).toEqual([{ 'id-t': [0, 1] }, { 'id-t': [2, 3] }])
  })

  test('[K2] rejects a new member when it is full', () => {
    const driver = new Driver({ t: 1 })
    driver.maxSize = 1
    driver.join('a')
    expect(driver.join('b').error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(driver.beat('a', { owned: { 'id-t': [0] } }).error).toBe('NONE')
    const named = new Driver({ t: 1 })
    named.maxSize = 1
    named.join('a', ['t'], { instanceId: 'i' })
    named.beat('a', { instanceId: 'i', memberEpoch: -2 })
    expect(named.join('b', ['t'], { instanceId: 'i' }).error).toBe('NONE')
  })

  test('[K3] replaces a static member that left temporarily, and rejects a second one', () => {
    const driver = new Driver({ t: 2 })
    driver.join('a', ['t'], { instanceId: 'i' })
    expect(driver.join('b', ['t'], { instanceId: 'i' }).error).toBe('UNRELEASED_INSTANCE_ID')
    driver.beat('a', { instanceId: 'i', memberEpoch: -2 })
    expect(driver.join('b', ['t'], { instanceId: 'i' })).toMatchObject({
      error: 'NONE',
      assignment: { 'id-t': [0, 1] },
    })
    expect(driver.beat('a', { instanceId: 'i', memberEpoch: 1 }).error).toBe('FENCED_INSTANCE_ID')
    expect(driver.beat('x', { memberEpoch: 3 }).error).toBe('UNKNOWN_MEMBER_ID')
  })

  test('[K4] fences any epoch except the current and the previous one', () => {
    const driver = new Driver({ t: 2 })
    driver.join('a')
    expect(driver.beat('a', { memberEpoch: 9 }).error).toBe('FENCED_MEMBER_EPOCH')
    driver.join('b')
    driver.settle()
    const { memberEpoch = 0, previousMemberEpoch = 0 } = consumerMemberOf(driver.group, 'a') ?? {}
    expect(driver.beat('a', { memberEpoch: previousMemberEpoch, owned: {} })).toMatchObject({
      error: 'NONE',
      memberEpoch,
    })
    expect(driver.beat('a', { memberEpoch: previousMemberEpoch, owned: null }).error).toBe('FENCED_MEMBER_EPOCH')
    expect(driver.join('a')).toMatchObject({ error: 'NONE', memberEpoch })
  })

  test('[K5] subscribes by pattern: whole names, internal topics included, of topics that may be described', () => {
    const driver = new Driver({ orders: 1, 'orders-old': 1, __consumer_offsets: 1 })
    expect(driver.join('a', [], { subscribedTopicRegex: '.*orders|__.*' }).assignment).toEqual({})
    driver.resolve('a')
    expect(driver.beat('a', { owned: {} }).assignment).toEqual({ 'id-orders': [0], 'id-__consumer_offsets': [0] })
    expect(driver.join('b', [], { subscribedTopicRegex: '(' }).error).toBe('INVALID_REGULAR_EXPRESSION')
    const hidden = new Driver({ orders: 1, ordsecret: 1 })
    hidden.join('a', [], { subscribedTopicRegex: 'ord.*' })
    hidden.resolve('a', (topic) => topic === 'orders')
    expect(hidden.beat('a', { owned: {} }).assignment).toEqual({ 'id-orders': [0] })
  })

  test('[K6] increments its epoch when a subscription changes, and not otherwise', () => {
    const driver = new Driver({ t: 1, u: 1 })
    driver.join('a')
    const { groupEpoch } = driver.group
    driver.beat('a', { owned: { 'id-t': [0] } })
    expect(driver.group.groupEpoch).toBe(groupEpoch)
    expect(driver.beat('a', { subscribedTopicNames: ['t', 'u'], owned: { 'id-t': [0] } }).assignment).toEqual({
      'id-t': [0],
      'id-u': [0],
    })
    expect(driver.group.groupEpoch).toBe(groupEpoch + 1)
  })

  test('[K7] makes its target assignment once per epoch', () => {
    const driver = new Driver({ t: 3 })
    driver.join('a')
    const { targets } = driver.group
    driver.beat('a', { owned: { 'id-t': [0, 1, 2] } })
    expect(driver.group.targets).toBe(targets)
    expect(driver.group.assignmentEpoch).toBe(driver.group.groupEpoch)
  })

  test('[K8] uses the assignor that most members ask for', () => {
    const driver = new Driver({ t: 3 })
    driver.join('a', ['t'], { serverAssignor: 'range' })
    expect(driver.group.assignor).toBe('range')
    driver.join('b', ['t'], { serverAssignor: 'uniform' })
    driver.join('c', ['t'], { serverAssignor: 'uniform' })
    expect(driver.group.assignor).toBe('uniform')
  })

  test('[K9] follows changed topics at once', () => {
    const driver = new Driver({ t: 1 })
    driver.join('a')
    driver.topics({ t: 3 })
    expect(driver.causes).toContain('topicsChanged t:grew:2')
    expect(driver.beat('a', { owned: { 'id-t': [0] } }).assignment).toEqual({ 'id-t': [0, 1, 2] })
    driver.topics({})
    expect(driver.causes).toContain('topicsChanged t:removed:0')
  })

  test('[K12] [K13] assigns a partition only when its owner has revoked it', () => {
    const driver = new Driver({ t: 2 })
    driver.join('a')
    expect(driver.join('b').assignment).toEqual({})
    expect(driver.beat('a', { owned: { 'id-t': [0, 1] } })).toMatchObject({
      memberEpoch: 2,
      assignment: { 'id-t': [0] },
    })
    // It says nothing about what it owns, or still owns it: nothing changes.
    expect(driver.beat('a', { owned: null }).assignment).toBeNull()
    expect(driver.beat('a', { owned: { 'id-t': [0, 1] } }).memberEpoch).toBe(2)
    expect(driver.beat('b', { owned: {} }).assignment).toBeNull()
    expect(driver.beat('a', { owned: { 'id-t': [0] } }).memberEpoch).toBe(3)
    expect(driver.beat('b', { owned: {} }).assignment).toEqual({ 'id-t': [1] })
  })

  test('[K14] removes a member that does not revoke its partitions', () => {
    const driver = new Driver({ t: 2 })
    driver.join('a')
    driver.join('b')
    driver.beat('a', { owned: { 'id-t': [0, 1] } })
    driver.pass(40_000)
    driver.beat('a', { owned: { 'id-t': [0, 1] } })
    driver.beat('b', { owned: {} })
    driver.pass(20_000)
    expect(driver.causes.at(-1)).toContain('revocationExpired a 60000')
    expect(driver.beat('b', { owned: {} }).assignment).toEqual({ 'id-t': [0, 1] })
  })

  test('[K15] [K16] leaving frees the partitions, leaving temporarily does not', () => {
    const driver = new Driver({ t: 2 })
    driver.join('a', ['t'], { instanceId: 'i' })
    driver.join('b')
    driver.settle()
    expect(driver.beat('a', { instanceId: 'i', memberEpoch: -2 })).toMatchObject({ error: 'NONE', memberEpoch: -2 })
    expect(driver.beat('b', { owned: { 'id-t': [1] } }).assignment).toBeNull()
    const { groupEpoch } = driver.group
    expect(driver.beat('a', { instanceId: 'i', memberEpoch: -1 })).toMatchObject({ error: 'NONE', memberEpoch: -1 })
    expect(driver.group.groupEpoch).toBe(groupEpoch + 1)
    expect(driver.beat('b', { owned: { 'id-t': [1] } }).assignment).toEqual({ 'id-t': [0, 1] })
  })

  test('[K17] [K20] fenced members can no longer commit', () => {
    const driver = new Driver({ t: 1 })
    driver.join('a')
    const by = {
      memberId: 'a',
      groupInstanceId: null,
      memberEpoch: 2,
      isTransactional: false,
      apiVersion: 9,
      partitions: { 'id-t': [0] },
    }
    expect(consumerCommitProblem(driver.group, by)).toBeUndefined()
    expect(consumerCommitProblem(driver.group, { ...by, memberEpoch: 1 })).toBe('STALE_MEMBER_EPOCH')
    expect(consumerCommitProblem(driver.group, { ...by, apiVersion: 8 })).toBe('UNSUPPORTED_VERSION')
    const { group } = driver.stepped({ kind: 'fence', cause: { kind: 'downgraded' } })
    expect(consumerCommitProblem(group, by)).toBe('UNKNOWN_MEMBER_ID')
    expect(consumerCommitProblem(group, { ...by, memberEpoch: -1 })).toBeUndefined()
  })

  test('[K18] after a restart every member has a full session', () => {
    const driver = new Driver({ t: 1 })
    driver.join('a')
    driver.pass(44_000)
    driver.group = deepFreeze(
      restoredConsumerGroup(JSON.parse(JSON.stringify(driver.group)) as ConsumerGroup, driver.now),
    )
    driver.pass(44_999)
    expect(driver.group.members).toHaveLength(1)
    expect(driver.beat('a', { owned: { 'id-t': [0] } }).error).toBe('NONE')
  })

  test('[K19] a member whose session expires is removed', () => {
    const driver = new Driver({ t: 1 })
    driver.join('a')
    driver.pass(44_999)
    expect(driver.group.members).toHaveLength(1)
    driver.pass(1)
    expect(driver.group.members).toHaveLength(0)
    expect(driver.causes.at(-1)).toContain('sessionExpired')
  })

  test('[K27] keeps no deadline that lies further ahead than its span when the clock is set back', () => {
    const driver = new Driver({ t: 2 })
    driver.join('a')
    driver.join('b')
    // a has to revoke a partition.
    driver.beat('a', { owned: { 'id-t': [0, 1] } })
    const before = driver.group.members.map(({ sessionDeadline, revocationDeadline }) => [
      sessionDeadline,
      revocationDeadline,
    ])
    expect(before[0]?.[1]).not.toBeNull()
    const spans = setBackConsumer(driver.group, driver.now - 600_000).members.map(
      ({ sessionDeadline, revocationDeadline }) => [
        sessionDeadline - driver.now,
        revocationDeadline && revocationDeadline - driver.now,
      ],
    )
    expect(spans).toEqual([
      [45_000 - 600_000, 60_000 - 600_000],
      [45_000 - 600_000, null],
    ])
    // Deadlines that were set by the new time stay.
    expect(setBackConsumer(driver.group, driver.now)).toEqual(driver.group)
  })

  test('[K21] reading offsets as a member needs its epoch', () => {
    const driver = new Driver({ t: 1 })
    driver.join('a')
    expect(consumerFetchProblem(driver.group, null, -1)).toBeUndefined()
    expect(consumerFetchProblem(driver.group, 'a', 2)).toBeUndefined()
    expect(consumerFetchProblem(driver.group, 'a', 3)).toBe('STALE_MEMBER_EPOCH')
    expect(consumerFetchProblem(driver.group, 'x', 1)).toBe('UNKNOWN_MEMBER_ID')
  })
})

test('[K11] the range assignor puts static members first', () => {
  const subscriber = (memberId: string, instanceId: string | null) => ({
    memberId,
    instanceId,
    topics: [{ topicId: 't', name: 't', partitions: 3 }],
    before: {},
  })
  expect(assignors.range?.([subscriber('a', null), subscriber('z', 'z')])).toEqual({ z: { t: [0, 1] }, a: { t: [2] } })
})
