import type { SaslSettings } from '../../../src-main/client/settings'
import { Admin, Member, type Play, settled } from './play'

const accept = 1
const reject = 3
const release = 2

/** Offsets, configs, dead letters, state, rights and the switch of share groups. */
export const administration = {
  'offsets are described, set and deleted': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('reset', 2)
    for (const partition of [0, 1]) await admin.produce('reset', ['v0', 'v1', 'v2', 'v3', 'v4'], partition)
    const at = (topicName: string, ...starts: [number, number][]) => [
      {
        topicName,
        partitions: starts.map(([partitionIndex, offset]) => ({ partitionIndex, startOffset: BigInt(offset) })),
      },
    ]
    const describe = (what: string, topics: { topicName: string; partitions: number[] }[] | null) =>
      admin.ask('DescribeShareGroupOffsets', { groups: [{ groupId: 'reset', topics }] }, what)
    await describe('described before it is there', null)
    await describe('described by name', [{ topicName: 'reset', partitions: [0] }])
    await admin.ask('DeleteShareGroupOffsets', { groupId: 'reset', topics: [{ topicName: 'reset' }] })
    await admin.ask('AlterShareGroupOffsets', { groupId: '', topics: at('reset', [0, 1]) }, 'set without a group')
    await admin.ask(
      'AlterShareGroupOffsets',
      { groupId: 'reset', topics: at('no-such-topic', [0, 1]) },
      'set of no topic',
    )
    await admin.ask('AlterShareGroupOffsets', { groupId: 'reset', topics: at('reset', [0, 2], [9, 1]) }, 'set')
    await describe('described', null)
    await describe('described by name', [
      { topicName: 'reset', partitions: [0, 1] },
      { topicName: 'no-such-topic', partitions: [0] },
    ])
    await describe('nothing described', [])
    await admin.ask('AlterShareGroupOffsets', { groupId: 'reset', topics: at('reset', [0, 900]) }, 'set behind the end')
    await describe('described behind the end', null)
    await admin.ask('AlterShareGroupOffsets', { groupId: 'reset', topics: at('reset', [0, 3], [1, 0]) }, 'set again')
    await admin.ask('ShareGroupDescribe', { groupIds: ['reset'], includeAuthorizedOperations: false })
    const a = await Member.of(play, 'a', 'reset', topicId, [0])
    await a.join(['reset'], 2)
    await a.fetch()
    await a.acknowledge([[3, 3, accept]])
    await admin.ask('AlterShareGroupOffsets', { groupId: 'reset', topics: at('reset', [0, 0]) }, 'set while active')
    await admin.ask(
      'DeleteShareGroupOffsets',
      { groupId: 'reset', topics: [{ topicName: 'reset' }] },
      'deleted while active',
    )
    await admin.ask('DeleteGroups', { groupsNames: ['reset'] }, 'group deleted while active')
    await a.acknowledge([], { shareSessionEpoch: -1 })
    await a.beat({ memberEpoch: -1 })
    await admin.ask('AlterShareGroupOffsets', { groupId: 'reset', topics: at('reset', [0, 1]) }, 'set when empty')
    await a.fetch({ shareSessionEpoch: 0 })
    await a.acknowledge([], { shareSessionEpoch: -1 })
    await admin.ask('DeleteShareGroupOffsets', {
      groupId: 'reset',
      topics: [{ topicName: 'reset' }, { topicName: 'no-such-topic' }],
    })
    await describe('described when deleted', null)
    await admin.ask('DeleteGroups', { groupsNames: ['reset', 'unknown'] })
    await admin.ask('ShareGroupDescribe', { groupIds: ['reset'], includeAuthorizedOperations: false })
  },

  'configs of a group': async (play: Play) => {
    const admin = await Admin.of(play)
    const set = async (name: string, value: string) => {
      const { responses } = await admin.connection.ask('IncrementalAlterConfigs', {
        resources: [{ resourceType: 32, resourceName: 'set', configs: [{ name, configOperation: 0, value }] }],
        validateOnly: false,
      })
      play.say(`${name}=${value}`, responses)
    }
    for (const [name, ...wrong] of [
      ['share.record.lock.duration.ms', '999', '60001', '1000'],
      ['share.delivery.count.limit', '1', '11', '10'],
      ['share.partition.max.record.locks', '99', '4001', '100'],
      ['share.session.timeout.ms', '999', '60001', '50000'],
      ['share.heartbeat.interval.ms', '499', '15001', '5000'],
      ['share.assignment.interval.ms', '-1', '15001', '0'],
      [
        'share.auto.offset.reset',
        'none',
        'by_duration:1h',
        'by_duration:-PT1H',
        'by_duration:PT1H',
        'EARLIEST',
        'earliest',
      ],
      ['share.isolation.level', 'serializable', 'read_committed'],
      ['share.renew.acknowledge.enable', 'maybe', 'false'],
      ['errors.deadletterqueue.topic.name', '__dlq', 'dlq one', 'dlq.one'],
      ['errors.deadletterqueue.copy.record.enable', 'maybe', 'true'],
    ] as const) {
      for (const value of wrong) await set(name, value)
    }
    const { results } = await admin.connection.ask('DescribeConfigs', {
      resources: [{ resourceType: 32, resourceName: 'set', configurationKeys: null }],
      includeSynonyms: true,
      includeDocumentation: false,
    })
    const configs = [...(results[0]?.configs ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const config of configs) {
      if (/^(share|errors)\./.test(config.name)) play.say(config.name, config)
    }
  },

  'dead letters': async (play: Play) => {
    const admin = await Admin.of(play)
    await admin.configure(4, '', { 'errors.deadletterqueue.auto.create.topics.enable': 'true' })
    await admin.create('dlq.closed')
    await admin.create('dlq.open', 2, { 'errors.deadletterqueue.group.enable': 'true' })
    const groupsOf = {
      'dead-copied': { topic: 'dlq.open', copied: 'true' },
      'dead-bare': { topic: 'dlq.made', copied: 'false' },
      'dead-closed': { topic: 'dlq.closed', copied: 'true' },
      'dead-prefix': { topic: 'other.made', copied: 'true' },
    }
    const topicId = await admin.create('dead', 3)
    for (const partition of [0, 1, 2]) await admin.produce('dead', ['v0', 'v1', 'v2'], partition)
    for (const [groupId, { topic, copied }] of Object.entries(groupsOf)) {
      await admin.configure(32, groupId, {
        'errors.deadletterqueue.topic.name': topic,
        'errors.deadletterqueue.copy.record.enable': copied,
        'share.delivery.count.limit': '2',
      })
      await admin.begin(groupId, 'dead', [0, 0, 0])
      const a = await Member.of(play, 'a', groupId, topicId, [2])
      await a.fetch()
      await a.acknowledge([[0, 2, accept, reject, release]])
      await a.fetch()
      await a.acknowledge([[2, 2, release]])
      await settled(
        async () => {
          const { groups: found } = await admin.connection.ask('DescribeShareGroupOffsets', {
            groups: [{ groupId, topics: [{ topicName: 'dead', partitions: [2] }] }],
          })
          return found[0]?.topics[0]?.partitions[0]?.lag
        },
        (lag) => lag === 0n,
      ).then((lag) => play.say(`${groupId} lag`, lag))
      await a.acknowledge([], { shareSessionEpoch: -1 })
    }
    const { topics } = await admin.connection.ask('Metadata', { topics: null, allowAutoTopicCreation: false })
    play.say('topics', topics.flatMap(({ name }) => (/^(dlq|other)\./.test(name ?? '') ? [name] : [])).sort())
    for (const [topic, partition, count] of [
      ['dlq.open', 0, 2],
      ['dlq.made', 0, 2],
      ['dlq.closed', 0, 0],
    ] as const) {
      const ends = await settled(
        () =>
          admin.connection.ask('ListOffsets', {
            replicaId: -1,
            isolationLevel: 0,
            topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp: -1n }] }],
          }),
        ({ topics: [found] }) => found?.partitions[0]?.offset === BigInt(count),
      )
      play.say(`end of ${topic}-${partition}`, ends.topics[0]?.partitions[0]?.offset)
    }
    await admin.configure(4, '', { 'errors.deadletterqueue.auto.create.topics.enable': 'false' })
  },

  'state as brokers tell it each other': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('state', 2)
    const on = <T extends object>(...partitions: T[]) => [{ topicId, partitions }]
    const found = await settled(
      () => admin.connection.ask('FindCoordinator', { keyType: 2, coordinatorKeys: [`state:${topicId}:0`] }),
      ({ coordinators: [one] }) => one?.errorCode === 0,
    )
    play.say(
      'coordinator',
      found.coordinators.map(({ key: _, ...rest }) => rest),
    )
    await admin.ask(
      'FindCoordinator',
      { keyType: 2, coordinatorKeys: ['state', 'state:x:0', 'state:AAAAAAAAAAAAAAAAAAAAAQ:x'] },
      'no coordinator',
    )
    const groupId = 'state'
    await settled(
      () =>
        admin.connection.ask('ReadShareGroupStateSummary', { groupId, topics: on({ partition: 0, leaderEpoch: 0 }) }),
      ({ results: [one] }) => one?.partitions[0]?.errorCode !== 14 && one?.partitions[0]?.errorCode !== 15,
    )
    await admin.ask('ReadShareGroupState', { groupId, topics: on({ partition: 0, leaderEpoch: 0 }) }, 'read of none')
    await admin.ask(
      'ReadShareGroupStateSummary',
      { groupId, topics: on({ partition: 0, leaderEpoch: 0 }) },
      'summary of none',
    )
    await admin.ask('DeleteShareGroupState', { groupId, topics: on({ partition: 0 }) }, 'deletion of none')
    const batch = (first: number, last: number, deliveryState: number, deliveryCount: number) => ({
      firstOffset: BigInt(first),
      lastOffset: BigInt(last),
      deliveryState,
      deliveryCount,
    })
    const write = (what: string, part: object, ...stateBatches: ReturnType<typeof batch>[]) =>
      admin.ask(
        'WriteShareGroupState',
        {
          groupId,
          topics: on({
            partition: 0,
            stateEpoch: 3,
            leaderEpoch: 0,
            startOffset: -1n,
            deliveryCompleteCount: 2,
            ...part,
            stateBatches,
          }),
        },
        what,
      )
    const read = (what: string, leaderEpoch = 0) =>
      admin.ask('ReadShareGroupState', { groupId, topics: on({ partition: 0, leaderEpoch }) }, what)
    const summary = (what: string) =>
      admin.ask('ReadShareGroupStateSummary', { groupId, topics: on({ partition: 0, leaderEpoch: 0 }) }, what)
    await write('write of none', {}, batch(0, 1, 2, 1))
    const init = (what: string, partition: number, stateEpoch: number, startOffset: number) =>
      admin.ask(
        'InitializeShareGroupState',
        { groupId, topics: on({ partition, stateEpoch, startOffset: BigInt(startOffset) }) },
        what,
      )
    await init('initialized', 0, 3, 10)
    await init('initialized with a lower epoch', 0, 2, 10)
    await init('a partition that is not there', 9, 3, 10)
    await read('read')
    await write('written', {}, batch(10, 19, 2, 1), batch(25, 29, 0, 2))
    await read('read')
    await summary('summary')
    await write('written over', {}, batch(15, 26, 4, 3))
    await read('read')
    await write('neighbours alike', {}, batch(27, 29, 4, 3))
    await read('read')
    await write('a lower state epoch', { stateEpoch: 2 }, batch(30, 30, 2, 1))
    await write('a start offset that goes back', { startOffset: 5n }, batch(30, 30, 2, 1))
    await write('a start offset', { startOffset: 17n, deliveryCompleteCount: 7 })
    await read('read')
    await summary('summary')
    await read('read with a higher leader epoch', 5)
    await read('read with a lower leader epoch', 4)
    await write('a lower leader epoch', {}, batch(30, 30, 2, 1))
    await summary('summary')
    await admin.ask('DeleteShareGroupState', { groupId, topics: on({ partition: 0 }) }, 'deleted')
    await read('read when deleted', 5)
    await summary('summary')
  },

  'a user without rights': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('locked')
    await admin.produce('locked', ['v0'])
    await admin.begin('locked', 'locked')
    const sasl: SaslSettings = {
      mechanism: 'PLAIN',
      credentials: async () => ({ mechanism: 'PLAIN', user: 'alice', password: 'alice-secret' }),
    }
    const alice = new Admin(play, await play.connect(sasl))
    const a = Member.on(play, alice.connection, 'a', 'locked', topicId)
    const all = async (when: string) => {
      play.say('when', when)
      await a.beat({ memberEpoch: 0, subscribedTopicNames: ['locked'] })
      await a.nothing({ shareSessionEpoch: 0 })
      await a.acknowledge([[0, 0, accept]])
      await alice.ask('ShareGroupDescribe', { groupIds: ['locked'], includeAuthorizedOperations: false })
      await alice.ask('DescribeShareGroupOffsets', { groups: [{ groupId: 'locked', topics: null }] })
      const named = [{ topicName: 'locked', partitions: [0] }]
      await alice.ask('DescribeShareGroupOffsets', { groups: [{ groupId: 'locked', topics: named }] })
      const partitions = [{ partitionIndex: 0, startOffset: 0n }]
      await alice.ask('AlterShareGroupOffsets', { groupId: 'locked', topics: [{ topicName: 'locked', partitions }] })
      await alice.ask('DeleteShareGroupOffsets', { groupId: 'locked', topics: [{ topicName: 'locked' }] })
      await alice.ask('DeleteGroups', { groupsNames: ['locked'] })
      await alice.ask('ReadShareGroupState', {
        groupId: 'locked',
        topics: [{ topicId, partitions: [{ partition: 0, leaderEpoch: 0 }] }],
      })
    }
    const allow = async (resourceType: number, operation: number) => {
      const creations = [
        {
          resourceType,
          resourceName: 'locked',
          resourcePatternType: 3,
          principal: 'User:alice',
          host: '*',
          operation,
          permissionType: 3,
        },
      ]
      await admin.connection.ask('CreateAcls', { creations })
      await settled(
        () =>
          admin.connection.ask('DescribeAcls', {
            resourceTypeFilter: resourceType,
            resourceNameFilter: 'locked',
            patternTypeFilter: 3,
            principalFilter: 'User:alice',
            hostFilter: null,
            operation,
            permissionType: 3,
          }),
        ({ resources }) => resources.length === 1,
      )
    }
    await all('nothing is allowed')
    // GROUP READ: members and offsets; then TOPIC DESCRIBE, and TOPIC READ.
    await allow(3, 3)
    await all('the group may be read')
    await allow(2, 8)
    await all('the topic may be described')
    await allow(2, 3)
    await all('the topic may be read')
  },

  'share.version 0': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('off')
    await admin.produce('off', ['v0'])
    await admin.begin('off', 'off')
    const a = await Member.of(play, 'a', 'off', topicId)
    await a.fetch()
    const level = (maxVersionLevel: number, upgradeType: number) =>
      admin.connection.ask('UpdateFeatures', {
        featureUpdates: [{ feature: 'share.version', maxVersionLevel, upgradeType }],
        validateOnly: false,
        timeoutMs: 30_000,
      })
    await level(0, 3)
    await settled(
      () => a.asked({ maxWaitMs: 0 }),
      ({ errorCode }) => errorCode === 35,
    )
    await a.nothing()
    await a.acknowledge([[0, 0, accept]])
    await a.beat({ memberEpoch: 0, subscribedTopicNames: ['off'] })
    await admin.ask('ShareGroupDescribe', { groupIds: ['off'], includeAuthorizedOperations: false })
    await admin.ask('DescribeShareGroupOffsets', { groups: [{ groupId: 'off', topics: null }] })
    const partitions = [{ partitionIndex: 0, startOffset: 0n }]
    await admin.ask('AlterShareGroupOffsets', { groupId: 'off', topics: [{ topicName: 'off', partitions }] })
    await admin.ask('DeleteShareGroupOffsets', { groupId: 'off', topics: [{ topicName: 'off' }] })
    await level(2, 1)
    await settled(
      () => a.asked({ shareSessionEpoch: 0, maxWaitMs: 0 }),
      ({ errorCode, responses }) => errorCode === 0 && responses[0]?.partitions[0]?.acquiredRecords.length === 1,
    ).then(({ responses }) => play.say('acquired again', responses[0]?.partitions[0]?.acquiredRecords))
  },
}
