import type { MemberSession } from '../../contract/groups'
import type { JournalSource } from '../source/groups'

/** Clients are told to send at least three heartbeats per session. */
const beatsPerSession = 3

/** When the members of a group sent their last heartbeat, and how often each sends one: heartbeats leave no frames. */
export class Sessions {
  readonly #journal: JournalSource
  readonly #groupId: string
  /** By member: the longest time between two heartbeats. */
  readonly #gaps = new Map<string, number>()
  readonly #heard = new Map<string, number>()

  constructor(journal: JournalSource, groupId: string) {
    this.#journal = journal
    this.#groupId = groupId
  }

  async now(): Promise<readonly MemberSession[]> {
    const { members, isStable, heartbeatIntervalMs } = await this.#journal.sessions(this.#groupId)
    if (!isStable) this.#heard.clear()
    return members.map(({ memberId, heardAt, expiresAt, sessionTimeoutMs }) => ({
      memberId,
      heardAt,
      expiresAt,
      everyMs: heartbeatIntervalMs ?? this.#gap(memberId, heardAt, sessionTimeoutMs),
    }))
  }

  #gap(memberId: string, heardAt: number, sessionTimeoutMs: number): number {
    const before = this.#heard.get(memberId)
    this.#heard.set(memberId, heardAt)
    const gap = before === undefined ? 0 : heardAt - before
    const longest = Math.max(this.#gaps.get(memberId) ?? 0, gap)
    this.#gaps.set(memberId, longest)
    return longest === 0 ? sessionTimeoutMs / beatsPerSession : Math.min(longest, sessionTimeoutMs / beatsPerSession)
  }
}
