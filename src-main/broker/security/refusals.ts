import type { AclResourceType } from '../../base/acl-names'
import type { Clock, Millis } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { ErrorName } from '../../protocol/errors'
import type { Operation } from '../authorization'
import type { Client } from '../clients'
import type { Peer } from '../serve'

/** Of refusals; those that happen again count as one. */
const kept = 200

/** What a client may not do, when a rule could let it. */
export interface Denied {
  readonly operation: Operation
  readonly resourceType: AclResourceType
  readonly resourceName: string
}

/** Somebody who was not let in, or not let do something. */
export interface Refused {
  readonly firstAt: Millis
  readonly at: Millis
  readonly times: number
  readonly clientId: string | null
  /** `null` before anybody said who it is. */
  readonly principal: string | null
  readonly address: string
  readonly listener: string
  /** What the client is told; `null` when its connection is only closed. */
  readonly error: ErrorName | null
  /** `READ on TOPIC orders`, `SASL PLAIN`, `TLS handshake` */
  readonly what: string
  readonly why: string
  /** A rule that allows this would let it through; absent when a rule forbids it. */
  readonly denied?: Denied
}

type Reason = Pick<Refused, 'error' | 'what' | 'why' | 'denied'>

/** Everybody who was refused lately, and why: who is refused does not stay to be asked, and is itself told little. */
export class Refusals {
  readonly #clock: Clock
  readonly #refused = new Map<string, Refused>()
  readonly #changes: Emitter<Refused>
  readonly changed: Listen<Refused>

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
  }

  /** The newest first. */
  all(): Refused[] {
    return [...this.#refused.values()].reverse()
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

  /** Somebody who was turned away before there was a client. */
  notePeer({ listener, remoteAddress }: Peer, what: string, why: string): void {
    this.#add({ clientId: null, principal: null, address: remoteAddress, listener, error: null, what, why })
  }

  #add(fields: Omit<Refused, 'firstAt' | 'at' | 'times'>): void {
    const { clientId, principal, address, listener, error, what, why } = fields
    const key = JSON.stringify([clientId, principal, address, listener, error, what, why])
    const at = this.#clock.now()
    const before = this.#refused.get(key)
    this.#refused.delete(key)
    const refused = { ...fields, at, firstAt: before?.firstAt ?? at, times: (before?.times ?? 0) + 1 }
    this.#refused.set(key, refused)
    const oldest = this.#refused.keys().next()
    if (this.#refused.size > kept && !oldest.done) this.#refused.delete(oldest.value)
    this.#changes.emit(refused)
  }
}
