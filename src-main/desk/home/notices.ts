import { Emitter, type Listen } from '../../base/emitter'
import { isRoutine } from '../clients/routine-errors'
import type { ClusterSource } from '../source/source'

/** Something that a person may want to hear of while no window is looked at. */
export interface DeskNotice {
  readonly kind: 'error' | 'rebalanceStorm' | 'alert' | 'alertOver'
  readonly title: string
  readonly text: string
  /** Where to look, e.g. `/rebalances/orders`. */
  readonly view: string
}

/** A group that goes through so many rebalances within the time is in a storm. */
const stormRebalances = 8
const stormMs = 60_000
/** Members that start together make several generations at once: within this time they count as one. */
const togetherMs = 2000

interface Rebalances {
  /** Generation of a classic group, epoch of a consumer group. */
  epoch: number
  /** When the rebalances of the last minute began. */
  begun: number[]
}

/** Watches for what is worth a notification; the shell decides whether to show it. */
export class Notices {
  readonly noticed: Listen<DeskNotice>
  readonly #notices: Emitter<DeskNotice>
  readonly #groups = new Map<string, Rebalances>()
  readonly #ends: readonly ((() => void) | undefined)[]

  constructor({ journal, clients }: Pick<ClusterSource, 'journal' | 'clients'>, onError: (error: unknown) => void) {
    this.#notices = new Emitter(onError)
    this.noticed = this.#notices.listen
    this.#ends = [
      journal?.framed(({ groupId, at, epoch, state }) => {
        if (state === 'Dead') this.#groups.delete(groupId)
        else this.#seen(groupId, at, epoch)
      }),
      clients?.changed(({ kind, client }) => {
        const { lastError } = client
        if (kind !== 'failed' || !lastError || isRoutine(lastError.error) || client.isOfDemo) return
        const name = client.clientId || 'A client'
        // Without an error of Kafka's there was no answer: the connection was closed.
        const isClosed = lastError.error === ''
        this.#notices.emit({
          kind: 'error',
          title: isClosed ? `The connection of ${name} was closed` : `${lastError.api || 'A request'} failed`,
          text: isClosed ? lastError.text : `${name}: ${lastError.error}, ${lastError.text}`,
          view: `/clients/${client.connectionId}`,
        })
      }),
    ]
  }

  dispose(): void {
    for (const end of this.#ends) end?.()
  }

  /** Each rebalance ends in a generation, or epoch, of its own, however many members joined in it. */
  #seen(groupId: string, at: number, epoch: number): void {
    const known = this.#groups.get(groupId)
    if (!known) {
      this.#groups.set(groupId, { epoch, begun: [] })
      return
    }
    if (epoch <= known.epoch) {
      known.epoch = epoch
      return
    }
    known.epoch = epoch
    if (at - (known.begun.at(-1) ?? -togetherMs) < togetherMs) return
    known.begun = [...known.begun.filter((before) => at - before < stormMs), at]
    if (known.begun.length < stormRebalances) return
    this.#notices.emit({
      kind: 'rebalanceStorm',
      title: `Rebalance storm in ${groupId}`,
      text: `${known.begun.length} rebalances within a minute.`,
      view: `/rebalances/${encodeURIComponent(groupId)}`,
    })
    known.begun = []
  }
}
