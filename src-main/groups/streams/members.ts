import type { Step } from '../machine'
import type { StreamsError, StreamsHeartbeat, StreamsHeartbeatReply, StreamsReply } from './events'
import {
  leaveStaticEpoch,
  type StreamsGroup,
  type StreamsMember,
  staticStreamsMemberOf,
  streamsMemberOf,
  streamsNameOf,
} from './group'
import { everyRole, hasTask, isEmptyTasks, noTasks, type Roles, tasksWithout } from './tasks'

export type StreamsStep = Step<StreamsGroup, StreamsReply>

export interface StreamsRefusal {
  readonly error: StreamsError
  readonly message: string
}

/** The answer to a heartbeat that is refused. */
export function streamsRefused(memberId: string, { error, message }: StreamsRefusal): StreamsHeartbeatReply {
  return {
    api: 'streamsHeartbeat',
    error,
    message,
    memberId,
    memberEpoch: 0,
    statuses: [],
    tasks: null,
    endpointEpoch: 0,
    endpoints: null,
    missing: [],
    wantsDescription: false,
  }
}

export function refused(
  group: StreamsGroup,
  { ticket, memberId }: StreamsHeartbeat,
  refusal: StreamsRefusal,
): StreamsStep {
  return { group, effects: [{ kind: 'reply', ticket, reply: streamsRefused(memberId, refusal) }], causes: [] }
}

export function unknownMember({ groupId }: StreamsGroup, memberId: string): StreamsRefusal {
  return { error: 'UNKNOWN_MEMBER_ID', message: `Member ${memberId} is not a member of group ${groupId}.` }
}

type Found =
  | { readonly member: StreamsMember; readonly replaces: StreamsMember | undefined; readonly isNew: boolean }
  | StreamsRefusal

/** [G3] The member that sent a heartbeat: a new one, a known one at its epoch, or [G25] a static one that comes back. */
export function findMember(group: StreamsGroup, event: StreamsHeartbeat): Found {
  const { memberId, memberEpoch, instanceId } = event
  const isJoin = memberEpoch === 0
  const fresh: Found = { member: newMember(event), replaces: undefined, isNew: true }
  const same = (member: StreamsMember): Found =>
    epochProblem(member, event) ?? { member, replaces: undefined, isNew: false }
  if (instanceId === null) {
    const member = streamsMemberOf(group, memberId)
    if (member) return same(member)
    return isJoin ? fresh : unknownMember(group, memberId)
  }
  const named = staticStreamsMemberOf(group, instanceId)
  if (!named) return isJoin ? fresh : unknownMember(group, memberId)
  const isAway = named.memberEpoch === leaveStaticEpoch
  if (!isJoin || (named.memberId === memberId && !isAway)) {
    return named.memberId === memberId ? same(named) : fencedBy(named, event)
  }
  if (isAway) {
    return { member: { ...named, memberId, memberEpoch: 0, previousMemberEpoch: 0 }, replaces: named, isNew: false }
  }
  return {
    error: 'UNRELEASED_INSTANCE_ID',
    message: `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${named.memberId} member.`,
  }
}

function fencedBy(named: StreamsMember, { memberId, instanceId }: StreamsHeartbeat): StreamsRefusal {
  return {
    error: 'FENCED_INSTANCE_ID',
    message: `Static member ${memberId} with instance id ${instanceId} was fenced by member ${named.memberId}.`,
  }
}

