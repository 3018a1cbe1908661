import type { AclResourceType } from '../../base/acl-names'
import type { Clock, Millis } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { ErrorName } from '../../protocol/errors'
import type { Operation } from '../authorization'
import type { Client } from '../clients'
import type { Peer } from '../serve'

/** Entries kept; a denial that happens again is counted in its entry. */
const kept = 200

/** An access that an ACL could allow. */
interface Denied {
  readonly operation: Operation
  readonly resourceType: AclResourceType
  readonly resourceName: string
}

/** A client or peer that was turned away, or denied an access. */
export interface DeniedEntry {
  readonly firstAt: Millis
  readonly at: Millis
  readonly times: number
  readonly clientId: string | null
  /** `null` before the client authenticated. */
  readonly principal: string | null
  readonly address: string
  readonly listener: string
  /** What the client is told; `null` when its connection is only closed. */
  readonly error: ErrorName | null
  /** `READ on TOPIC orders`, `SASL PLAIN`, `TLS handshake` */
  readonly what: string
  readonly why: string
  /** The access that an ACL could allow; absent when an ACL denies it. */
  readonly denied?: Denied
}

type Reason = Pick<DeniedEntry, 'error' | 'what' | 'why' | 'denied'>

/** The newest denials with their reasons, for the Security page: the client itself is told little, and is often gone. */
export class DenialLog {
  readonly #clock: Clock
  readonly #entries = new Map<string, DeniedEntry>()
  readonly #changes: Emitter<DeniedEntry>
  readonly changed: Listen<DeniedEntry>

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
  }

  /** The newest first. */
  all(): DeniedEntry[] {
    return [...this.#entries.values()].reverse()
  }

  /** A client that is connected. */
  note(client: Client, reason: Reason): void {
    const { connection, clientId, principal } = client
    const isKnown = principal !== 'User:ANONYMOUS' || reason.denied !== undefined
    this.#add({
      clientId,
      principal: isKnown ? principal : null,
      address: connection.remoteAddress,
      listener: connection.listener,
      ...reason,
    })
  }

  /** A peer that was turned away before there was a client. */
  notePeer({ listener, remoteAddress }: Peer, what: string, why: string): void {
    this.#add({ clientId: null, principal: null, address: remoteAddress, listener, error: null, what, why })
  }

  #add(fields: Omit<DeniedEntry, 'firstAt' | 'at' | 'times'>): void {
    const { clientId, principal, address, listener, error, what, why } = fields
    const key = JSON.stringify([clientId, principal, address, listener, error, what, why])
    const at = this.#clock.now()
    const before = this.#entries.get(key)
    this.#entries.delete(key)
    const entry = { ...fields, at, firstAt: before?.firstAt ?? at, times: (before?.times ?? 0) + 1 }
    this.#entries.set(key, entry)
    const oldest = this.#entries.keys().next()
    if (this.#entries.size > kept && !oldest.done) this.#entries.delete(oldest.value)
    this.#changes.emit(entry)
  }
}
