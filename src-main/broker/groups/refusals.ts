import type { Cause, MemberName } from '../../groups/causes'
import type { GroupEvent, GroupReply } from '../../groups/group'
import type { Effect } from '../../groups/machine'
import type { ErrorName } from '../../protocol/errors'

/** Errors that say that a client cannot be a member as it is. Others are met by every member in a rebalance. */
const refusals: ReadonlySet<string> = new Set<ErrorName>([
  'FENCED_INSTANCE_ID',
  'UNRELEASED_INSTANCE_ID',
  'GROUP_MAX_SIZE_REACHED',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_SESSION_TIMEOUT',
  'UNSUPPORTED_ASSIGNOR',
  'INVALID_REGULAR_EXPRESSION',
  'GROUP_ID_NOT_FOUND',
])

/** Clients try again and again: the same refusal is told once in this time. */
const againMs = 60_000
/** Refusals that are remembered of one group. */
const mostKnown = 100

/** The client that a step refused, and why; `undefined` when it refused none. */
export function refusalOf(
  event: GroupEvent,
  effects: readonly Effect<GroupReply>[],
): Extract<Cause, { kind: 'refused' }> | undefined {
  if (!('ticket' in event)) return undefined
  const found = effects.find((effect) => effect.kind === 'reply' && effect.ticket === event.ticket)
  if (found?.kind !== 'reply' || !('error' in found.reply) || !refusals.has(found.reply.error)) return undefined
  const member = memberOf(event)
  return member && { kind: 'refused', member, error: found.reply.error }
}

function memberOf(event: GroupEvent): MemberName | undefined {
  switch (event.kind) {
    case 'join':
      return {
        memberId: event.memberId || event.newMemberId,
        instanceId: event.groupInstanceId,
        clientId: event.clientId,
      }
    case 'sync':
    case 'heartbeat':
      return { memberId: event.memberId, instanceId: event.groupInstanceId, clientId: '' }
    case 'consumerHeartbeat':
    case 'streamsHeartbeat':
      return { memberId: event.memberId, instanceId: event.instanceId, clientId: event.clientId }
    case 'shareHeartbeat':
      return { memberId: event.memberId, instanceId: null, clientId: event.clientId }
    default:
      return undefined
  }
}

/** Refusals of one group that were told a short time ago. */
export class ToldRefusals {
  readonly #at = new Map<string, number>()

  /** True when this one is news. */
  isNew({ member, error }: Extract<Cause, { kind: 'refused' }>, at: number): boolean {
    const key = JSON.stringify([error, member.instanceId ?? member.clientId])
    const before = this.#at.get(key)
    if (before !== undefined && Math.abs(at - before) < againMs) return false
    if (this.#at.size >= mostKnown) this.#at.clear()
    this.#at.set(key, at)
    return true
  }
}
