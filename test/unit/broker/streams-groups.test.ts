import { afterEach, describe, expect, it } from 'vitest'
import type { RequestInput } from '../../../src-main/protocol/api-types'
import { errorName } from '../../../src-main/protocol/errors'
import { TestBroker, type TestClient } from '../../support/core'
import { fillDisk } from '../../support/full-disk'
import { setGroupConfig } from '../../support/sharer'

const brokers: TestBroker[] = []

afterEach(async () => {
  for (const broker of brokers.splice(0)) {
    expect(broker.logged.filter((line) => line.startsWith('error'))).toEqual([])
    await broker.dispose()
  }
})

function broker(config: Record<string, string> = {}): TestBroker {
  const one = new TestBroker({ 'group.streams.initial.rebalance.delay.ms': '0', ...config })
  brokers.push(one)
  return one
}

/** The errors in the log up to now, which are taken out of it. */
function faults(one: TestBroker): string[] {
  return one.logged.splice(0).filter((line) => line.startsWith('error'))
}

const info = (name: string, topicConfigs: { key: string; value: string }[] = []) => ({
  name,
  partitions: 0,
  replicationFactor: -1,
  topicConfigs,
})

const subtopologies = [
  {
    subtopologyId: '0',
    sourceTopics: ['lines'],
    sourceTopicRegex: [],
    stateChangelogTopics: [],
    repartitionSinkTopics: ['app-words-repartition'],
    repartitionSourceTopics: [],
    copartitionGroups: [],
  },
  {
    subtopologyId: '1',
    sourceTopics: [],
    sourceTopicRegex: [],
    stateChangelogTopics: [info('app-counts-changelog', [{ key: 'cleanup.policy', value: 'compact' }])],
    repartitionSinkTopics: [],
    repartitionSourceTopics: [info('app-words-repartition')],
    copartitionGroups: [],
  },
]

type Heartbeat = Partial<RequestInput<'StreamsGroupHeartbeat'>>

async function heartbeat(
  client: TestClient,
  memberId: string,
  memberEpoch: number,
  changed: Heartbeat = {},
  version = 1,
) {
  const isJoin = memberEpoch === 0
  const { errorCode, ...reply } = await client.ask('StreamsGroupHeartbeat', version, {
    groupId: 'app',
    memberId,
    memberEpoch,
    endpointInformationEpoch: -1,
    ...(isJoin
      ? {
          rebalanceTimeoutMs: 60_000,
          topology: { epoch: 0, subtopologies },
          activeTasks: [],
          standbyTasks: [],
          warmupTasks: [],
          processId: `process-${memberId}`,
          clientTags: [],
          taskOffsets: [],
          taskEndOffsets: [],
        }
      : {}),
    ...changed,
  })
  return { error: errorName(errorCode), ...reply }
}

async function started(one: TestBroker) {
  const client = one.client()
  await client.create('lines', 2)
  await heartbeat(client, 'a', 0)
  one.clock.advance(1000)
  const reply = await heartbeat(client, 'a', 2)
  expect(reply).toMatchObject({ error: 'NONE', status: [] })
  return { client, epoch: reply.memberEpoch }
}

