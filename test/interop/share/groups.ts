import { Admin, Member, type Play, settled } from './play'

const earliest = { 'share.auto.offset.reset': 'earliest' }

/** Members, and what other APIs say of a share group. */
export const groups = {
  'three members of one partition': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('three')
    await admin.produce('three', ['v0', 'v1', 'v2', 'v3'])
    await admin.configure(32, 'three', earliest)
    const members = await Promise.all(['a', 'b', 'c'].map((name) => Member.of(play, name, 'three', topicId)))
    for (const member of members) await member.join(['three'], 1)
    for (const member of members) {
      await member.fetch({ maxRecords: 1, batchSize: 1, shareAcquireMode: 1 })
    }
    const [a] = members
    const one = await a?.heartbeat({ memberId: 'd', memberEpoch: 0, subscribedTopicNames: ['three'] })
    play.say('a fourth member', one)
    await admin.play.until(
      'described',
      async () => {
        const { groups: found } = await admin.connection.ask('ShareGroupDescribe', {
          groupIds: ['three'],
          includeAuthorizedOperations: true,
        })
        // Epochs depend on how many heartbeats it took.
        return found.map(({ groupEpoch, assignmentEpoch, members: some, ...rest }) => ({
          ...rest,
          members: some.map(({ memberEpoch, ...member }) => member).sort((x, y) => (x.memberId < y.memberId ? -1 : 1)),
        }))
      },
      ([group]) => group?.members.length === 3,
    )
  },

  'what a heartbeat may not say': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('beats')
    const a = await Member.of(play, 'a', 'beats', topicId)
    const first = { memberEpoch: 0, subscribedTopicNames: ['beats'] }
    await a.beat({ ...first, memberId: '' })
    await a.beat({ ...first, memberId: ' ' })
    await a.beat({ ...first, memberId: 'x'.repeat(37) })
    await a.beat({ ...first, groupId: '' })
    await a.beat({ ...first, groupId: ' ' })
    await a.beat({ ...first, rackId: '' })
    await a.beat({ ...first, rackId: ' ' })
    await a.beat({ memberEpoch: 0 })
    await a.beat({ memberEpoch: 0, subscribedTopicNames: [] })
    await a.beat({ memberEpoch: -2 })
    await a.beat({ memberEpoch: 1 })
    await a.beat({ memberEpoch: -1 })
    await a.join(['beats'], 1)
    await a.beat({ memberEpoch: 100 })
    await a.beat({ memberId: 'b', memberEpoch: 1 })
    await a.beat({ memberId: 'b', memberEpoch: -1 })
    await a.beat({ memberEpoch: -1 })
    await a.beat({ memberEpoch: -1 })
  },

  'a member that subscribes to something else': async (play: Play) => {
    const admin = await Admin.of(play)
    const ids = [await admin.create('first', 2), await admin.create('second')]
    const a = await Member.of(play, 'a', 'subscribed', ids[0] ?? '')
    await a.join(['first', 'no-such-topic'], 2)
    await settled(
      () => a.heartbeat({ subscribedTopicNames: ['second'] }),
      (answer) => {
        if (answer.errorCode === 0) a.memberEpoch = answer.memberEpoch
        return answer.assignment?.topicPartitions.some(({ topicId }) => topicId === ids[1]) === true
      },
    ).then((answer) => play.say('assigned', answer.assignment))
    await a.heartbeat({}).then(({ assignment }) => play.say('nothing new', assignment))
  },

  'a member that is silent is removed': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('silent')
    await admin.configure(32, 'silent', {
      'share.heartbeat.interval.ms': '500',
      'share.session.timeout.ms': '1000',
    })
    const a = await Member.of(play, 'a', 'silent', topicId)
    await a.join(['silent'], 1)
    await play.until(
      'state',
      async () => {
        const { groups: found } = await admin.connection.ask('ListGroups', {
          statesFilter: [],
          typesFilter: ['share'],
        })
        return found.filter(({ groupId }) => groupId === 'silent')
      },
      ([group]) => group?.groupState === 'Empty',
    )
    await a.beat()
  },

  'what other APIs say of a share group': async (play: Play) => {
    const admin = await Admin.of(play)
    await admin.create('known')
    await admin.begin('known', 'known')
    await admin.ask('DescribeGroups', { groups: ['known'], includeAuthorizedOperations: false })
    await admin.ask('ConsumerGroupDescribe', { groupIds: ['known'], includeAuthorizedOperations: false })
    await admin.ask('ShareGroupDescribe', { groupIds: ['known', 'unknown'], includeAuthorizedOperations: false })
    await admin.ask('OffsetCommit', {
      groupId: 'known',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [
        {
          name: 'known',
          topicId: [...play.topicNames.keys()][0] ?? '',
          partitions: [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: '' }],
        },
      ],
    })
    await admin.ask('OffsetFetch', { groups: [{ groupId: 'known', topics: null }], requireStable: false })
    await admin.ask('OffsetDelete', {
      groupId: 'known',
      topics: [{ name: 'known', partitions: [{ partitionIndex: 0 }] }],
    })
    await admin.ask('ConsumerGroupHeartbeat', {
      groupId: 'known',
      memberId: 'AAAAAAAAAAAAAAAAAAAAAQ',
      memberEpoch: 0,
      rebalanceTimeoutMs: 5000,
      subscribedTopicNames: ['known'],
      topicPartitions: [],
    })
    await admin.ask('JoinGroup', {
      groupId: 'known',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(6) }],
    })
    const listed = async (what: string, filter: { statesFilter: string[]; typesFilter: string[] }) => {
      const { groups: found } = await admin.connection.ask('ListGroups', filter)
      play.say(
        what,
        found.filter(({ groupId }) => groupId === 'known'),
      )
    }
    await listed('listed by type', { statesFilter: [], typesFilter: ['Share'] })
    await listed('listed by another type', { statesFilter: [], typesFilter: ['consumer'] })
    await listed('listed by state', { statesFilter: ['empty'], typesFilter: [] })
    await listed('listed by another state', { statesFilter: ['Stable'], typesFilter: [] })
  },

  'a group of another type is no share group': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('classic')
    const body = {
      groupId: 'classic',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [
        { name: 'classic', topicId, partitions: [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: '' }] },
      ],
    }
    await settled(
      () => admin.connection.ask('OffsetCommit', body),
      ({ topics: [topic] }) => topic?.partitions[0]?.errorCode === 0,
    )
    const a = await Member.of(play, 'a', 'classic', topicId)
    await a.beat({ memberEpoch: 0, subscribedTopicNames: ['classic'] })
    await admin.ask('ShareGroupDescribe', { groupIds: ['classic'], includeAuthorizedOperations: false })
    await admin.ask('DescribeShareGroupOffsets', { groups: [{ groupId: 'classic', topics: null }] })
    const partitions = [{ partitionIndex: 0, startOffset: 0n }]
    await admin.ask('AlterShareGroupOffsets', { groupId: 'classic', topics: [{ topicName: 'classic', partitions }] })
    await admin.ask('DeleteShareGroupOffsets', { groupId: 'classic', topics: [{ topicName: 'classic' }] })
  },
}
