import type { Cause } from '../../src-main/groups/causes'
import type { TopicMetadata } from '../../src-main/groups/context'
import type {
  StreamsEvent,
  StreamsHeartbeat,
  StreamsHeartbeatReply,
  StreamsSettings,
} from '../../src-main/groups/streams/events'
import { emptyStreamsGroup, type StreamsGroup, streamsMemberOf } from '../../src-main/groups/streams/group'
import { streamsMachine } from '../../src-main/groups/streams/machine'
import { noTasks, type Roles } from '../../src-main/groups/streams/tasks'
import type { Subtopology, TopicInfo, Topology } from '../../src-main/groups/streams/topology'

export function metadataOf(topics: Readonly<Record<string, number>>): TopicMetadata {
  return new Map(
    Object.entries(topics).map(([name, partitions]) => [
      name,
      { topicId: `${name}-id`, name, partitions, internal: false },
    ]),
  )
}

export function topicInfo(name: string, partitions = 0): TopicInfo {
  return { name, partitions, replicationFactor: -1, configs: [] }
}

export function subtopology(subtopologyId: string, given: Partial<Subtopology> = {}): Subtopology {
  return {
    subtopologyId,
    sourceTopics: [],
    sourceTopicRegex: [],
    changelogs: [],
    sinks: [],
    repartitions: [],
    copartitionGroups: [],
    ...given,
  }
}

/** Word count: `lines` are split and written to `words`, which are counted in a store. */
export const wordCount: Topology = {
  epoch: 0,
  subtopologies: [
    subtopology('0', { sourceTopics: ['lines'], sinks: ['words'] }),
    subtopology('1', { repartitions: [topicInfo('words')], changelogs: [topicInfo('counts-changelog')] }),
  ],
}

/** A streams group that is stepped, and its members as clients that do what they are told. */
export class StreamsGroupTester {
  group: StreamsGroup = emptyStreamsGroup('g')
  topics: TopicMetadata
  topology: Topology = wordCount
  now = 100_000
  /** Of the last step. */
  causes: readonly Cause[] = []
  readonly owned = new Map<string, Roles>()
  settings: StreamsSettings = {
    sessionTimeoutMs: 45_000,
    heartbeatIntervalMs: 5000,
    maxSize: 10,
    initialDelayMs: 0,
    assignmentIntervalMs: 0,
    configs: { standbys: 0, tags: [] },
  }

  constructor(topics: Readonly<Record<string, number>> = { lines: 2, words: 2, 'counts-changelog': 2 }) {
    this.topics = metadataOf(topics)
  }

  step(event: StreamsEvent) {
    const step = streamsMachine.step(this.group, event, this.now, { topics: this.topics })
    this.group = step.group
    this.causes = step.causes
    return step
  }

  /** Reasons for what a heartbeat changed. */
  beatCauses(memberId: string, changed: Partial<StreamsHeartbeat> = {}): readonly Cause[] {
    this.beat(memberId, changed)
    return this.causes
  }

  heartbeat(memberId: string, memberEpoch: number, changed: Partial<StreamsHeartbeat> = {}): StreamsHeartbeatReply {
    const isJoin = memberEpoch === 0
    const { effects } = this.step({
      kind: 'streamsHeartbeat',
      ticket: 1,
      memberId,
      memberEpoch,
      endpointEpoch: -1,
      instanceId: null,
      rackId: null,
      clientId: 'c',
      clientHost: '/127.0.0.1',
      rebalanceTimeoutMs: isJoin ? 60_000 : -1,
      topology: isJoin ? this.topology : null,
      owned: isJoin ? noTasks : null,
      processId: isJoin ? `process-${memberId}` : null,
      userEndpoint: null,
      clientTags: isJoin ? [] : null,
      taskOffsets: null,
      taskEndOffsets: null,
      shutdown: false,
      settings: this.settings,
      ...changed,
    })
    const reply = effects.find((effect) => effect.kind === 'reply')
    if (reply?.kind !== 'reply' || reply.reply.api !== 'streamsHeartbeat') throw new Error('there was no reply')
    return reply.reply
  }

  epochOf(memberId: string): number {
    return streamsMemberOf(this.group, memberId)?.memberEpoch ?? 0
  }

  /** A heartbeat as a client sends it: with what it has, which is then what it is told. */
  beat(memberId: string, changed: Partial<StreamsHeartbeat> = {}): StreamsHeartbeatReply {
    const epoch = this.epochOf(memberId)
    const owned = epoch === 0 ? noTasks : (this.owned.get(memberId) ?? noTasks)
    const reply = this.heartbeat(memberId, epoch, { owned, ...changed })
    if (reply.tasks) this.owned.set(memberId, reply.tasks)
    return reply
  }

  /** Heartbeats of all members until nothing moves. */
  settle(): void {
    for (let round = 0; round < 6; round++) for (const { memberId } of this.group.members) this.beat(memberId)
  }

  active(memberId: string): string {
    return listed(streamsMemberOf(this.group, memberId)?.assigned.active ?? {})
  }

  standby(memberId: string): string {
    return listed(streamsMemberOf(this.group, memberId)?.assigned.standby ?? {})
  }
}

/** `0_0 1_3` */
function listed(tasks: Roles['active']): string {
  return Object.entries(tasks)
    .flatMap(([id, numbers]) => numbers.map((number) => `${id}_${number}`))
    .join(' ')
}
