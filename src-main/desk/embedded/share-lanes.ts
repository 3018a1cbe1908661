import type { TopicPartition } from '../../base/topic-partition'
import type { Core } from '../../broker/core'
import { sessionKeyOf } from '../../broker/share/sessions'
import { runsOf } from '../../broker/share/share-partitions'
import type { DeadLetterTopic, ShareOutcome } from '../../contract/share'
import type { LaneFacts } from '../source/shares'

/** Partitions whose deliveries have a state, in the order of topic and partition. */
export function placesOf({ share, topics }: Core, groupId: string): TopicPartition[] {
  return share.partitions
    .placesOf(groupId)
    .flatMap(({ topicId, partition }) => {
      const topic = topics.byId(topicId)?.name
      return topic === undefined ? [] : [{ topic, partition }]
    })
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
}

/** One share-partition; `undefined` when its topic was deleted meanwhile. */
export function laneFacts(
  { share, topics, groups, configs }: Core,
  groupId: string,
  { topic: name, partition: number }: TopicPartition,
  outcomes: readonly ShareOutcome[],
): LaneFacts | undefined {
  const topic = topics.find(name)
  const log = topic?.partition(number)
  const state = topic && share.partitions.picture(groupId, topic.id, number)
  if (!topic || !log || !state) return undefined
  const settings = share.partitions.settings(groupId)
  const members = groups.find(groupId)?.members ?? []
  const key = sessionKeyOf(topic.id, number)
  const isCommittedOnly = configs.group(groupId, 'share.isolation.level') === 'read_committed'
  return {
    topic: name,
    partition: number,
    logStart: log.logStartOffset,
    logEnd: log.highWatermark,
    readEnd: isCommittedOnly ? log.lastStableOffset : log.highWatermark,
    start: state.value?.startOffset ?? null,
    windowEnd: state.windowEnd,
    runs: state.value ? runsOf(state.value) : [],
    next: Math.max(state.next, log.logStartOffset),
    inFlight: state.inFlight,
    maxInFlight: settings.maxRecordLocks,
    deliveryCountLimit: settings.deliveryCountLimit,
    reset: configs.group(groupId, 'share.auto.offset.reset'),
    began: state.began,
    groupMembers: members.length,
    members: members.filter(({ assigned }) => assigned[name]?.includes(number)).map(({ memberId }) => memberId),
    sessions: share.sessions
      .ofGroup(groupId)
      .filter(({ partitions }) => partitions.has(key))
      .map(({ memberId, isWaiting, askedAt }) => ({ memberId, isWaiting, askedAt })),
    outcomes,
  }
}

/** The dead-letter topic that a group names, and what keeps the broker from writing to it (`broker/share/dead-letters.ts`). */
export function deadLettersOf({ configs, features, topics }: Core, groupId: string): DeadLetterTopic | null {
  const topic = configs.group(groupId, 'errors.deadletterqueue.topic.name')
  if (topic === '') return null
  if (features.level('share.version') < 2) return { topic, problem: 'version' }
  if (topics.find(topic)) {
    const isEnabled = configs.topicValues(topic, 'errors.deadletterqueue.group.enable')[0]?.value === 'true'
    return { topic, problem: isEnabled ? null : 'notEnabled' }
  }
  const isMade =
    configs.brokerFlag('errors.deadletterqueue.auto.create.topics.enable') &&
    topic.startsWith(configs.broker('errors.deadletterqueue.topic.name.prefix'))
  return { topic, problem: isMade ? null : 'missing' }
}
