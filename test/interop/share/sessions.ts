import { Admin, Member, type Play, settled } from './play'

const accept = 1
const release = 2

async function prepared(play: Play, name: string, records: number) {
  const admin = await Admin.of(play)
  const topicId = await admin.create(name)
  await admin.produce(
    name,
    Array.from({ length: records }, (_, i) => `v${i}`),
  )
  await admin.begin(name, name)
  return { admin, topicId, member: (id: string) => Member.of(play, id, name, topicId) }
}

/** Share sessions, and what ends with them. */
export const sessions = {
  'no more than group.share.max.share.sessions': async (play: Play) => {
    const topicId = await (await Admin.of(play)).create('full')
    const members = await Promise.all([1, 2, 3, 4, 5, 6].map((i) => Member.of(play, `m${i}`, 'full', topicId)))
    const open: Member[] = []
    for (const member of members.slice(0, 5)) {
      // Sessions of scenarios before this one may be about to end.
      await settled(
        () => member.asked({ maxWaitMs: 0 }),
        ({ errorCode }) => errorCode === 0,
      )
      open.push(member)
    }
    await members[5]?.nothing()
    await open[0]?.nothing({ shareSessionEpoch: 0 })
    await open[1]?.acknowledge([], { shareSessionEpoch: -1 })
    await members[5]?.nothing()
    for (const member of [...open.filter((one) => one !== open[1]), members[5]]) {
      await member?.asked({ shareSessionEpoch: -1, topics: [] })
    }
  },

  'epochs are shared by fetches and acknowledgements': async (play: Play) => {
    const { member } = await prepared(play, 'epochs', 2)
    const a = await member('a')
    await a.acknowledge([[0, 0, accept]])
    await a.acknowledge([[0, 0, accept]], { shareSessionEpoch: 5 })
    await a.nothing({ shareSessionEpoch: 5 })
    await a.nothing({ shareSessionEpoch: -1 })
    await a.fetch({}, [[0, 0, accept]])
    await a.fetch()
    await a.nothing({ shareSessionEpoch: 7 })
    await a.acknowledge([[0, 0, accept]], { shareSessionEpoch: 7 })
    await a.acknowledge([[0, 0, accept]])
    await a.acknowledge([[1, 1, accept]], { shareSessionEpoch: 1 })
    await a.nothing()
    await a.fetch({ shareSessionEpoch: -1 }, [[1, 1, release]])
    await a.nothing()
  },

  'what a request must have': async (play: Play) => {
    const { member } = await prepared(play, 'must', 1)
    const a = await member('a')
    await a.nothing({ groupId: null })
    await a.nothing({ groupId: '' })
    await a.nothing({ memberId: null })
    await a.nothing({ memberId: '' })
    await a.nothing({ memberId: 'x'.repeat(37) })
    await a.acknowledge([], { groupId: null, shareSessionEpoch: 1 })
    await a.acknowledge([], { memberId: '', shareSessionEpoch: 1 })
    await a.nothing({ shareSessionEpoch: -2 })
  },

  'a session ends: what its member held is free': async (play: Play) => {
    const { admin, member } = await prepared(play, 'closed', 4)
    const [a, b] = [await member('a'), await member('b')]
    await a.fetch()
    await a.acknowledge([[0, 1, accept]], { shareSessionEpoch: -1 })
    await b.fetch()
    await b.fetch({ shareSessionEpoch: -1, maxWaitMs: 0 }, [[2, 2, accept]])
    await a.fetch({ shareSessionEpoch: 0 })
    await admin.lag('closed', 'closed', 1)
  },

  'a connection ends: what its member held is free at once': async (play: Play) => {
    const { admin, member } = await prepared(play, 'killed', 3)
    const [a, b] = [await member('a'), await member('b')]
    await a.fetch()
    await a.acknowledge([[0, 0, accept]])
    const waiting = b.fetch({ maxWaitMs: 20_000 })
    a.vanish()
    await waiting
    await b.acknowledge([[1, 2, accept]])
    await admin.lag('killed', 'killed', 0)
  },

  'a connection ends while a fetch waits': async (play: Play) => {
    const { admin, member } = await prepared(play, 'gone', 1)
    const [a, b] = [await member('a'), await member('b')]
    await a.fetch()
    await a.acknowledge([[0, 0, accept]])
    const waiting = a.asked({ maxWaitMs: 20_000 }).catch(() => {})
    await b.nothing()
    a.vanish()
    await waiting
    await settled(
      () => b.asked({ maxWaitMs: 300 }),
      ({ errorCode }) => errorCode === 0,
    )
    await admin.produce('gone', ['v1'])
    await b.fetch()
  },

  'epoch 0 takes a session over': async (play: Play) => {
    const { topicId, member } = await prepared(play, 'taken', 2)
    const a = await member('a')
    await a.fetch()
    const again = await Member.of(play, 'a', 'taken', topicId)
    await again.nothing()
    await again.acknowledge([[0, 0, accept]])
    await a.acknowledge([[1, 1, accept]], { shareSessionEpoch: 1 })
    a.vanish()
    await again.acknowledge([[1, 1, accept]], { shareSessionEpoch: 2 })
    await again.nothing()
  },

  'partitions join a session, and are forgotten': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('changing', 2)
    for (const partition of [0, 1]) await admin.produce('changing', ['v0', 'v1'], partition)
    await admin.begin('changing', 'changing', [0, 0])
    const a = await Member.of(play, 'a', 'changing', topicId, [0])
    const name = (partitions: number[]) => [
      { topicId, partitions: partitions.map((partitionIndex) => ({ partitionIndex, acknowledgementBatches: [] })) },
    ]
    await a.fetch()
    await a.fetch({ topics: name([1]) })
    await a.nothing({ topics: [] })
    await a.fetch({ topics: [], forgottenTopicsData: [{ topicId, partitions: [0] }], maxWaitMs: 300 }, [[0, 1, accept]])
    await admin.produce('changing', ['v2'], 0)
    await a.nothing({ topics: [] })
    await a.fetch({ topics: name([0]) })
    await a.nothing({ topics: name([0]), forgottenTopicsData: [{ topicId, partitions: [0] }] })
    const acknowledged = [{ firstOffset: 0n, lastOffset: 1n, acknowledgeTypes: [accept] }]
    const piggybacked = [{ topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches: acknowledged }] }]
    await a.nothing({ topics: piggybacked, forgottenTopicsData: [{ topicId, partitions: [0] }] })
  },

  'partitions that there are not': async (play: Play) => {
    const { topicId, member } = await prepared(play, 'absent', 1)
    const a = await member('a')
    const unknown = 'dGhlcmUgaXMgbm8gdG9waQ'
    const wish = (id: string, partitionIndex: number) => [
      { topicId: id, partitions: [{ partitionIndex, acknowledgementBatches: [] }] },
    ]
    const lost = await member('lost')
    await lost.nothing({ topics: wish(unknown, 0) })
    await a.nothing({ topics: wish(topicId, 7) })
    await a.fetch({
      forgottenTopicsData: [
        { topicId: unknown, partitions: [0] },
        { topicId, partitions: [7] },
      ],
    })
    const batches = [{ firstOffset: 0n, lastOffset: 0n, acknowledgeTypes: [accept] }]
    const acknowledging = (id: string, partitionIndex: number) => [
      { topicId: id, partitions: [{ partitionIndex, acknowledgementBatches: batches }] },
    ]
    await a.acknowledge([[0, 0, accept]], { topics: acknowledging(topicId, 7) })
    await a.acknowledge([[0, 0, accept]], { topics: acknowledging(unknown, 0) })
  },
}
