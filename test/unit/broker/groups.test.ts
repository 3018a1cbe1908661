import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { zeroUuid } from '../../../src-main/base/uuid'
import { writeAssignment, writeSubscription } from '../../../src-main/protocol/embedded/consumer-protocol'
import { type ErrorName, errorName } from '../../../src-main/protocol/errors'
import { TestBroker, type TestClient } from '../../support/core'
import { TransactionalProducer } from '../../support/transactional-producer'

let broker: TestBroker
let client: TestClient
beforeEach(() => {
  broker = new TestBroker({
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
    'offsets.retention.minutes': '1',
    'offsets.retention.check.interval.ms': '5000',
  })
  client = broker.client()
})
afterEach(() => broker.dispose())

/** A client that has to have ACLs. */
function named(principal: string): TestClient {
  const one = broker.client()
  const known = broker.core.clients.find(one.connection.id)
  known?.authenticated(principal)
  return one
}

function allow(principal: string, operation: 'READ' | 'DESCRIBE', resourceType: 'GROUP' | 'TOPIC', name: string): void {
  broker.core.authorizer.add({
    resourceType,
    resourceName: name,
    patternType: 'LITERAL',
    principal,
    host: '*',
    operation,
    permission: 'ALLOW',
  })
}

/** A member of the consumer protocol, which owns what it is told. */
class Member {
  epoch = 0
  owned: { topicId: string; partitions: number[] }[] = []
  readonly #by: TestClient
  readonly #fields: Readonly<Record<string, unknown>>

  constructor(by: TestClient, fields: Readonly<Record<string, unknown>>) {
    this.#by = by
    this.#fields = { groupId: 'g', memberId: 'a', instanceId: null, rackId: null, serverAssignor: null, ...fields }
  }

  async beat(): Promise<ErrorName> {
    const isJoin = this.epoch === 0
    const answer = await this.#by.ask('ConsumerGroupHeartbeat', 1, {
      subscribedTopicNames: null,
      subscribedTopicRegex: null,
      ...this.#fields,
      memberEpoch: this.epoch,
      rebalanceTimeoutMs: isJoin ? 60_000 : -1,
      topicPartitions: this.owned,
    } as never)
    if (answer.errorCode === 0) this.epoch = answer.memberEpoch
    if (answer.assignment) {
      this.owned = answer.assignment.topicPartitions.map(({ topicId, partitions }) => ({ topicId, partitions }))
    }
    return errorName(answer.errorCode)
  }

  /** The names of the topics that it has. */
  get topics(): string[] {
    return this.owned.map(({ topicId }) => broker.core.topics.byId(topicId)?.name ?? topicId).sort()
  }
}

/** A classic member that is alone in its group, with all partitions 0. */
async function classicMember(topics: readonly string[], groupId = 'g', instanceId: string | null = null) {
  const subscription = { topics: [...topics], userData: null, ownedPartitions: [], generationId: -1, rackId: null }
  const metadata = writeSubscription(subscription)
  const join = (memberId: string) => {
    const answer = client.ask('JoinGroup', 7, {
      groupId,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId,
      groupInstanceId: instanceId,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.from(metadata) }],
    } as never)
    broker.clock.advance(1)
    return answer
  }
  const first = await join('')
  const { memberId, generationId } = first.errorCode === 79 ? await join(first.memberId) : first
  const assignment = writeAssignment({
    assignedPartitions: topics.map((topic) => ({ topic, partitions: [0] })),
  })
  await client.ask('SyncGroup', 3, {
    groupId,
    generationId,
    memberId,
    groupInstanceId: instanceId,
    assignments: [{ memberId, assignment: Buffer.from(assignment) }],
  } as never)
  return { groupId, memberId, generationId }
}

async function heartbeat({ groupId, memberId, generationId }: Awaited<ReturnType<typeof classicMember>>) {
  const { errorCode } = await client.ask('Heartbeat', 3, { groupId, memberId, generationId, groupInstanceId: null })
  return errorName(errorCode)
}

