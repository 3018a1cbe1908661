import type { BoardTask, TaskInput, TaskPlace, TaskRole } from '../../contract/streams'
import type { StreamsGroupFacts, StreamsMemberFacts, TaskNumbers, TaskRoles } from '../source/streams'

const roles = ['active', 'standby', 'warmup'] as const satisfies readonly TaskRole[]
const noTasks: TaskRoles = { active: {}, standby: {}, warmup: {} }

/** Ids come from clients, and may be names that every object has. */
function has(tasks: TaskNumbers, subtopologyId: string, partition: number): boolean {
  return Object.hasOwn(tasks, subtopologyId) && (tasks[subtopologyId]?.includes(partition) ?? false)
}

export function countOf(tasks: TaskRoles): number {
  return roles.reduce((sum, role) => sum + Object.values(tasks[role]).reduce((all, { length }) => all + length, 0), 0)
}

/** A task with the members that have it, must revoke it, or wait for it. */
export function taskOf(
  group: StreamsGroupFacts,
  subtopologyId: string,
  partition: number,
  inputs: readonly TaskInput[],
): BoardTask {
  const places = group.members.flatMap((member) =>
    roles.flatMap((role) => placeOf(group, member, role, subtopologyId, partition) ?? []),
  )
  return { partition, places, inputs }
}

function placeOf(
  group: StreamsGroupFacts,
  member: StreamsMemberFacts,
  role: TaskRole,
  subtopologyId: string,
  partition: number,
): TaskPlace | undefined {
  const { memberId, assigned, pendingRevocation, revocationDeadline } = member
  const isTarget = has((group.targets[memberId] ?? noTasks)[role], subtopologyId, partition)
  const isPending = has(pendingRevocation[role], subtopologyId, partition)
  const isAssigned = has(assigned[role], subtopologyId, partition)
  if (!isTarget && !isPending && !isAssigned) return undefined
  const phase = isPending || (isAssigned && !isTarget) ? 'revoking' : isAssigned ? 'held' : 'waiting'
  return {
    memberId,
    role,
    phase,
    waitsFor: phase === 'waiting' ? holdersOf(group, member, role, subtopologyId, partition) : [],
    deadline: isPending ? revocationDeadline : null,
    offset: reportedOffset(member.taskOffsets, subtopologyId, partition),
    endOffset: reportedOffset(member.taskEndOffsets, subtopologyId, partition),
  }
}

/** Members that must release a task before another can have it ([G21] of `groups/streams/SPEC.md`). */
function holdersOf(
  { members }: StreamsGroupFacts,
  { memberId, processId }: StreamsMemberFacts,
  role: TaskRole,
  subtopologyId: string,
  partition: number,
): string[] {
  return members
    .filter((other) => {
      if (other.memberId === memberId) return false
      const holds = (each: TaskRole) =>
        has(other.assigned[each], subtopologyId, partition) ||
        has(other.pendingRevocation[each], subtopologyId, partition)
      return (role === 'active' && holds('active')) || (other.processId === processId && roles.some(holds))
    })
    .map((other) => other.memberId)
}

/** Members write offsets as 64-bit numbers; pages count with numbers, and no log reaches beyond those. */
function reportedOffset(
  reported: StreamsMemberFacts['taskOffsets'],
  subtopologyId: string,
  partition: number,
): number | null {
  const found = reported.find((each) => each.subtopologyId === subtopologyId && each.partition === partition)
  return found ? Number(found.offset) : null
}
