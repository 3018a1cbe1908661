import type { Millis } from '../base/clock'
import { emptyGroup } from './classic/group'
import { classicMachine, restored, setBackClassic } from './classic/machine'
import { viewOfClassic } from './classic/view'
import { emptyConsumerGroup } from './consumer/group'
import { consumerMachine, restoredConsumerGroup, setBackConsumer } from './consumer/machine'
import { viewOfConsumer } from './consumer/view'
import type { GroupContext } from './context'
import type { Group, GroupEvent, GroupOf, GroupStep, GroupType, GroupValues } from './group'
import { heartbeatToClassic, joinToConsumer, stepConsumer } from './migration'
import type { ShareHeartbeat } from './share/events'
import { foreignEffects } from './share/foreign'
import { emptyShareGroup } from './share/group'
import { shareRefused } from './share/heartbeat'
import { restoredShareGroup, setBackShare, shareMachine } from './share/machine'
import { viewOfShare } from './share/view'
import { foreignToStreams, notStreams, toStreams } from './streams/foreign'
import { emptyStreamsGroup } from './streams/group'
import { restoredStreamsGroup, setBackStreams, streamsMachine } from './streams/machine'
import { viewOfStreams } from './streams/view'
import type { GroupView } from './view'

/** Functions of one type of groups, as the host needs them. */
interface GroupMachine<T extends GroupType> {
  /** A group that has no members and no past. */
  empty(groupId: string): GroupOf<T>
  /** Takes any event: one of another type is rejected, ignored, or makes it a group of that type (migration.ts). */
  step(group: GroupOf<T>, event: GroupEvent, at: Millis, context: GroupContext): GroupStep
  /** The smallest deadline held in the group. */
  wakeAt(value: GroupValues[T]): Millis | undefined
  /** The event of one deadline that is not later than `at`. */
  due(value: GroupValues[T], at: Millis): GroupEvent | undefined
  isEmpty(value: GroupValues[T]): boolean
  /** How long deadlines wait after the machine slept: the longest session of a member. */
  graceMs(value: GroupValues[T]): number
  /** The group as it is loaded after a restart. */
  revive(value: GroupValues[T], at: Millis): Group
  /** The group after the clock was set back to `at`: no deadline lies further ahead than its whole span. */
  setBack(value: GroupValues[T], at: Millis): Group
  /** `nameOf` gives the name of a topic by its id. */
  view(value: GroupValues[T], nameOf: (topicId: string) => string): GroupView
}