async function commit(
  topics: readonly string[],
  fields: { groupId?: string; memberId?: string; epoch?: number; version?: number; partition?: number } = {},
): Promise<ErrorName[]> {
  const { groupId = 'g', memberId = '', epoch = -1, version = 9, partition = 0 } = fields
  const answer = await client.ask('OffsetCommit', version, {
    groupId,
    generationIdOrMemberEpoch: epoch,
    memberId,
    groupInstanceId: null,
    topics: topics.map((name) => ({
      name,
      topicId: broker.core.topics.find(name)?.id ?? zeroUuid,
      partitions: [{ partitionIndex: partition, committedOffset: 1n, committedLeaderEpoch: -1, committedMetadata: '' }],
    })),
  } as never)
  return answer.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorName(errorCode)))
}

const groupIds = () => broker.core.groups.list().map(({ groupId }) => groupId)
const committed = (topic: string) => broker.core.groups.offsets.get('g', topic, 0)?.offset

describe('LeaveGroup', () => {
  const leave = async (version: number, groupId: string, ...members: [string, string | null][]) => {
    const many = members.map(([memberId, groupInstanceId]) => ({ memberId, groupInstanceId }))
    const body = version < 3 ? { groupId, memberId: members[0]?.[0] ?? '' } : { groupId, members: many }
    const answer = await client.ask('LeaveGroup', version, body as never)
    return [
      errorName(answer.errorCode),
      ...answer.members.map((one) => [one.memberId, one.groupInstanceId, errorName(one.errorCode)]),
    ]
  }

  test('of a group that does not exist is answered per member from version 3 on', async () => {
    expect(await leave(2, 'none', ['m', null])).toEqual(['UNKNOWN_MEMBER_ID'])
    for (const version of [3, 5]) {
      expect(await leave(version, 'none', ['m', null], ['', 'i'])).toEqual([
        'NONE',
        ['m', null, 'UNKNOWN_MEMBER_ID'],
        ['', 'i', 'UNKNOWN_MEMBER_ID'],
      ])
    }
    expect(groupIds()).toEqual([])
  })

  test('[K26] by instance id alone names the member as the request did', async () => {
    await client.create('t')
    const member = new Member(client, { memberId: 'real', instanceId: 'i', subscribedTopicNames: ['t'] })
    expect(await member.beat()).toBe('NONE')
    expect(await leave(5, 'g', ['stranger', null], ['', 'i'], ['other', 'i'])).toEqual([
      'NONE',
      ['stranger', null, 'UNKNOWN_MEMBER_ID'],
      ['', 'i', 'NONE'],
      ['other', 'i', 'FENCED_INSTANCE_ID'],
    ])
    expect(broker.core.groups.find('g')?.members).toEqual([])
  })

  test('[C22] of a classic static member by instance id alone does the same', async () => {
    await client.create('t')
    await classicMember(['t'], 'g', 'i')
    expect(await leave(5, 'g', ['', 'i'])).toEqual(['NONE', ['', 'i', 'NONE']])
  })
})

describe('OffsetDelete', () => {
  const remove = async (topic: string, partition = 0) => {
    const { errorCode, topics } = await client.ask('OffsetDelete', 0, {
      groupId: 'g',
      topics: [{ name: topic, partitions: [{ partitionIndex: partition }] }],
    })
    return [
      errorName(errorCode),
      ...topics.flatMap(({ partitions }) => partitions.map((one) => errorName(one.errorCode))),
    ]
  }

  test('keeps offsets of a topic that a member subscribes to by pattern', async () => {
    await client.create('orders')
    await client.create('audit')
    const member = new Member(client, { subscribedTopicRegex: 'ord.*' })
    await member.beat()
    broker.clock.advance(0)
    await member.beat()
    expect(member.topics).toEqual(['orders'])
    expect(await commit(['orders', 'audit'], { memberId: 'a', epoch: member.epoch })).toEqual(['NONE', 'NONE'])
    expect(await remove('orders')).toEqual(['NONE', 'GROUP_SUBSCRIBED_TO_TOPIC'])
    expect(committed('orders')).toBe(1)
    expect(await remove('audit')).toEqual(['NONE', 'NONE'])
    expect(committed('audit')).toBeUndefined()
  })

  test('knows the partitions of a topic', async () => {
    await client.create('t')
    await commit(['t'])
    expect(await remove('t', 99)).toEqual(['NONE', 'UNKNOWN_TOPIC_OR_PARTITION'])
    expect(await remove('none')).toEqual(['NONE', 'UNKNOWN_TOPIC_OR_PARTITION'])
    expect(await remove('t')).toEqual(['NONE', 'NONE'])
  })
})

