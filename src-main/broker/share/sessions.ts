import type { Millis } from '../../base/clock'
import type { Uuid } from '../../base/uuid'

/** A partition of a share session. */
export interface SessionPartition {
  readonly topicId: Uuid
  readonly partition: number
  /** Named since the last answer, or answered with an error then: the next answer must name it. */
  mustAnswer: boolean
}

export interface ShareSession {
  readonly groupId: string
  readonly memberId: string
  readonly connectionId: number
  /** The epoch that the next request must carry. */
  epoch: number
  /** When the newest ShareFetch came. */
  askedAt: Millis
  /** A ShareFetch waits for records. */
  isWaiting: boolean
  /** In the order in which they are read: those that gave records move to the end. */
  readonly partitions: Map<string, SessionPartition>
}

type SessionError = 'SHARE_SESSION_NOT_FOUND' | 'INVALID_SHARE_SESSION_EPOCH'

export const initialEpoch = 0
export const finalEpoch = -1
const lastEpoch = 2_147_483_647

export function sessionKeyOf(topicId: Uuid, partition: number): string {
  return `${topicId}:${partition}`
}

/**
 * Share sessions (org.apache.kafka.server.share.session.ShareSessionCache): one for each member of each group, bound to the connection
 * that opened it. ShareFetch and ShareAcknowledge count one epoch together.
 */
export class ShareSessions {
  readonly #sessions = new Map<string, ShareSession>()

  get size(): number {
    return this.#sessions.size
  }

  all(): ShareSession[] {
    return [...this.#sessions.values()]
  }

  find(groupId: string, memberId: string): ShareSession | undefined {
    return this.#sessions.get(keyOf(groupId, memberId))
  }

  ofGroup(groupId: string): ShareSession[] {
    return this.all().filter((session) => session.groupId === groupId)
  }

  ofConnection(connectionId: number): ShareSession[] {
    return this.all().filter((session) => session.connectionId === connectionId)
  }

  /** Replaces the session of this member, if there is one: the connection that had it is out of date. */
  open(groupId: string, memberId: string, connectionId: number, at: Millis): ShareSession {
    const session: ShareSession = {
      groupId,
      memberId,
      connectionId,
      epoch: 1,
      askedAt: at,
      isWaiting: false,
      partitions: new Map(),
    }
    this.#sessions.set(keyOf(groupId, memberId), session)
    return session
  }

  remove({ groupId, memberId }: ShareSession): void {
    this.#sessions.delete(keyOf(groupId, memberId))
  }

  /** The session of a request with this epoch, which then counts as used; the final epoch leaves it as it is. */
  use(groupId: string, memberId: string, epoch: number): ShareSession | SessionError {
    const session = this.find(groupId, memberId)
    if (!session) return 'SHARE_SESSION_NOT_FOUND'
    if (epoch === finalEpoch) return session
    if (epoch !== session.epoch) return 'INVALID_SHARE_SESSION_EPOCH'
    session.epoch = epoch === lastEpoch ? 1 : epoch + 1
    return session
  }
}

function keyOf(groupId: string, memberId: string): string {
  return JSON.stringify([groupId, memberId])
}
