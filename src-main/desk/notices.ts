import { Emitter, type Listen } from '../base/emitter'
import type { Core } from '../broker/core'

/** Something that a person may want to hear of while no window is looked at. */
export interface DeskNotice {
  readonly kind: 'error' | 'rebalanceStorm'
  readonly title: string
  readonly text: string
  /** Where to look, e.g. `/rebalances/orders`. */
  readonly view: string
}

/** A group that begins so many rebalances within the time is in a storm. */
const stormRebalances = 5
const stormMs = 60_000
/** Errors that a broken client shows, not a healthy rebalance. */
const telling = new Set([
  'CORRUPT_MESSAGE',
  'MESSAGE_TOO_LARGE',
  'INVALID_RECORD',
  'KAFKA_STORAGE_ERROR',
  'SASL_AUTHENTICATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNKNOWN_SERVER_ERROR',
])

/** Watches for what is worth a notification; the shell decides whether to show it. */
export class Notices {
  readonly noticed: Listen<DeskNotice>
  readonly #notices: Emitter<DeskNotice>
  readonly #begun = new Map<string, number[]>()
  readonly #ends: (() => void)[]

  constructor(core: Core, onError: (error: unknown) => void) {
    this.#notices = new Emitter(onError)
    this.noticed = this.#notices.listen
    this.#ends = [
      core.groups.framed(({ groupId, at, state, kind }) => {
        if (kind === 'join' && (state === 'PreparingRebalance' || state === 'Reconciling'))
          this.#rebalanced(groupId, at)
      }),
      core.clients.changed(({ kind, client }) => {
        const { lastError } = client
        if (kind !== 'failed' || !lastError || !telling.has(lastError.error)) return
        const text = `${client.clientId || 'A client'}: ${lastError.error}, ${lastError.text}`
        this.#notices.emit({ kind: 'error', title: `${lastError.api} failed`, text, view: '/clients' })
      }),
    ]
  }

  dispose(): void {
    for (const end of this.#ends) end()
  }

  #rebalanced(groupId: string, at: number): void {
    const begun = (this.#begun.get(groupId) ?? []).filter((before) => at - before < stormMs)
    begun.push(at)
    this.#begun.set(groupId, begun)
    if (begun.length < stormRebalances) return
    this.#begun.delete(groupId)
    const text = `Its members joined again ${begun.length} times within a minute.`
    this.#notices.emit({
      kind: 'rebalanceStorm',
      title: `${groupId} does not come to rest`,
      text,
      view: `/rebalances/${groupId}`,
    })
  }
}