describe('OffsetCommit', () => {
  test('that names nothing that exists makes no group and is answered per partition', async () => {
    expect(await commit(['nope'])).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    for (const version of [8, 9]) {
      const fields = { memberId: 'm', epoch: 5, version }
      expect(await commit(['nope'], fields)).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    }
    expect(await commit(['nope'], { version: 10, epoch: 5 })).toEqual(['UNKNOWN_TOPIC_ID'])
    expect(await commit([])).toEqual([])
    expect(groupIds()).toEqual([])
  })

  test('with a generation of a group that does not exist is rejected for what exists only', async () => {
    await client.create('t')
    expect(await commit(['t', 'nope'], { epoch: 5, version: 8 })).toEqual([
      'ILLEGAL_GENERATION',
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
    expect(await commit(['t'], { epoch: 5, partition: 7 })).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    expect(await commit(['t'], { epoch: 5 })).toEqual(['GROUP_ID_NOT_FOUND'])
    expect(groupIds()).toEqual([])
    expect(await commit(['t'])).toEqual(['NONE'])
    expect(groupIds()).toEqual(['g'])
  })

  test('that cannot be stored makes no group', async () => {
    await client.create('t')
    broker.workspace.limitFile(broker.workspace.fileBytes() + 50_000)
    const large = 'x'.repeat(1_000_000)
    const answer = commit(['t'])
    expect(() => broker.workspace.write(() => broker.workspace.documents.set('test', 'large', large))).toThrow()
    expect(await answer).toEqual(['COORDINATOR_NOT_AVAILABLE'])
    broker.workspace.limitFile(1_000_000_000)
    expect(groupIds()).toEqual([])
  })
})

describe('[K5] patterns and ACLs', () => {
  test('a pattern assigns topics that the member may describe, when it is resolved after the heartbeat', async () => {
    for (const topic of ['ok-1', 'ok-2', 'named']) await client.create(topic)
    allow('User:bob', 'READ', 'GROUP', 'g')
    for (const topic of ['ok-1', 'named']) allow('User:bob', 'READ', 'TOPIC', topic)
    const bob = new Member(named('User:bob'), { subscribedTopicNames: ['named'], subscribedTopicRegex: 'ok-.*' })
    await bob.beat()
    expect(bob.topics).toEqual(['named'])
    broker.clock.advance(0)
    await bob.beat()
    expect(bob.topics).toEqual(['named', 'ok-1'])
    // Nobody asked for ok-2 by its name: there is nothing to report as denied.
    expect(broker.core.denials.all()).toEqual([])
    // A topic that is created later is found with the next heartbeat, an ACL after ten minutes.
    await client.create('ok-3')
    allow('User:bob', 'READ', 'TOPIC', 'ok-3')
    allow('User:bob', 'READ', 'TOPIC', 'ok-2')
    await bob.beat()
    broker.clock.advance(0)
    await bob.beat()
    expect(bob.topics).toEqual(['named', 'ok-1', 'ok-2', 'ok-3'])
  })

  test('a heartbeat that is rejected resolves nothing', async () => {
    await client.create('ok-1')
    const bob = new Member(client, { subscribedTopicRegex: 'ok-.*' })
    await bob.beat()
    allow('User:eve', 'READ', 'GROUP', 'g')
    const eve = new Member(named('User:eve'), { memberId: 'stranger' })
    eve.epoch = 3
    expect(await eve.beat()).toBe('UNKNOWN_MEMBER_ID')
    broker.clock.advance(0)
    await bob.beat()
    expect(bob.topics).toEqual(['ok-1'])
  })

  test('patterns are resolved again after a restart', async () => {
    await client.create('ok-1')
    const one = new Member(client, { subscribedTopicRegex: 'ok-.*' })
    await one.beat()
    broker.clock.advance(0)
    await one.beat()
    expect(broker.core.groups.consumer('g')?.resolved).toEqual({ 'ok-.*': ['ok-1'] })
    await broker.core.commits.settled
    const stored = JSON.parse(broker.workspace.documents.get('group', 'g') ?? '{}')
    expect(stored.group.value.resolved).toEqual({ 'ok-.*': ['ok-1'] })
  })

  test('ConsumerGroupDescribe hides a group with topics that the client may not describe', async () => {
    await client.create('secret')
    await new Member(client, { subscribedTopicNames: ['secret'] }).beat()
    const bob = named('User:bob')
    allow('User:bob', 'DESCRIBE', 'GROUP', 'g')
    const describeBy = async (by: TestClient) => {
      const { groups } = await by.ask('ConsumerGroupDescribe', 1, {
        groupIds: ['g'],
        includeAuthorizedOperations: false,
      })
      return groups.map((one) => [errorName(one.errorCode), one.errorMessage, one.members.length])
    }
    expect(await describeBy(bob)).toEqual([
      [
        'TOPIC_AUTHORIZATION_FAILED',
        'The group has described topic(s) that the client is not authorized to describe.',
        0,
      ],
    ])
    allow('User:bob', 'DESCRIBE', 'TOPIC', 'secret')
    expect(await describeBy(bob)).toEqual([['NONE', null, 1]])
  })
})

describe('offsets of a group with members', () => {
  test.each(['classic', 'consumer'])('expire where a %s group no longer subscribes', async (type) => {
    await client.create('a')
    await client.create('b')
    await commit(['b'])
    let beat: () => Promise<ErrorName>
    if (type === 'classic') {
      const member = await classicMember(['a'])
      expect(await commit(['a'], { memberId: member.memberId, epoch: member.generationId })).toEqual(['NONE'])
      beat = () => heartbeat(member)
    } else {
      const member = new Member(client, { subscribedTopicNames: ['a'] })
      await member.beat()
      expect(await commit(['a'], { memberId: 'a', epoch: member.epoch })).toEqual(['NONE'])
      beat = () => member.beat()
    }
    for (let waited = 0; waited < 120_000; waited += 5000) {
      broker.clock.advance(5000)
      expect(await beat()).toBe('NONE')
    }
    expect([committed('a'), committed('b')]).toEqual([1, undefined])
  })
})

describe('after the clock was set back', () => {
  const backMs = 600_000

  test('[C27] [T15] a member that is gone is removed in its usual time, a transaction ends within its timeout, and others stay', async () => {
    await client.create('t')
    const member = await classicMember(['t'])
    const silent = await classicMember(['t'], 'silent')
    const one = await new TransactionalProducer(broker.client(), 'tx').take()
    await one.produce('t', ['a'])
    broker.clock.advance(3000)
    broker.clock.setBack(backMs)
    // A look at the clock every 5 s, and a session of 10 s.
    for (let waited = 0; waited < 15_000; waited += 3000) {
      broker.clock.advance(3000)
      expect(await heartbeat(member)).toBe('NONE')
    }
    expect(await heartbeat(silent)).toBe('UNKNOWN_MEMBER_ID')
    broker.clock.advance(50_000)
    expect(broker.core.transactions.find('tx')?.state).toBe('CompleteAbort')
  })

  test('[C27] a rebalance that waits for a member that is gone ends in its usual time', async () => {
    await client.create('t')
    const gone = await classicMember(['t'])
    const second = broker.client().ask('JoinGroup', 2, {
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    })
    broker.clock.setBack(backMs)
    broker.clock.advance(5000 + 10_000)
    expect((await second).members).toHaveLength(1)
    expect(await heartbeat(gone)).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('after the machine slept', () => {
  test('a member that sends a heartbeat within its session stays, another is removed then', async () => {
    await client.create('t')
    const member = await classicMember(['t'])
    const silent = await classicMember(['t'], 'silent')
    broker.clock.advance(3000)
    expect([await heartbeat(member), await heartbeat(silent)]).toEqual(['NONE', 'NONE'])
    broker.clock.sleep(3_600_000)
    broker.clock.advance(9000)
    expect(await heartbeat(member)).toBe('NONE')
    broker.clock.advance(1000)
    expect(await heartbeat(member)).toBe('NONE')
    expect(await heartbeat(silent)).toBe('UNKNOWN_MEMBER_ID')
  })

  test('a transaction may still be committed', async () => {
    await client.create('t')
    const one = await new TransactionalProducer(broker.client(), 'tx').take()
    await one.produce('t', ['a'])
    broker.clock.sleep(3_600_000)
    broker.clock.advance(20_000)
    expect(await one.end(true)).toBe('NONE')
    await one.produce('t', ['b'])
    broker.clock.sleep(3_600_000)
    broker.clock.advance(45_000)
    expect(broker.core.transactions.find('tx')?.state).toBe('CompleteAbort')
  })
})
