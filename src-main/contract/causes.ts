import type { Cause, DeliveryCounts, MemberName, ResetTarget, Subscribed, TopicChange } from '../groups/causes'
import { clientText } from './thread-name'

export type { Cause, ResetTarget } from '../groups/causes'

/** Why a step of a group happened, in words: `worker (1a2b) joined: orders; got 4 partitions`. A member is named once for what it did in a row. */
export function causeText(causes: readonly Cause[]): string {
  return causes
    .map((cause, i) => {
      const text = textOf(cause)
      const before = causes[i - 1]
      if (!before || !('member' in cause) || !('member' in before)) return text
      const name = `${nameOf(cause.member)} `
      return cause.member.memberId === before.member.memberId && text.startsWith(name) ? text.slice(name.length) : text
    })
    .join('; ')
}

function textOf(cause: Cause): string {
  switch (cause.kind) {
    case 'joined':
      return `${nameOf(cause.member)} joined${cause.subscribed ? `: ${subscribedText(cause.subscribed)}` : ''}`
    case 'memberIdAssigned':
      return `${nameOf(cause.member)} was assigned a member id`
    case 'pendingExpired':
      return `a pending member (${end(cause.memberId)}) did not rejoin before its session timeout`
    case 'pendingLeft':
      return `a pending member (${end(cause.memberId)}) left`
    case 'initialDelayElapsed':
      return 'the initial rebalance delay elapsed'
    case 'rejoined': {
      const { because, reason } = cause
      const why = because === 'leader' ? ' as the leader' : because ? ': its subscription changed' : ''
      return `${nameOf(cause.member)} rejoined${reason === null ? why : `: ${reason}`}`
    }
    case 'staticRejoined':
      return `static member ${nameOf(cause.member)} rejoined with a new member id${cause.keepsPartitions ? ' and keeps its partitions' : ''}`
    case 'subscriptionChanged':
      return `${nameOf(cause.member)} changed its subscription: ${subscribedText(cause.subscribed)}`
    case 'topicsChanged':
      return cause.changes.map(topicText).join(', ')
    case 'patternsResolved':
      return cause.patterns.map(({ pattern, topics }) => `${pattern} matches ${topicCount(topics)}`).join(', ')
    case 'left':
      return `${nameOf(cause.member)} left${cause.reason ? `: ${cause.reason}` : ''}`
    case 'leftTemporarily':
      return `static member ${nameOf(cause.member)} left temporarily; its assignment is kept`
    case 'sessionExpired':
      return `${nameOf(cause.member)} sent no heartbeat for ${seconds(cause.afterMs)}`
    case 'firstJoinExpired':
      return `${nameOf(cause.member)} waited too long for its first rebalance`
    case 'rejoinExpired':
      return cause.members.length > 0
        ? `${cause.members.map(nameOf).join(', ')} did not rejoin within ${seconds(cause.afterMs)}`
        : 'the rebalance timeout passed before all members had joined'
    case 'syncExpired':
      return `${cause.members.map(nameOf).join(', ')} joined but did not fetch the assignment in time`
    case 'revocationExpired':
      return `${nameOf(cause.member)} did not revoke its partitions within ${seconds(cause.afterMs)}`
    case 'awaitsAssignment':
      return `${nameOf(cause.member)} is waiting for its assignment`
    case 'assignmentFetched':
      return `${nameOf(cause.member)} fetched its assignment`
    case 'assigned':
      return `${nameOf(cause.member)} assigned the partitions`
    case 'mustRevoke':
      return `${nameOf(cause.member)} must revoke ${partitions(cause.partitions)}`
    case 'revoked':
      return `${nameOf(cause.member)} revoked ${partitions(cause.partitions)}`
    case 'gained':
      return `${nameOf(cause.member)} got ${partitions(cause.partitions)}${cause.awaitsMore ? ' and is waiting for others to revoke more' : ''}`
    case 'awaitsPartitions':
      return `${nameOf(cause.member)} is waiting for partitions that other members have not revoked yet`
    case 'epochReached':
      return `${nameOf(cause.member)} is at epoch ${cause.epoch}`
    case 'memberChanged':
      return `${nameOf(cause.member)} changed`
    case 'mustRevokeTasks':
      return `${nameOf(cause.member)} must revoke ${tasks(cause.tasks)}`
    case 'revokedTasks':
      return `${nameOf(cause.member)} revoked ${tasks(cause.tasks)}`
    case 'gainedTasks':
      return `${nameOf(cause.member)} got ${tasks(cause.tasks)}${cause.awaitsMore ? ' and is waiting for others to revoke more' : ''}`
    case 'awaitsTasks':
      return `${nameOf(cause.member)} is waiting for tasks that other members have not revoked yet`
    case 'targetMade':
      return `tasks were assigned for epoch ${cause.epoch}`
    case 'notReady':
      return `not ready: ${cause.why}`
    case 'topologyReady':
      return 'all topics of the topology are there'
    case 'assignmentConfigsChanged':
      return 'group configs of the assignment changed'
    case 'shutdownRequested':
      return `${nameOf(cause.member)} asked all members to shut down`
    case 'refused':
      return cause.error === 'FENCED_INSTANCE_ID'
        ? `${nameOf(cause.member)} was fenced: another client joined with its group.instance.id`
        : `${nameOf(cause.member)} was refused: ${cause.error}`
    case 'brokerRestarted':
      return `the broker was restarted (down for at most ${seconds(cause.downMs)})`
    case 'deliveries':
      return `${nameOf(cause.member)}: ${deliveriesText(cause.counts)}`
    case 'otherDeliveries':
      return `${cause.members} other member${cause.members === 1 ? '' : 's'}: ${deliveriesText(cause.counts)}`
    case 'deadLettered':
      return `${records(cause.records)} written to ${cause.topic}`
    case 'upgraded':
      return 'group upgraded to the consumer protocol'
    case 'downgraded':
      return 'group downgraded to the classic protocol'
    case 'offsetsReset':
      return cause.target.to === 'delete' ? 'committed offsets deleted' : `offsets reset to ${targetText(cause.target)}`
    case 'resetUndone':
      return `undone: ${textOf(cause.reset)}`
    case 'told':
      return cause.text
  }
}

