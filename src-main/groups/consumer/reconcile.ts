import type { ConsumerGroup, ConsumerMember, PartitionEpochs, Partitions } from './group'
import { isReconciled } from './group'

/**
 * Brings a member one step nearer to its target (CurrentAssignmentBuilder): first it gives up what is no longer its own, then it
 * gets what others have given up. `owned` is what it said that it owns; `null` when it said nothing.
 */
export function reconcile(group: ConsumerGroup, member: ConsumerMember, owned: Partitions | null): ConsumerMember {
  // [K12] Until it says that it gave up everything it was asked for, nothing changes.
  if (member.state === 'UNREVOKED_PARTITIONS' && ownsAny(owned, member.pendingRevocation)) return member
  if (isReconciled(member, group.assignmentEpoch)) return member
  const target = group.targets[member.memberId] ?? {}
  const kept: Record<string, number[]> = {}
  const revoked: Record<string, number[]> = {}
  const gained: Record<string, number[]> = {}
  let isUnreleased = false
  for (const topicId of new Set([...Object.keys(target), ...Object.keys(member.assigned)])) {
    const wanted = new Set(target[topicId] ?? [])
    for (const number of member.assigned[topicId] ?? []) {
      if (wanted.delete(number)) add(kept, topicId, number)
      else add(revoked, topicId, number)
    }
    for (const number of wanted) {
      // [K13] A partition is given only when nobody else holds it any more.
      if (isHeld(group, member, topicId, number)) isUnreleased = true
      else add(gained, topicId, number)
    }
  }
  if (Object.keys(revoked).length > 0 && ownsAny(owned, revoked)) {
    return { ...member, state: 'UNREVOKED_PARTITIONS', assigned: sorted(kept), pendingRevocation: sorted(revoked) }
  }
  for (const [topicId, numbers] of Object.entries(gained)) for (const number of numbers) add(kept, topicId, number)
  const assigned = sorted(kept)
  return {
    ...member,
    state: isUnreleased ? 'UNRELEASED_PARTITIONS' : 'STABLE',
    previousMemberEpoch: member.memberEpoch === group.assignmentEpoch ? member.previousMemberEpoch : member.memberEpoch,
    memberEpoch: group.assignmentEpoch,
    assigned,
    pendingRevocation: {},
    epochs: epochsOf(assigned, member.epochs, group.assignmentEpoch),
  }
}

/** Partitions that were had before keep their epoch. */
function epochsOf(partitions: Partitions, before: PartitionEpochs, epoch: number): PartitionEpochs {
  return Object.fromEntries(
    Object.entries(partitions).map(([topicId, numbers]) => [
      topicId,
      Object.fromEntries(numbers.map((number) => [number, before[topicId]?.[number] ?? epoch])),
    ]),
  )
}

/** Whether a member must wait for others to give up what shall be its own (ConsumerGroup.waitingOnUnreleasedPartition). */
export function waitsForOthers(group: ConsumerGroup, member: ConsumerMember): boolean {
  return Object.entries(group.targets[member.memberId] ?? {}).some(([topicId, numbers]) =>
    numbers.some((number) => !member.assigned[topicId]?.includes(number) && isHeld(group, member, topicId, number)),
  )
}

/** A member that says nothing about what it owns may still own all of it. */
function ownsAny(owned: Partitions | null, partitions: Partitions): boolean {
  if (owned === null) return Object.keys(partitions).length > 0
  return Object.entries(partitions).some(([topicId, numbers]) => {
    const held = owned[topicId]
    return held !== undefined && numbers.some((number) => held.includes(number))
  })
}

function isHeld({ members }: ConsumerGroup, self: ConsumerMember, topicId: string, number: number): boolean {
  return members.some(
    ({ memberId, assigned, pendingRevocation }) =>
      memberId !== self.memberId &&
      (assigned[topicId]?.includes(number) || pendingRevocation[topicId]?.includes(number)),
  )
}

function add(to: Record<string, number[]>, topicId: string, number: number): void {
  const numbers = to[topicId]
  if (numbers) numbers.push(number)
  else to[topicId] = [number]
}

function sorted(partitions: Record<string, number[]>): Partitions {
  for (const numbers of Object.values(partitions)) numbers.sort((a, b) => a - b)
  return partitions
}