/** [G4] A member whose last answer was lost may come with the epoch before; epoch 0 is always accepted. */
function epochProblem(member: StreamsMember, { memberEpoch, owned }: StreamsHeartbeat): StreamsRefusal | undefined {
  if (memberEpoch === 0 || memberEpoch === member.memberEpoch) return undefined
  const isGreater = memberEpoch > member.memberEpoch
  if (!isGreater && memberEpoch === member.previousMemberEpoch && isWithin(owned, member.assigned)) return undefined
  return {
    error: 'FENCED_MEMBER_EPOCH',
    message: `The streams group member has a ${isGreater ? 'greater' : 'smaller'} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  }
}

function isWithin(owned: Roles | null, assigned: Roles): boolean {
  return owned !== null && everyRole((role) => isEmptyTasks(tasksWithout(owned[role], assigned[role])))
}

function newMember({ memberId, instanceId, clientId, clientHost }: StreamsHeartbeat): StreamsMember {
  return {
    memberId,
    instanceId,
    clientId,
    clientHost,
    rackId: null,
    rebalanceTimeoutMs: -1,
    topologyEpoch: 0,
    processId: '',
    userEndpoint: null,
    clientTags: [],
    taskOffsets: [],
    taskEndOffsets: [],
    memberEpoch: 0,
    previousMemberEpoch: 0,
    state: 'STABLE',
    assigned: noTasks,
    pendingRevocation: noTasks,
    epochs: {},
    sessionTimeoutMs: 0,
    sessionDeadline: 0,
    revocationDeadline: null,
  }
}

/** Adds a member, or puts it in the place of the one with its id or of the one that it replaces, target included. */
export function put(group: StreamsGroup, member: StreamsMember, replaces: StreamsMember | undefined): StreamsGroup {
  const placeId = replaces?.memberId ?? member.memberId
  const isKnown = group.members.some(({ memberId }) => memberId === placeId)
  const members = isKnown
    ? group.members.map((other) => (other.memberId === placeId ? member : other))
    : [...group.members, member]
  if (!replaces) return { ...group, members }
  const { [replaces.memberId]: target, ...targets } = group.targets
  return { ...group, members, targets: { ...targets, [member.memberId]: target ?? noTasks } }
}

/** [G26] Members are gone: the group epoch grows, and the next heartbeat of the others makes a new target. */
export function without(group: StreamsGroup, gone: readonly StreamsMember[]): StreamsGroup {
  const ids = new Set(gone.map(({ memberId }) => memberId))
  const members = group.members.filter(({ memberId }) => !ids.has(memberId))
  const groupEpoch = group.groupEpoch + 1
  const isEmpty = members.length === 0
  return {
    ...group,
    members,
    targets: Object.fromEntries(Object.entries(group.targets).filter(([memberId]) => !ids.has(memberId))),
    groupEpoch,
    assignmentEpoch: isEmpty ? groupEpoch : group.assignmentEpoch,
    firstAssignmentAt: isEmpty ? null : group.firstAssignmentAt,
    shutdownBy: isEmpty ? null : group.shutdownBy,
    endpointEpoch: gone.some(({ userEndpoint }) => userEndpoint) ? group.endpointEpoch + 1 : group.endpointEpoch,
  }
}

/** [G24] Epoch -1 leaves; [G25] epoch -2 leaves for a while, and the tasks stay reserved. */
export function leave(group: StreamsGroup, event: StreamsHeartbeat): StreamsStep {
  const { memberId, memberEpoch, instanceId, ticket } = event
  const member = instanceId === null ? streamsMemberOf(group, memberId) : staticStreamsMemberOf(group, instanceId)
  if (!member) return refused(group, event, unknownMember(group, memberId))
  if (member.memberId !== memberId) return refused(group, event, fencedBy(member, event))
  const asked = event.shutdown ? { ...group, shutdownBy: memberId } : group
  const reply: StreamsHeartbeatReply = {
    ...streamsRefused(memberId, { error: 'NONE', message: '' }),
    message: null,
    memberEpoch,
  }
  const effects = [{ kind: 'save' as const }, { kind: 'reply' as const, ticket, reply }]
  if (memberEpoch !== leaveStaticEpoch) {
    const left = { kind: 'left' as const, member: streamsNameOf(member), reason: null }
    return { group: without(asked, [member]), effects, causes: [left] }
  }
  const away: StreamsMember = {
    ...member,
    memberEpoch: leaveStaticEpoch,
    state: 'STABLE',
    pendingRevocation: noTasks,
    epochs: Object.fromEntries(
      Object.keys(member.epochs).flatMap((key) => {
        const [id = '', partition] = splitKey(key)
        return hasTask(member.assigned.active, id, partition) ? [[key, 0]] : []
      }),
    ),
    revocationDeadline: null,
  }
  return {
    group: put(asked, away, undefined),
    effects,
    causes: [{ kind: 'leftTemporarily', member: streamsNameOf(member) }],
  }
}

function splitKey(key: string): [string, number] {
  const at = key.lastIndexOf('_')
  return [key.slice(0, at), Number(key.slice(at + 1))]
}
