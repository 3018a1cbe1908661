import type { TopicFacts } from '../context'
import type { ConsumerGroup, ConsumerMember, PartitionEpochs, Partitions } from './group'
import { isReconciled } from './group'

/**
 * Reconciles a member with its target assignment by one step (CurrentAssignmentBuilder): first it revokes partitions that are no longer
 * its own, then it is assigned those that others have revoked. `owned` are the partitions that it reported; `null` when it reported
 * none. `subscription` are its topics, and whether they changed with this
 * heartbeat: a target made for an older subscription holds for topics that it still subscribes to.
 */
export function reconcile(
  group: ConsumerGroup,
  member: ConsumerMember,
  owned: Partitions | null,
  subscription: { readonly topics: readonly TopicFacts[]; readonly changed: boolean },
): ConsumerMember {
  const subscribed = new Set(subscription.topics.map(({ topicId }) => topicId))
  // [K12] Until it has revoked everything that it was asked to, it gets nothing new.
  const mustRevoke = member.state === 'UNREVOKED_PARTITIONS' && ownsAny(owned, member.pendingRevocation)
  if (mustRevoke || isReconciled(member, group.assignmentEpoch)) {
    return subscription.changed ? withoutUnsubscribed(member, owned, subscribed) : member
  }
  const target = group.targets[member.memberId] ?? {}
  const kept: Record<string, number[]> = {}
  const revoked: Record<string, number[]> = {}
  const gained: Record<string, number[]> = {}
  let isUnreleased = false
  for (const topicId of new Set([...Object.keys(target), ...Object.keys(member.assigned)])) {
    const wanted = new Set(subscribed.has(topicId) ? target[topicId] : [])
    for (const number of member.assigned[topicId] ?? []) {
      if (wanted.delete(number)) add(kept, topicId, number)
      else add(revoked, topicId, number)
    }
    for (const number of wanted) {
      // [K13] A partition is assigned only when no other member holds it any more.
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

/** A member revokes topics that it no longer subscribes to at once, before a new target is made (updateCurrentAssignment). */
function withoutUnsubscribed(
  member: ConsumerMember,
  owned: Partitions | null,
  subscribed: ReadonlySet<string>,
): ConsumerMember {
  const gone = Object.entries(member.assigned).filter(([topicId]) => !subscribed.has(topicId))
  if (gone.length === 0) return member
  const assigned = Object.fromEntries(Object.entries(member.assigned).filter(([topicId]) => subscribed.has(topicId)))
  const pendingRevocation: Record<string, number[]> = {}
  for (const [topicId, numbers] of [...Object.entries(member.pendingRevocation), ...gone]) {
    for (const number of numbers) add(pendingRevocation, topicId, number)
  }
  return ownsAny(owned, pendingRevocation)
    ? { ...member, state: 'UNREVOKED_PARTITIONS', assigned, pendingRevocation: sorted(pendingRevocation) }
    : { ...member, assigned }
}

/** Partitions that were assigned before keep their epoch. */
function epochsOf(partitions: Partitions, before: PartitionEpochs, epoch: number): PartitionEpochs {
  return Object.fromEntries(
    Object.entries(partitions).map(([topicId, numbers]) => [
      topicId,
      Object.fromEntries(numbers.map((number) => [number, before[topicId]?.[number] ?? epoch])),
    ]),
  )
}

/** Whether partitions of a member's target are not revoked by others yet (ConsumerGroup.waitingOnUnreleasedPartition). */
export function waitsForOthers(group: ConsumerGroup, member: ConsumerMember): boolean {
  return Object.entries(group.targets[member.memberId] ?? {}).some(([topicId, numbers]) =>
    numbers.some((number) => !member.assigned[topicId]?.includes(number) && isHeld(group, member, topicId, number)),
  )
}

/** A member that reports nothing may still own all of it. */
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