/** Where a reset moves a group to, in words: `earliest`, `offset 5`. */
export function targetText({ to, value, groupId }: ResetTarget): string {
  switch (to) {
    case 'offset':
      return `offset ${value}`
    case 'shift':
      return `${(value ?? 0) >= 0 ? '+' : ''}${value}`
    case 'time':
      return new Date(value ?? 0).toISOString()
    case 'back':
      return `${Math.round((value ?? 0) / 1000)} s ago`
    case 'group':
      return `the offsets of ${groupId}`
    case 'exact':
      return 'chosen positions'
    case 'delete':
      return 'nothing: its offsets are deleted'
    default:
      return to
  }
}

/** A member's name: its instance id; else its client id, short for a thread of Kafka Streams, with the end of the member id. */
function nameOf({ memberId, instanceId, clientId }: MemberName): string {
  return instanceId ?? `${clientText(clientId)} (${end(memberId)})`
}

function end(memberId: string): string {
  return memberId.slice(-4)
}

function subscribedText({ topics, pattern }: Subscribed): string {
  return [...topics, ...(pattern === null ? [] : [`topics matching ${pattern}`])].join(', ') || 'no topics'
}

function topicText({ topic, change, partitions: gained }: TopicChange): string {
  return change === 'grew' ? `topic ${topic} gained ${partitions(gained)}` : `topic ${topic} was ${change}`
}

/** `20 records acquired, 18 accepted, 2 given back because the lock ended` */
function deliveriesText(counts: DeliveryCounts): string {
  const told = (Object.keys(deliveryWords) as (keyof DeliveryCounts)[]).filter((name) => counts[name] > 0)
  return told.map((name, i) => `${i === 0 ? records(counts[name]) : counts[name]} ${deliveryWords[name]}`).join(', ')
}

const deliveryWords: Readonly<Record<keyof DeliveryCounts, string>> = {
  acquired: 'acquired',
  accepted: 'accepted',
  released: 'released',
  lockEnded: 'given back because the lock ended',
  sessionEnded: 'given back because the share session ended',
  releasedByHand: 'released from the page',
  rejected: 'rejected',
  exhausted: 'archived at the delivery limit',
}

function records(number: number): string {
  return `${number} record${number === 1 ? '' : 's'}`
}

function tasks(number: number): string {
  return `${number} task${number === 1 ? '' : 's'}`
}

function topicCount(number: number): string {
  return number === 0 ? 'no topics' : `${number} topic${number === 1 ? '' : 's'}`
}

function partitions(number: number): string {
  return `${number} partition${number === 1 ? '' : 's'}`
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
