import type { Millis } from '../../base/clock'
import type { Cause } from '../causes'
import { samePartitions } from '../consumer/group'
import type { TopicMetadata } from '../context'
import { answerOf } from './answer'
import type { StreamsHeartbeat } from './events'
import {
  isReady,
  type StreamsGroup,
  type StreamsMember,
  staticStreamsMemberOf,
  streamsMemberOf,
  streamsNameOf,
} from './group'
import { findMember, put, refused, type StreamsRefusal, type StreamsStep, unknownMember } from './members'
import { reconciled } from './reconcile'
import { delayOf, refreshed, targeted } from './target'
import { countTasks, everyRole, type Roles } from './tasks'
import { sameTopology, type Topology } from './topology'

/** StreamsGroupHeartbeat of a member that joins or stays (GroupMetadataManager.streamsGroupHeartbeat). */
export function heartbeat(
  group: StreamsGroup,
  event: StreamsHeartbeat,
  at: Millis,
  metadata: TopicMetadata,
): StreamsStep {
  const { memberId, memberEpoch, settings, owned } = event
  const isKnown =
    streamsMemberOf(group, memberId) !== undefined ||
    (event.instanceId !== null && staticStreamsMemberOf(group, event.instanceId) !== undefined)
  // [G2]
  if (!isKnown && memberEpoch === 0 && group.members.length >= settings.maxSize) {
    const message = `The streams group has reached its maximum capacity of ${settings.maxSize} members.`
    return refused(group, event, { error: 'GROUP_MAX_SIZE_REACHED', message })
  }
  const found = findMember(group, event)
  if ('error' in found) return refused(group, event, found)
  const { member: before, replaces, isNew } = found
  const topology = chosenTopology(group, event.topology)
  if (topology === undefined) return refused(group, event, unknownMember(group, memberId))
  if ('error' in topology) return refused(group, event, topology)
  const fresh = refreshed({ ...group, topology }, metadata)
  if ('error' in fresh) return refused(group, event, fresh)
  const invalid = owned && tasksProblem(fresh.group, owned)
  if (invalid) return refused(group, event, { error: 'INVALID_REQUEST', message: invalid })

  const updated = updatedMember(before, event, at)
  const isChanged =
    isNew || (replaces === undefined && event.instanceId === null ? differs : differsForStatic)(before, updated)
  const hasNewConfigs = JSON.stringify(group.configs) !== JSON.stringify(settings.configs)
  // [G12]
  const isBumped = isChanged || fresh.isChanged || hasNewConfigs
  const isFirst = group.members.length === 0
  const asked: StreamsGroup = {
    ...put(fresh.group, updated, replaces),
    groupEpoch: group.groupEpoch + (isBumped ? 1 : 0),
    configs: settings.configs,
    firstAssignmentAt:
      isFirst && settings.initialDelayMs > 0 ? at + settings.initialDelayMs : fresh.group.firstAssignmentAt,
    shutdownBy: event.shutdown ? memberId : group.shutdownBy,
  }
  const delay = delayOf(asked, at, settings.assignmentIntervalMs)
  const assigned = delay === null ? targeted(asked, at) : asked
  const member = reconciled(assigned, updated, owned, at)
  const hasNewTasks = !sameRoles(before.assigned, member.assigned)
  const hasNewEndpoint = JSON.stringify(before.userEndpoint) !== JSON.stringify(member.userEndpoint)
  const isShown = member.userEndpoint !== null && (hasNewTasks || memberEpoch === 0)
  const next: StreamsGroup = {
    ...put(assigned, member, undefined),
    endpointEpoch: group.endpointEpoch + (isShown || hasNewEndpoint ? 1 : 0),
  }
  // A member that has other tasks than it should may not have heard of the last change.
  const isOff = owned !== null && !sameRoles(owned, member.assigned)
  const { group: told, reply } = answerOf(next, member, event, at, delay, memberEpoch === 0 || hasNewTasks || isOff)
  const causes: Cause[] = [
    ...causesOfMember(before, member, { isNew, isChanged, replaces, topology }),
    ...fresh.causes,
    ...(hasNewConfigs && !isFirst ? [{ kind: 'assignmentConfigsChanged' as const }] : []),
    ...(event.shutdown && group.shutdownBy !== memberId
      ? [{ kind: 'shutdownRequested' as const, member: streamsNameOf(member) }]
      : []),
    ...causesOfTasks(before, member),
  ]
  if (causes.length === 0 && told.assignmentEpoch !== group.assignmentEpoch) {
    causes.push({ kind: 'targetMade', epoch: told.assignmentEpoch })
  }
  if (causes.length === 0 && member.memberEpoch !== before.memberEpoch) {
    causes.push({ kind: 'epochReached', member: streamsNameOf(member), epoch: member.memberEpoch })
  }
  const mustSave =
    causes.length > 0 || told.groupEpoch !== group.groupEpoch || told.assignmentEpoch !== group.assignmentEpoch
  return {
    group: told,
    effects: [...(mustSave ? [{ kind: 'save' as const }] : []), { kind: 'reply', ticket: event.ticket, reply }],
    causes,
  }
}

