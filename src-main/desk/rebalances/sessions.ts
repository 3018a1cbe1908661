import type { Core } from '../../broker/core'
import type { MemberSession } from '../../contract/groups'

/** Clients are told to send at least three heartbeats per session. */
const beatsPerSession = 3

/** When the members of a group were heard, and how often each is: heartbeats leave no frames. */
export class Sessions {
  readonly #core: Core
  readonly #groupId: string
  /** By member: the longest time between two times that it was heard. */
  readonly #gaps = new Map<string, number>()
  readonly #heard = new Map<string, number>()

  constructor(core: Core, groupId: string) {
    this.#core = core
    this.#groupId = groupId
  }

  /** Who waits for an answer of ours has no session that could end, and is left out. */
  now(): readonly MemberSession[] {
    const { groups } = this.#core
    const classic = groups.classic(this.#groupId)
    if (classic && classic.state !== 'Stable') this.#heard.clear()
    const { heartbeatIntervalMs } = groups.consumerSettings(this.#groupId)
    const members = classic?.members ?? groups.consumer(this.#groupId)?.members ?? []
    return members.flatMap(({ memberId, sessionTimeoutMs, sessionDeadline }) => {
      if (sessionDeadline === null) return []
      const heardAt = sessionDeadline - sessionTimeoutMs
      const everyMs = classic ? this.#gap(memberId, heardAt, sessionTimeoutMs) : heartbeatIntervalMs
      return [{ memberId, heardAt, expiresAt: sessionDeadline, everyMs }]
    })
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