describe('a streams group', () => {
  it('[G10] gets its internal topics from the broker, and then its tasks', async () => {
    const one = broker()
    const client = one.client()
    await client.create('lines', 2)
    expect(await heartbeat(client, 'a', 0)).toMatchObject({
      error: 'NONE',
      memberId: 'a',
      heartbeatIntervalMs: 5000,
      taskOffsetIntervalMs: 60_000,
      acceptableRecoveryLag: 10_000n,
      topologyDescriptionRequired: true,
      activeTasks: [],
      status: [
        { statusCode: 3, statusDetail: 'Internal topics are missing: app-words-repartition, app-counts-changelog' },
      ],
    })
    expect(one.core.topics.find('app-words-repartition')?.partitionCount).toBe(2)
    expect(one.core.configs.topicValues('app-counts-changelog', 'cleanup.policy')[0]?.value).toBe('compact')
    one.clock.advance(1000)
    expect(await heartbeat(client, 'a', 2)).toMatchObject({
      error: 'NONE',
      status: [],
      activeTasks: [
        { subtopologyId: '0', partitions: [0, 1] },
        { subtopologyId: '1', partitions: [0, 1] },
      ],
      standbyTasks: [],
      warmupTasks: [],
    })
  })

  it('is listed, described, and seen by its own name only', async () => {
    const one = broker()
    const { client, epoch } = await started(one)
    const listed = await client.ask('ListGroups', 5, { statesFilter: [], typesFilter: ['streams'] })
    expect(listed.groups).toEqual([
      { groupId: 'app', groupType: 'streams', protocolType: 'streams', groupState: 'Stable' },
    ])
    const node = { name: 'n', nodeType: 1, sourceTopics: ['lines'], sinkTopic: null, stores: [], successors: [] }
    const description = {
      subtopologies: [{ subtopologyId: '0', nodes: [node] }],
      globalStores: [{ source: node, processor: node }],
    }
    const describeAll = async (version: number) => {
      const { groups } = await client.ask('StreamsGroupDescribe', version, {
        groupIds: ['app', 'none'],
        includeAuthorizedOperations: true,
        ...(version >= 1 ? { includeTopologyDescription: true } : {}),
      })
      return { groups: groups.toSorted((a, b) => a.groupId.localeCompare(b.groupId)) }
    }
    expect((await describeAll(1)).groups[0]).toMatchObject({ topologyDescriptionStatus: 1, topologyDescription: null })
    const update = { groupId: 'app', memberId: 'a', topologyEpoch: 0, topologyDescription: description }
    expect(await client.ask('StreamsGroupTopologyDescriptionUpdate', 0, update)).toMatchObject({ errorCode: 0 })
    const { groups } = await describeAll(1)
    const active = [
      { subtopologyId: '0', partitions: [0, 1] },
      { subtopologyId: '1', partitions: [0, 1] },
    ]
    expect(groups).toMatchObject([
      {
        errorCode: 0,
        groupState: 'Stable',
        groupEpoch: epoch,
        assignmentEpoch: epoch,
        assignorName: 'sticky',
        topologyDescriptionStatus: 3,
        topologyDescription: description,
        topology: {
          epoch: 0,
          subtopologies: [
            { subtopologyId: '0', sourceTopics: ['lines'], repartitionSinkTopics: ['app-words-repartition'] },
            {
              subtopologyId: '1',
              stateChangelogTopics: [{ name: 'app-counts-changelog', partitions: 2, replicationFactor: -1 }],
            },
          ],
        },
        members: [
          {
            memberId: 'a',
            memberEpoch: epoch,
            processId: 'process-a',
            isClassic: false,
            assignment: { activeTasks: active },
            targetAssignment: { activeTasks: active },
          },
        ],
      },
      { errorMessage: 'Group none not found.' },
    ])
    expect((await describeAll(0)).groups[0]).toMatchObject({ assignorName: null, topologyDescription: null })
    const other = await client.ask('ConsumerGroupDescribe', 1, {
      groupIds: ['app'],
      includeAuthorizedOperations: false,
    })
    expect(errorName(other.groups[0]!.errorCode)).toBe('GROUP_ID_NOT_FOUND')
    expect(one.core.groups.find('app')?.members).toMatchObject([
      {
        phase: 'stable',
        assigned: { lines: [0, 1], 'app-words-repartition': [0, 1] },
        tasks: { active: ['0_0', '0_1', '1_0', '1_1'], standby: [] },
      },
    ])
  })

  describe.each(['statement', 'commit'] as const)('on a full disk, noticed at the %s', (moment) => {
    it('joins nobody and keeps no description, and goes on when there is room again', async () => {
      const one = broker()
      const client = one.client()
      await client.create('lines', 2)
      let makeRoom = fillDisk(one.core.workspace, moment)
      expect((await heartbeat(client, 'a', 0)).error).toBe('COORDINATOR_NOT_AVAILABLE')
      makeRoom()
      expect(faults(one)).toEqual([expect.stringContaining('cannot be written')])
      expect(one.core.groups.find('app')?.members ?? []).toEqual([])
      expect(one.core.topics.find('app-words-repartition')).toBeUndefined()

      await heartbeat(client, 'a', 0)
      one.clock.advance(1000)
      expect(await heartbeat(client, 'a', 2)).toMatchObject({ error: 'NONE', status: [] })
      const update = {
        groupId: 'app',
        memberId: 'a',
        topologyEpoch: 0,
        topologyDescription: { subtopologies: [], globalStores: [] },
      }
      makeRoom = fillDisk(one.core.workspace, moment)
      const refused = await client.ask('StreamsGroupTopologyDescriptionUpdate', 0, update)
      makeRoom()
      expect(faults(one)).toEqual([expect.stringContaining('cannot be written')])
      expect(errorName(refused.errorCode)).toBe('COORDINATOR_NOT_AVAILABLE')
      const described = await client.ask('StreamsGroupDescribe', 1, {
        groupIds: ['app'],
        includeAuthorizedOperations: false,
        includeTopologyDescription: true,
      })
      expect(described.groups[0]).toMatchObject({ topologyDescription: null, members: [{ memberId: 'a' }] })
    })
  })

  it('whose internal topics do not fit on the disk is told so, and gets them later', async () => {
    const one = broker()
    const client = one.client()
    await client.create('lines', 2)
    const create = one.core.topics.create.bind(one.core.topics)
    let makeRoom = () => {}
    // The group is in the file by then.
    one.core.topics.create = (...topic) => {
      makeRoom = fillDisk(one.core.workspace, 'statement')
      return create(...topic)
    }
    const reply = await heartbeat(client, 'a', 0)
    Reflect.deleteProperty(one.core.topics, 'create')
    makeRoom()
    await expect(one.workspace.committed()).rejects.toThrow()
    expect(faults(one)).toEqual([expect.stringContaining('cannot be written')])
    expect(reply).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
    expect(one.core.topics.find('app-words-repartition')).toBeUndefined()
    expect(await heartbeat(client, 'a', 0)).toMatchObject({ error: 'NONE' })
    expect(one.core.topics.find('app-words-repartition')?.partitionCount).toBe(2)
  })

  it('commits and deletes offsets by its rules, and is deleted when it is empty', async () => {
    const one = broker()
    const { client, epoch } = await started(one)
    const commit = async (memberId: string, generationIdOrMemberEpoch: number) => {
      const { topics } = await client.ask('OffsetCommit', 9, {
        groupId: 'app',
        generationIdOrMemberEpoch,
        memberId,
        topics: [{ name: 'lines', partitions: [{ partitionIndex: 0, committedOffset: 5n, committedMetadata: null }] }],
      })
      return errorName(topics[0]!.partitions[0]!.errorCode)
    }
    expect(await commit('a', epoch)).toBe('NONE')
    expect(await commit('a', epoch + 1)).toBe('STALE_MEMBER_EPOCH')
    expect(await commit('', -1)).toBe('UNKNOWN_MEMBER_ID')
    const deleteOffsets = () =>
      client.ask('OffsetDelete', 0, {
        groupId: 'app',
        topics: [{ name: 'lines', partitions: [{ partitionIndex: 0 }] }],
      })
    expect(errorName((await deleteOffsets()).topics[0]!.partitions[0]!.errorCode)).toBe('GROUP_SUBSCRIBED_TO_TOPIC')
    const remove = async () =>
      errorName((await client.ask('DeleteGroups', 2, { groupsNames: ['app'] })).results[0]!.errorCode)
    expect(await remove()).toBe('NON_EMPTY_GROUP')
    expect(await heartbeat(client, 'a', -1)).toMatchObject({ error: 'NONE', memberEpoch: -1, heartbeatIntervalMs: 0 })
    expect(await remove()).toBe('NONE')
    expect(one.core.groups.find('app')).toBeUndefined()
  })

  it('[G32] takes the place of an empty classic group, and leaves it to one', async () => {
    const one = broker()
    const client = one.client()
    await client.create('lines', 1)
    await client.ask('OffsetCommit', 8, {
      groupId: 'app',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: 'lines', partitions: [{ partitionIndex: 0, committedOffset: 7n, committedMetadata: null }] }],
    })
    expect(one.core.groups.find('app')?.type).toBe('classic')
    expect(await heartbeat(client, 'a', 1)).toMatchObject({
      error: 'GROUP_ID_NOT_FOUND',
      errorMessage: 'Group app is not a streams group.',
    })
    expect((await heartbeat(client, 'a', 0)).error).toBe('NONE')
    expect(one.core.groups.find('app')?.type).toBe('streams')
    expect(one.core.groups.offsets.has('app')).toBe(true)
    const join = () =>
      client.ask('JoinGroup', 3, {
        groupId: 'app',
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 10_000,
        memberId: '',
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: Buffer.alloc(6) }],
      })
    expect(errorName((await join()).errorCode)).toBe('INCONSISTENT_GROUP_PROTOCOL')
    const share = await client.ask('ShareGroupHeartbeat', 1, {
      groupId: 'app',
      memberId: 'AAAAAAAAAAAAAAAAAAAAAQ',
      memberEpoch: 0,
      subscribedTopicNames: ['lines'],
    })
    expect(errorName(share.errorCode)).toBe('GROUP_ID_NOT_FOUND')
    await heartbeat(client, 'a', -1)
    const joined = join()
    one.clock.advance(3000)
    expect(errorName((await joined).errorCode)).toBe('NONE')
    expect(one.core.groups.find('app')?.type).toBe('classic')
    expect((await heartbeat(client, 'a', 0)).error).toBe('GROUP_ID_NOT_FOUND')
  })

  it('is refused what is malformed', async () => {
    const client = broker().client()
    const join = async (changed: Heartbeat) => {
      const { error, errorMessage } = await heartbeat(client, 'a', 0, changed)
      return `${error}: ${errorMessage}`
    }
    const topologyWith = (changed: object) => ({
      topology: { epoch: 0, subtopologies: [{ ...subtopologies[1]!, ...changed }] },
    })
    expect(await join({ memberId: ' ' })).toBe("INVALID_REQUEST: MemberId can't be empty.")
    expect(await join({ groupId: '' })).toBe("INVALID_REQUEST: GroupId can't be empty.")
    expect(await join({ rackId: '' })).toBe("INVALID_REQUEST: RackId can't be empty.")
    expect(await join({ instanceId: '' })).toBe("INVALID_REQUEST: InstanceId can't be empty.")
    expect(await join({ memberEpoch: -3 })).toBe(
      'INVALID_REQUEST: MemberEpoch is -3, but must be greater than or equal to -2.',
    )
    expect(await join({ memberEpoch: -2, topology: null })).toBe("INVALID_REQUEST: InstanceId can't be null.")
    expect(await join({ rebalanceTimeoutMs: -1 })).toBe(
      'INVALID_REQUEST: RebalanceTimeoutMs must be provided in first request.',
    )
    expect(await join({ topology: null })).toBe('INVALID_REQUEST: Topology must be non-null when (re-)joining.')
    expect(await join({ memberEpoch: 3 })).toBe('INVALID_REQUEST: Topology can only be provided when (re-)joining.')
    expect(await join({ activeTasks: [{ subtopologyId: '0', partitions: [0] }] })).toBe(
      'INVALID_REQUEST: ActiveTasks must be empty when (re-)joining.',
    )
    expect(await join({ standbyTasks: null })).toBe(
      'INVALID_REQUEST: If one task-type is non-null, all must be non-null.',
    )
    const offset = { subtopologyId: '0', partition: 0, offset: 1n }
    expect(await join({ taskOffsets: [offset, offset] })).toMatch(/^INVALID_REQUEST/)
    expect(await join(topologyWith({ stateChangelogTopics: [{ ...info('log'), partitions: 3 }] }))).toBe(
      'STREAMS_INVALID_TOPOLOGY: Changelog topic log must have an undefined partition count, but it is set to 3.',
    )
    expect(await join(topologyWith({ sourceTopics: ['__consumer_offsets'] }))).toMatch(
      /^STREAMS_INVALID_TOPOLOGY: Use of Kafka internal topics __consumer_offsets/,
    )
    expect(await join(topologyWith({ sourceTopics: ['a b'] }))).toBe(
      'STREAMS_INVALID_TOPOLOGY: Topic names a b are not valid topic names.',
    )
    const group = { sourceTopics: [4], sourceTopicRegex: [], repartitionSourceTopics: [] }
    expect(await join(topologyWith({ copartitionGroups: [group] }))).toMatch(/^INVALID_REQUEST: A copartition group/)
    expect(await join({ memberEpoch: 3, topology: null })).toBe('GROUP_ID_NOT_FOUND: Streams group app not found.')
  })

  it('tells why internal topics are not created', async () => {
    const client = broker().client()
    await client.create('lines', 2)
    const wrong = [
      subtopologies[0]!,
      { ...subtopologies[1]!, stateChangelogTopics: [info('log', [{ key: 'no.such', value: '1' }])] },
    ]
    const { status } = await heartbeat(client, 'a', 0, { topology: { epoch: 0, subtopologies: wrong } })
    expect(status).toEqual([
      {
        statusCode: 3,
        statusDetail:
          'Internal topics are missing: app-words-repartition, log; Creation failed: log (Unknown topic config name: no.such).',
      },
    ])
  })

  it('has standby tasks by a config of the group', async () => {
    const one = broker()
    const { client } = await started(one)
    await setGroupConfig(client, 'app', 'streams.num.standby.replicas', '1')
    await heartbeat(client, 'b', 0)
    one.clock.advance(1000)
    const { members } = one.core.groups.streams('app')!
    await heartbeat(client, 'b', members[1]!.memberEpoch)
    const { targets } = one.core.groups.streams('app')!
    expect(Object.values(targets).flatMap(({ standby }) => Object.keys(standby))).toContain('1')
  })

  it('is off without its feature or its protocol', async () => {
    const off = broker({ 'group.coordinator.rebalance.protocols': 'classic,consumer' })
    expect((await heartbeat(off.client(), 'a', 0)).error).toBe('UNSUPPORTED_VERSION')
    const one = broker()
    const client = one.client()
    await client.ask('UpdateFeatures', 2, {
      featureUpdates: [{ feature: 'streams.version', maxVersionLevel: 0, upgradeType: 2 }],
    })
    expect((await heartbeat(client, 'a', 0)).error).toBe('UNSUPPORTED_VERSION')
    const { groups } = await client.ask('StreamsGroupDescribe', 0, {
      groupIds: ['app'],
      includeAuthorizedOperations: false,
    })
    expect(errorName(groups[0]!.errorCode)).toBe('UNSUPPORTED_VERSION')
  })

  it('answers version 0 with its own fields', async () => {
    const client = broker().client()
    expect(await heartbeat(client, 'a', 0, {}, 0)).toMatchObject({
      error: 'NONE',
      acceptableRecoveryLagLegacy: 10_000,
      status: [{ statusCode: 1, statusDetail: 'Source topics lines are missing.' }],
    })
  })
})