const machines: { readonly [T in GroupType]: GroupMachine<T> } = {
  classic: {
    empty: (groupId) => ({ type: 'classic', value: emptyGroup(groupId) }),
    step(group, event, at, context) {
      switch (event.kind) {
        case 'consumerHeartbeat':
          return heartbeatToClassic(group, event, at, context)
        case 'shareHeartbeat':
          return notShare(group, event)
        case 'streamsHeartbeat':
        case 'descriptionSent':
          return toStreams(group, event, at, context)
        case 'assignmentDue':
        case 'internalTopicsTried':
        case 'offsetsAltered':
        case 'offsetsDeleted':
        case 'topicsChanged':
        case 'patternsResolved':
        case 'memberSessionExpired':
        case 'revocationExpired':
        case 'rejoinExpired':
        case 'assignmentNotFetched':
          return { group, effects: [], causes: [] }
        default: {
          const after = classicMachine.step(group.value, event, at)
          return { ...after, group: after.group === group.value ? group : { type: 'classic', value: after.group } }
        }
      }
    },
    wakeAt: classicMachine.wakeAt,
    due: classicMachine.due,
    isEmpty: ({ state }) => state === 'Empty',
    graceMs: ({ members }) => longestSession(members),
    revive: (value, at) => ({ type: 'classic', value: restored(value, at) }),
    setBack: (value, at) => ({ type: 'classic', value: setBackClassic(value, at) }),
    view: viewOfClassic,
  },
  consumer: {
    empty: (groupId) => ({ type: 'consumer', value: emptyConsumerGroup(groupId) }),
    step(group, event, at, context) {
      switch (event.kind) {
        case 'join':
          return joinToConsumer(group, event, at, context)
        case 'shareHeartbeat':
          return notShare(group, event)
        case 'streamsHeartbeat':
        case 'descriptionSent':
          return notStreams(group, event)
        case 'assignmentDue':
        case 'internalTopicsTried':
        case 'offsetsAltered':
        case 'offsetsDeleted':
        case 'heard':
        case 'sessionExpired':
        case 'pendingExpired':
        case 'initialDelayOver':
        case 'joinExpired':
        case 'syncExpired':
          return { group, effects: [], causes: [] }
        default:
          return stepConsumer(group, event, at, context)
      }
    },
    wakeAt: consumerMachine.wakeAt,
    due: consumerMachine.due,
    isEmpty: ({ members }) => members.length === 0,
    graceMs: ({ members }) => longestSession(members),
    revive: (value, at) => ({ type: 'consumer', value: restoredConsumerGroup(value, at) }),
    setBack: (value, at) => ({ type: 'consumer', value: setBackConsumer(value, at) }),
    view: viewOfConsumer,
  },
  share: {
    empty: (groupId) => ({ type: 'share', value: emptyShareGroup(groupId) }),
    step(group, event, at, context) {
      switch (event.kind) {
        case 'shareHeartbeat':
        case 'topicsChanged':
        case 'fence':
        case 'memberSessionExpired':
        case 'offsetsAltered':
        case 'offsetsDeleted': {
          const after = shareMachine.step(group.value, event, at, context)
          return { ...after, group: after.group === group.value ? group : { type: 'share', value: after.group } }
        }
        case 'streamsHeartbeat':
        case 'descriptionSent':
          return notStreams(group, event)
        default:
          return { group, effects: foreignEffects(group.value.groupId, event), causes: [] }
      }
    },
    wakeAt: shareMachine.wakeAt,
    due: shareMachine.due,
    isEmpty: ({ members }) => members.length === 0,
    graceMs: ({ members }) => longestSession(members),
    revive: (value, at) => ({ type: 'share', value: restoredShareGroup(value, at) }),
    setBack: (value, at) => ({ type: 'share', value: setBackShare(value, at) }),
    view: viewOfShare,
  },
  streams: {
    empty: (groupId) => ({ type: 'streams', value: emptyStreamsGroup(groupId) }),
    step(group, event, at, context) {
      switch (event.kind) {
        case 'streamsHeartbeat':
        case 'descriptionSent':
        case 'topicsChanged':
        case 'internalTopicsTried':
        case 'fence':
        case 'memberSessionExpired':
        case 'revocationExpired':
        case 'assignmentDue': {
          const after = streamsMachine.step(group.value, event, at, context)
          return { ...after, group: after.group === group.value ? group : { type: 'streams', value: after.group } }
        }
        case 'shareHeartbeat':
          return notShare(group, event)
        default:
          return foreignToStreams(group, event, at)
      }
    },
    wakeAt: streamsMachine.wakeAt,
    due: streamsMachine.due,
    isEmpty: ({ members }) => members.length === 0,
    graceMs: ({ members }) => longestSession(members),
    revive: (value, at) => ({ type: 'streams', value: restoredStreamsGroup(value, at) }),
    setBack: (value, at) => ({ type: 'streams', value: setBackStreams(value, at) }),
    view: viewOfStreams,
  },
}

/** [S14] A group of another type is not converted, not even when it is empty (GroupMetadataManager.getOrMaybeCreateShareGroup). */
function notShare(group: Group, { ticket, memberId }: ShareHeartbeat): GroupStep {
  const message = `Group ${group.value.groupId} is not a share group.`
  return {
    group,
    effects: [{ kind: 'reply', ticket, reply: shareRefused(memberId, 'GROUP_ID_NOT_FOUND', message) }],
    causes: [],
  }
}

/** At least the shortest session that Kafka allows by default, for members that have none yet. */
function longestSession(members: readonly { readonly sessionTimeoutMs: number }[]): number {
  return members.reduce((longest, { sessionTimeoutMs }) => Math.max(longest, sessionTimeoutMs), 6000)
}

/** A new group of a type. */
export function emptyOf<T extends GroupType>(type: T, groupId: string): GroupOf<T> {
  return machines[type].empty(groupId)
}

export function step<T extends GroupType>(
  group: GroupOf<T>,
  event: GroupEvent,
  at: Millis,
  context: GroupContext,
): GroupStep {
  return machines[group.type].step(group, event, at, context)
}

export function wakeAt<T extends GroupType>(group: GroupOf<T>): Millis | undefined {
  return machines[group.type].wakeAt(group.value)
}

export function due<T extends GroupType>(group: GroupOf<T>, at: Millis): GroupEvent | undefined {
  return machines[group.type].due(group.value, at)
}

export function isEmpty<T extends GroupType>(group: GroupOf<T>): boolean {
  return machines[group.type].isEmpty(group.value)
}

export function revive<T extends GroupType>(group: GroupOf<T>, at: Millis): Group {
  return machines[group.type].revive(group.value, at)
}

export function setBack<T extends GroupType>(group: GroupOf<T>, at: Millis): Group {
  return machines[group.type].setBack(group.value, at)
}

export function viewOf<T extends GroupType>(group: GroupOf<T>, nameOf: (topicId: string) => string): GroupView {
  return machines[group.type].view(group.value, nameOf)
}

export function graceMs<T extends GroupType>(group: GroupOf<T>): number {
  return machines[group.type].graceMs(group.value)
}