/** [G11] The first topology is the group's; a member with an older one may join, one with another may not. */
function chosenTopology({ topology }: StreamsGroup, asked: Topology | null): Topology | StreamsRefusal | undefined {
  if (asked === null || topology === null) return asked ?? topology ?? undefined
  if (topology.epoch > asked.epoch || sameTopology(topology, asked)) return topology
  return { error: 'INVALID_REQUEST', message: 'Topology updates are not supported yet.' }
}

/** [G13] */
function tasksProblem(group: StreamsGroup, owned: Roles): string | undefined {
  const subtopologies = isReady(group) ? group.configured?.subtopologies : null
  if (!subtopologies) return undefined
  for (const tasks of [owned.active, owned.standby, owned.warmup]) {
    for (const [id, numbers] of Object.entries(tasks)) {
      const subtopology = subtopologies.find(({ subtopologyId }) => subtopologyId === id)
      if (!subtopology) return `Subtopology ${id} does not exist in the topology.`
      const wrong = numbers.find((number) => number < 0 || number >= subtopology.tasks)
      if (wrong !== undefined) {
        return `Task ${wrong} for subtopology ${id} is invalid. Number of tasks for this subtopology: ${subtopology.tasks}`
      }
    }
  }
  return undefined
}

/** The member with the fields of a heartbeat; those that are absent stay as they were. */
function updatedMember(member: StreamsMember, event: StreamsHeartbeat, at: Millis): StreamsMember {
  return {
    ...member,
    rackId: event.rackId ?? member.rackId,
    clientId: event.clientId,
    clientHost: event.clientHost,
    rebalanceTimeoutMs: event.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : event.rebalanceTimeoutMs,
    topologyEpoch: event.topology?.epoch ?? member.topologyEpoch,
    processId: event.processId ?? member.processId,
    userEndpoint: event.memberEpoch === 0 ? event.userEndpoint : (event.userEndpoint ?? member.userEndpoint),
    clientTags: event.clientTags ?? member.clientTags,
    taskOffsets: event.taskOffsets ?? member.taskOffsets,
    taskEndOffsets: event.taskEndOffsets ?? member.taskEndOffsets,
    sessionTimeoutMs: event.settings.sessionTimeoutMs,
    sessionDeadline: at + event.settings.sessionTimeoutMs,
  }
}

function differs(a: StreamsMember, b: StreamsMember): boolean {
  const facts = ({ clientId, clientHost, rebalanceTimeoutMs, userEndpoint }: StreamsMember) =>
    JSON.stringify([clientId, clientHost, rebalanceTimeoutMs, userEndpoint])
  return facts(a) !== facts(b) || differsForStatic(a, b)
}

/** What asks for a new assignment also of a static member. */
function differsForStatic(a: StreamsMember, b: StreamsMember): boolean {
  const facts = ({ topologyEpoch, rackId, clientTags, processId }: StreamsMember) =>
    JSON.stringify([topologyEpoch, rackId, clientTags, processId])
  return facts(a) !== facts(b)
}

function sameRoles(a: Roles, b: Roles): boolean {
  return everyRole((role) => samePartitions(a[role], b[role]))
}

interface MemberChange {
  readonly isNew: boolean
  readonly isChanged: boolean
  readonly replaces: StreamsMember | undefined
  readonly topology: Topology
}

function causesOfMember(
  before: StreamsMember,
  member: StreamsMember,
  { isNew, isChanged, replaces, topology }: MemberChange,
): Cause[] {
  const name = streamsNameOf(member)
  if (replaces) {
    return [{ kind: 'staticRejoined', member: name, keepsPartitions: sameRoles(before.assigned, member.assigned) }]
  }
  if (isNew) {
    const topics = [...new Set(topology.subtopologies.flatMap(({ sourceTopics }) => sourceTopics))]
    return [{ kind: 'joined', member: name, subscribed: { topics, pattern: null } }]
  }
  return isChanged ? [{ kind: 'memberChanged', member: name }] : []
}

function causesOfTasks(before: StreamsMember, member: StreamsMember): Cause[] {
  const name = streamsNameOf(member)
  const pending = countTasks(member.pendingRevocation)
  if (pending > 0) {
    return before.state === 'UNREVOKED_TASKS' && sameRoles(before.pendingRevocation, member.pendingRevocation)
      ? []
      : [{ kind: 'mustRevokeTasks', member: name, tasks: pending }]
  }
  const revoked = countTasks(before.pendingRevocation)
  const gained = countTasks(member.assigned) - countTasks(before.assigned)
  const awaitsMore = member.state === 'UNRELEASED_TASKS'
  return [
    ...(revoked > 0 ? [{ kind: 'revokedTasks' as const, member: name, tasks: revoked }] : []),
    ...(gained > 0 ? [{ kind: 'gainedTasks' as const, member: name, tasks: gained, awaitsMore }] : []),
    ...(gained <= 0 && awaitsMore && before.state !== 'UNRELEASED_TASKS'
      ? [{ kind: 'awaitsTasks' as const, member: name }]
      : []),
  ]
}
