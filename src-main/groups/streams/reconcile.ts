import type { Millis } from '../../base/clock'
import { type StreamsGroup, type StreamsMember, taskKey } from './group'
import {
  allTasks,
  eachRole,
  everyRole,
  hasTask,
  isEmptyTasks,
  noTasks,
  type Role,
  type Roles,
  tasksInBoth,
  tasksWhere,
  tasksWithout,
} from './tasks'

/** [G20] The member moved towards its target, as far as it has revoked tasks and others have released them (CurrentAssignmentBuilder). */
export function reconciled(group: StreamsGroup, member: StreamsMember, owned: Roles | null, at: Millis): StreamsMember {
  switch (member.state) {
    case 'STABLE':
      return member.memberEpoch === group.assignmentEpoch ? member : next(group, member, member.memberEpoch, owned, at)
    case 'UNREVOKED_TASKS':
      if (owned === null || containsAny(owned, member.pendingRevocation)) return member
      return next(group, member, member.memberEpoch + 1, owned, at)
    case 'UNRELEASED_TASKS':
      return next(group, member, member.memberEpoch, owned, at)
  }
}

function containsAny(owned: Roles, others: Roles): boolean {
  return !everyRole((role) => isEmptyTasks(tasksInBoth(owned[role], others[role])))
}

function next(
  group: StreamsGroup,
  member: StreamsMember,
  memberEpoch: number,
  owned: Roles | null,
  at: Millis,
): StreamsMember {
  const current = member.assigned
  const target = refined(group.targets[member.memberId] ?? noTasks)
  const kept = eachRole((role) => tasksInBoth(current[role], target[role]))
  const given = eachRole((role) => tasksWithout(current[role], target[role]))
  const wanted = eachRole((role) => tasksWithout(target[role], current[role]))

  const free = freeTasks(group, member, wanted)
  // [G23] A copy that becomes active is not given up: it stays a copy until the task is free.
  const becoming = (role: 'standby' | 'warmup') => tasksInBoth(given[role], target.active)
  const staysCopy = (role: 'standby' | 'warmup') => tasksWithout(becoming(role), free.active)
  // [G22] Standby and warm-up tasks of one member turn into each other at once.
  const toRevoke: Roles = {
    active: given.active,
    standby: tasksWithout(given.standby, allTasks(becoming('standby'), target.warmup)),
    warmup: tasksWithout(given.warmup, allTasks(becoming('warmup'), target.standby)),
  }
  const turned: Roles = {
    active: {},
    standby: tasksInBoth(wanted.standby, allTasks(given.active, given.warmup)),
    warmup: tasksInBoth(wanted.warmup, allTasks(given.active, given.standby)),
  }

  const mustRevoke =
    !everyRole((role) => isEmptyTasks(toRevoke[role])) && (owned === null || containsAny(owned, toRevoke))
  if (mustRevoke) {
    return {
      ...member,
      state: 'UNREVOKED_TASKS',
      previousMemberEpoch: member.memberEpoch,
      memberEpoch,
      assigned: {
        active: kept.active,
        standby: allTasks(kept.standby, becoming('standby'), turned.standby),
        warmup: allTasks(kept.warmup, becoming('warmup'), turned.warmup),
      },
      pendingRevocation: toRevoke,
      revocationDeadline: at + member.rebalanceTimeoutMs,
    }
  }
  const assigned: Roles = {
    active: allTasks(kept.active, free.active),
    standby: allTasks(kept.standby, staysCopy('standby'), turned.standby, free.standby),
    warmup: allTasks(kept.warmup, staysCopy('warmup'), turned.warmup, free.warmup),
  }
  const isComplete = everyRole((role) => isEmptyTasks(tasksWithout(target[role], assigned[role])))
  return {
    ...member,
    state: isComplete ? 'STABLE' : 'UNRELEASED_TASKS',
    previousMemberEpoch: member.memberEpoch,
    memberEpoch: group.assignmentEpoch,
    assigned,
    epochs: epochsOf(assigned, member.epochs, group.assignmentEpoch),
    pendingRevocation: noTasks,
    revocationDeadline: null,
  }
}

/** [G21] The wanted tasks that no other member holds in a way that is in the way. */
function freeTasks(group: StreamsGroup, member: StreamsMember, wanted: Roles): Roles {
  const others = group.members.filter(({ memberId }) => memberId !== member.memberId)
  const neighbours = others.filter(({ processId }) => processId === member.processId)
  const holds = (members: readonly StreamsMember[], role: Role) => (id: string, partition: number) =>
    members.some(
      ({ assigned, pendingRevocation }) =>
        hasTask(assigned[role], id, partition) || hasTask(pendingRevocation[role], id, partition),
    )
  const isActive = holds(others, 'active')
  const isHere = (['active', 'standby', 'warmup'] as const).map((role) => holds(neighbours, role))
  const free = (tasks: Roles[Role], isTaken: (id: string, partition: number) => boolean) =>
    tasksWhere(tasks, (id, partition) => !isTaken(id, partition))
  const hasHere = (id: string, partition: number) => isHere.some((test) => test(id, partition))
  return {
    active: free(wanted.active, (id, partition) => isActive(id, partition) || hasHere(id, partition)),
    standby: free(wanted.standby, hasHere),
    warmup: free(wanted.warmup, hasHere),
  }
}

/** Place of warm-up tasks: Kafka 4.4 hands out none, and neither do we. */
function refined(target: Roles): Roles {
  return target
}

function epochsOf({ active }: Roles, before: StreamsMember['epochs'], epoch: number): StreamsMember['epochs'] {
  return Object.fromEntries(
    Object.entries(active).flatMap(([id, numbers]) =>
      numbers.map((number) => [taskKey(id, number), before[taskKey(id, number)] ?? epoch]),
    ),
  )
}
