import { describe, expect, it } from 'vitest'
import { streamsCommitProblem, streamsFetchProblem } from '../../../../src-main/groups/streams/commits'
import { streamsMemberOf, streamsStateOf } from '../../../../src-main/groups/streams/group'
import { restoredStreamsGroup, setBackStreams, streamsMachine } from '../../../../src-main/groups/streams/machine'
import { noTasks } from '../../../../src-main/groups/streams/tasks'
import { metadataOf, StreamsGroupTester, subtopology, wordCount } from '../../../support/streams-group'

const active = (tasks: Readonly<Record<string, readonly number[]>>) => ({ ...noTasks, active: tasks })

describe('members of a streams group', () => {
  it('[G1] [G20] share its tasks: what one gives up, the other gets', () => {
    const t = new StreamsGroupTester()
    expect(streamsStateOf(t.group)).toBe('Empty')
    expect(t.beat('a')).toMatchObject({ error: 'NONE', memberEpoch: 2, tasks: active({ '0': [0, 1], '1': [0, 1] }) })
    expect(streamsStateOf(t.group)).toBe('Stable')
    expect(t.beat('b')).toMatchObject({ memberEpoch: 3, tasks: noTasks })
    expect(streamsStateOf(t.group)).toBe('Reconciling')
    // The active tasks that a gives up are b's only when a says that it has stopped.
    expect(t.beat('a').memberEpoch).toBe(2)
    expect(t.beat('b').tasks).toBeNull()
    expect(t.beat('a').memberEpoch).toBe(3)
    t.beat('b')
    expect([t.active('a'), t.active('b')].sort()).toEqual(['0_0 1_0', '0_1 1_1'])
    expect(streamsStateOf(t.group)).toBe('Stable')
  })

  it('[G2] are limited in number', () => {
    const t = new StreamsGroupTester()
    t.settings = { ...t.settings, maxSize: 1 }
    t.beat('a')
    expect(t.heartbeat('b', 0)).toMatchObject({ error: 'GROUP_MAX_SIZE_REACHED' })
    expect(t.heartbeat('a', 0).error).toBe('NONE')
  })

  it('[G3] [G4] are unknown, or fenced at a wrong epoch, but not when an answer was lost', () => {
    const t = new StreamsGroupTester()
    expect(t.heartbeat('a', 4).error).toBe('UNKNOWN_MEMBER_ID')
    t.beat('a')
    expect(t.heartbeat('a', 9)).toMatchObject({ error: 'FENCED_MEMBER_EPOCH' })
    t.beat('b')
    t.settle()
    const now = t.epochOf('a')
    expect(t.heartbeat('a', now - 1, { owned: t.owned.get('a') ?? noTasks }).error).toBe('NONE')
    expect(t.heartbeat('a', now - 1, { owned: active({ '0': [0, 1] }) }).error).toBe('FENCED_MEMBER_EPOCH')
    expect(t.heartbeat('a', now - 1).error).toBe('FENCED_MEMBER_EPOCH')
  })

  it('[G5] [G10] wait for topics, and are told what is missing', () => {
    const t = new StreamsGroupTester({})
    const reply = t.beat('a')
    expect(reply).toMatchObject({
      error: 'NONE',
      tasks: noTasks,
      missing: [],
      statuses: [{ code: 1, detail: 'Source topics lines are missing.' }],
    })
    expect(streamsStateOf(t.group)).toBe('NotReady')
    t.topics = metadataOf({ lines: 2 })
    expect(t.step({ kind: 'topicsChanged' }).causes).toMatchObject([{ kind: 'topicsChanged' }])
    expect(t.beat('a')).toMatchObject({ missing: [{ name: 'words', partitions: 2 }, { name: 'counts-changelog' }] })
    t.topics = metadataOf({ lines: 2, words: 2, 'counts-changelog': 2 })
    expect(t.step({ kind: 'topicsChanged' }).causes).toMatchObject([
      { kind: 'topicsChanged' },
      { kind: 'topologyReady' },
    ])
    expect(t.beat('a')).toMatchObject({ statuses: [], tasks: active({ '0': [0, 1], '1': [0, 1] }) })
    expect(t.step({ kind: 'topicsChanged' })).toMatchObject({ effects: [], causes: [] })
  })

  it('[G5] lose all tasks when a topic is gone', () => {
    const t = new StreamsGroupTester()
    t.beat('a')
    t.topics = metadataOf({ words: 2, 'counts-changelog': 2 })
    t.step({ kind: 'topicsChanged' })
    t.settle()
    expect(t.active('a')).toBe('')
    expect(streamsStateOf(t.group)).toBe('NotReady')
  })

  it('[G6] fail with a topology that no topics can make right', () => {
    const t = new StreamsGroupTester()
    t.topology = { epoch: 0, subtopologies: [subtopology('0')] }
    expect(t.heartbeat('a', 0)).toMatchObject({ error: 'STREAMS_INVALID_TOPOLOGY' })
    expect(t.group.members).toEqual([])
  })

  it('[G11] bring the topology of the group, or an older one', () => {
    const t = new StreamsGroupTester()
    t.topology = { ...wordCount, epoch: 1 }
    t.beat('a')
    const changed = { epoch: 1, subtopologies: wordCount.subtopologies.slice(0, 1) }
    expect(t.heartbeat('b', 0, { topology: changed })).toMatchObject({
      error: 'INVALID_REQUEST',
      message: 'Topology updates are not supported yet.',
    })
    expect(t.heartbeat('b', 0, { topology: wordCount }).statuses).toEqual([
      { code: 0, detail: "The member's topology epoch 0 is behind the group's topology epoch 1." },
    ])
  })

  it('[G12] ask for a new assignment when their facts or the configs change, and not otherwise', () => {
    const t = new StreamsGroupTester()
    t.beat('a')
    t.beat('b')
    t.settle()
    const before = t.group.groupEpoch
    t.beat('a', { taskOffsets: [{ subtopologyId: '1', partition: 0, offset: '5' }] })
    expect(t.group.groupEpoch).toBe(before)
    t.beat('a', { clientTags: [['zone', 'x']] })
    expect(t.group.groupEpoch).toBe(before + 1)
    t.settle()
    const had = [t.active('a'), t.active('b')]
    t.settings = { ...t.settings, configs: { standbys: 1, tags: ['zone'] } }
    t.settle()
    expect(t.group.groupEpoch).toBe(before + 2)
    expect([t.active('a'), t.active('b')]).toEqual(had)
    expect(t.standby('a')).toBe(
      t
        .active('b')
        .split(' ')
        .filter((task) => task.startsWith('1'))
        .join(' '),
    )
    expect(t.beat('b').statuses).toMatchObject([{ code: 6 }])
    expect(t.beat('a').statuses).toEqual([])
  })

  it('[G12] [G20] leave no step without a reason', () => {
    const t = new StreamsGroupTester()
    t.settings = { ...t.settings, assignmentIntervalMs: 1000 }
    t.beat('a')
    t.now += 1000
    t.beat('b')
    expect(t.beatCauses('a')).toMatchObject([{ kind: 'mustRevokeTasks', tasks: 2 }])
    t.beat('c')
    // The interval is over while a still has to revoke: the target is made, and a has nothing new to do.
    t.now += 1000
    expect(t.beatCauses('a', { owned: null })).toEqual([{ kind: 'targetMade', epoch: t.group.assignmentEpoch }])
    expect(t.beatCauses('a', { owned: null })).toEqual([])
    expect(t.beatCauses('a')).toMatchObject([{ kind: 'revokedTasks', tasks: 2 }])
  })

  it('[G13] cannot own tasks that are not there', () => {
    const t = new StreamsGroupTester()
    t.beat('a')
    expect(t.heartbeat('a', 2, { owned: active({ '9': [0] }) })).toMatchObject({
      error: 'INVALID_REQUEST',
      message: 'Subtopology 9 does not exist in the topology.',
    })
    expect(t.heartbeat('a', 2, { owned: active({ '0': [2] }) }).error).toBe('INVALID_REQUEST')
    expect(t.heartbeat('a', 2, { owned: active({ constructor: [0] }) }).error).toBe('INVALID_REQUEST')
  })

  it('[G14] wait at first for others, and later for the assignment interval', () => {
    const t = new StreamsGroupTester()
    t.settings = { ...t.settings, initialDelayMs: 3000, assignmentIntervalMs: 1000 }
    expect(t.beat('a')).toMatchObject({ memberEpoch: 1, tasks: noTasks, statuses: [{ code: 5 }] })
    t.now += 1000
    expect(t.beat('b').statuses).toEqual([
      { code: 5, detail: 'Assignment delayed due to the configured initial rebalance delay.' },
    ])
    expect(streamsStateOf(t.group)).toBe('Assigning')
    t.now += 2000
    expect(streamsMachine.wakeAt(t.group)).toBe(t.now)
    expect(streamsMachine.due(t.group, t.now)).toEqual({ kind: 'assignmentDue' })
    expect(t.step({ kind: 'assignmentDue' }).causes).toEqual([{ kind: 'initialDelayElapsed' }])
    t.settle()
    expect([t.active('a'), t.active('b')].sort()).toEqual(['0_0 1_0', '0_1 1_1'])
    expect(t.beat('c').statuses).toEqual([
      { code: 5, detail: 'Assignment delayed due to the configured assignment interval.' },
    ])
    t.now += 1000
    expect(t.beat('c').statuses).toEqual([])
  })

  it('[G21] get no task that a member of their process still has', () => {
    const t = new StreamsGroupTester()
    t.settings = { ...t.settings, configs: { standbys: 1, tags: [] } }
    t.beat('a', { processId: 'p' })
    t.beat('b', { processId: 'q' })
    t.settle()
    // Another thread of p: its standbys move there only when a has given them up.
    t.beat('c', { processId: 'p' })
    t.settle()
    expect(streamsStateOf(t.group)).toBe('Stable')
    for (const id of ['a', 'c'])
      for (const other of ['a', 'c']) {
        if (id === other) continue
        const mine = t.standby(id).split(' ').filter(Boolean)
        for (const task of mine) expect(`${t.standby(other)} ${t.active(other)}`).not.toContain(task)
      }
  })

  it('[G22] [G23] turn a standby into the active task when its owner is gone', () => {
    const t = new StreamsGroupTester()
    t.settings = { ...t.settings, configs: { standbys: 1, tags: [] } }
    t.beat('a')
    t.beat('b')
    t.settle()
    const copies = t.standby('b')
    expect(copies).not.toBe('')
    t.heartbeat('a', -1)
    t.settle()
    expect(t.active('b')).toBe('0_0 0_1 1_0 1_1')
    expect(t.active('b')).toContain(copies)
    expect(t.standby('b')).toBe('')
  })

  it('[G24] leave, and the others take over', () => {
    const t = new StreamsGroupTester()
    t.beat('a')
    t.beat('b')
    t.settle()
    expect(t.heartbeat('a', -1)).toMatchObject({ error: 'NONE', memberEpoch: -1 })
    t.settle()
    expect(t.active('b')).toBe('0_0 0_1 1_0 1_1')
    expect(t.heartbeat('a', -1).error).toBe('UNKNOWN_MEMBER_ID')
    t.heartbeat('b', -1)
    expect(t.group).toMatchObject({ members: [], assignmentEpoch: t.group.groupEpoch })
  })

  it('[G25] come back as the static member that they were, with its tasks', () => {
    const t = new StreamsGroupTester()
    const instance = { instanceId: 'i', processId: 'p' }
    t.beat('a', instance)
    t.beat('b')
    t.settle()
    t.beat('a', instance)
    const [had, epoch] = [t.active('a'), t.group.groupEpoch]
    expect(t.heartbeat('x', 0, instance).error).toBe('UNRELEASED_INSTANCE_ID')
    expect(t.heartbeat('a', -2, instance)).toMatchObject({ error: 'NONE', memberEpoch: -2 })
    expect(streamsStateOf(t.group)).toBe('Reconciling')
    expect(t.heartbeat('x', 0, instance)).toMatchObject({ error: 'NONE', memberEpoch: epoch })
    expect(t.active('x')).toBe(had)
    expect(t.group.groupEpoch).toBe(epoch)
    expect(t.heartbeat('a', epoch, instance).error).toBe('FENCED_INSTANCE_ID')
    expect(t.heartbeat('a', -1, instance).error).toBe('FENCED_INSTANCE_ID')
  })

  it('[G26] are removed when they are silent, or give up their tasks too late', () => {
    const t = new StreamsGroupTester()
    t.beat('a')
    t.beat('b')
    t.beat('a')
    expect(streamsMemberOf(t.group, 'a')?.state).toBe('UNREVOKED_TASKS')
    t.now += 44_000
    t.heartbeat('a', 2)
    t.beat('b')
    t.now += 16_000
    expect(streamsMachine.due(t.group, t.now)).toEqual({ kind: 'revocationExpired', memberId: 'a' })
    expect(t.step({ kind: 'revocationExpired', memberId: 'a' }).causes).toMatchObject([{ afterMs: 60_000 }])
    t.now += 29_000
    expect(streamsMachine.due(t.group, t.now)).toEqual({ kind: 'memberSessionExpired', memberId: 'b' })
    t.step({ kind: 'memberSessionExpired', memberId: 'b' })
    expect(streamsStateOf(t.group)).toBe('Empty')
  })

  it('[G33] have no deadline that lies further ahead than its span when the clock is set back', () => {
    const t = new StreamsGroupTester()
    t.now = 600_000
    t.beat('a')
    t.beat('b')
    t.beat('a')
    expect(streamsMemberOf(t.group, 'a')?.state).toBe('UNREVOKED_TASKS')
    const after = setBackStreams(t.group, 1000)
    expect(streamsMemberOf(after, 'a')).toMatchObject({ sessionDeadline: 46_000, revocationDeadline: 61_000 })
    expect(streamsMachine.wakeAt(after)).toBe(46_000)
    expect(after.assignedAt).toBe(1000)
    expect(setBackStreams(t.group, t.now)).toEqual(t.group)
  })

  it('[G27] tell each other where stores can be asked', () => {
    const t = new StreamsGroupTester()
    const endpoint = { host: 'h', port: 1 }
    const first = t.beat('a', { userEndpoint: endpoint })
    expect(first.endpoints).toEqual([{ endpoint, active: { lines: [0, 1], words: [0, 1] }, standby: {} }])
    expect(t.beat('a', { endpointEpoch: first.endpointEpoch }).endpoints).toBeNull()
    t.beat('b')
    t.settle()
    expect(t.beat('b', { endpointEpoch: first.endpointEpoch }).endpoints).toHaveLength(1)
    // While the topology is not ready there are no partitions to name.
    const early = new StreamsGroupTester({})
    expect(early.beat('a', { userEndpoint: endpoint }).endpoints).toEqual([{ endpoint, active: {}, standby: {} }])
  })

  it('[G28] are all told to stop when one asks for it, until the group is empty', () => {
    const t = new StreamsGroupTester()
    t.beat('a')
    t.beat('b')
    expect(t.beat('a', { shutdown: true }).statuses).toMatchObject([{ code: 4 }])
    expect(t.beat('b').statuses).toMatchObject([{ code: 4, detail: expect.stringContaining('member a encountered') }])
    expect(t.beat('c').statuses).toMatchObject([{ code: 4 }])
    for (const id of ['a', 'b', 'c']) t.heartbeat(id, -1)
    expect(t.beat('d').statuses).toEqual([])
  })

  it('[G29] are asked once for the processor graph', () => {
    const t = new StreamsGroupTester()
    const description = { subtopologies: [], globalStores: [] }
    expect(t.beat('a').wantsDescription).toBe(true)
    expect(t.beat('a').wantsDescription).toBe(false)
    t.now += 30_000
    expect(t.beat('a').wantsDescription).toBe(true)
    const send = (memberId: string, topologyEpoch: number) =>
      t.step({ kind: 'descriptionSent', ticket: 1, memberId, topologyEpoch, description }).effects.at(-1)
    expect(send('x', 0)).toMatchObject({ reply: { error: 'UNKNOWN_MEMBER_ID' } })
    expect(send('a', 3)).toMatchObject({ reply: { error: 'INVALID_REQUEST' } })
    expect(send('a', 0)).toMatchObject({ reply: { error: 'NONE' } })
    t.now += 30_000
    expect(t.beat('a').wantsDescription).toBe(false)
    expect(t.group.description).toEqual({ epoch: 0, value: description })
  })

  it('[G30] have a full session after a restart, and the request to stop is forgotten', () => {
    const t = new StreamsGroupTester()
    t.beat('a', { shutdown: true })
    t.group = restoredStreamsGroup(t.group, 900_000)
    expect(streamsMachine.wakeAt(t.group)).toBe(945_000)
    expect(t.beat('a').statuses).toEqual([])
    expect(t.active('a')).toBe('0_0 0_1 1_0 1_1')
    t.step({ kind: 'fence', cause: { kind: 'told', text: 'reset' } })
    expect(streamsStateOf(t.group)).toBe('Empty')
  })

  it('[G31] commit for tasks that they have, or are giving up', () => {
    const t = new StreamsGroupTester()
    const by = { memberId: 'a', groupInstanceId: null, isTransactional: false, apiVersion: 9 }
    const lines = (partition: number) => [{ topic: 'lines', partition }]
    expect(
      streamsCommitProblem(t.group, { ...by, memberId: '', memberEpoch: -1, partitions: lines(0) }),
    ).toBeUndefined()
    t.beat('a')
    t.beat('b')
    t.settle()
    const epoch = t.epochOf('a')
    const mine = Number(t.active('a').slice(2, 3))
    const commit = (memberEpoch: number, partition: number, changed = {}) =>
      streamsCommitProblem(t.group, { ...by, memberEpoch, partitions: lines(partition), ...changed })
    expect(commit(epoch, mine)).toBeUndefined()
    expect(commit(epoch - 1, mine)).toBeUndefined()
    expect(commit(epoch - 1, 1 - mine)).toBe('STALE_MEMBER_EPOCH')
    expect(commit(epoch + 1, mine)).toBe('STALE_MEMBER_EPOCH')
    expect(commit(epoch - 1, mine, { partitions: [{ topic: 'other', partition: 0 }] })).toBe('STALE_MEMBER_EPOCH')
    expect(commit(epoch, mine, { memberId: 'x' })).toBe('UNKNOWN_MEMBER_ID')
    expect(commit(epoch, mine, { apiVersion: 8 })).toBe('UNSUPPORTED_VERSION')
    expect(commit(-1, mine, { memberId: '', isTransactional: true })).toBeUndefined()
    expect(streamsFetchProblem(t.group, 'a', epoch)).toBeUndefined()
    expect(streamsFetchProblem(t.group, null, -1)).toBeUndefined()
    expect(streamsFetchProblem(t.group, 'a', epoch - 1)).toBe('STALE_MEMBER_EPOCH')
    expect(streamsFetchProblem(t.group, 'x', epoch)).toBe('UNKNOWN_MEMBER_ID')
  })
})
