import type { Clock } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import { type Cause, causeText } from '../../contract/causes'
import type { ActivityLine } from '../../contract/workspace'
import { isRoutine } from '../clients/routine-errors'
import type { ClusterSource } from '../source/source'

const kept = 200

/** Recent events in plain words, the newest first. */
export class Activity {
  readonly changed: Listen<void>
  readonly #changes: Emitter<void>
  readonly #clock: Clock
  readonly #ends: readonly ((() => void) | undefined)[]
  #lines: readonly ActivityLine[] = []
  #seq = 0

  constructor(source: ClusterSource, clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    const verbs = { created: 'was created', deleted: 'was deleted', grown: 'has more partitions' } as const
    this.#ends = [
      source.topics.changed(({ kind, topic }) => {
        const count = `${topic.partitions} partition${topic.partitions === 1 ? '' : 's'}`
        const detail = kind === 'deleted' ? '' : kind === 'grown' ? `: ${count} now` : ` with ${count}`
        this.note('topic', `Topic ${topic.name} ${verbs[kind]}${detail}`, kind === 'deleted' ? null : topic.name)
      }),
      source.clients?.changed(({ kind, client }) => {
        const { softwareName, softwareVersion, connectionId, clientId, lastError } = client
        if (kind === 'identified') {
          this.note(
            'client',
            `${clientId || 'A client'} connected: ${softwareName} ${softwareVersion}`,
            String(connectionId),
          )
        } else if (kind === 'failed' && lastError && !isRoutine(lastError.error)) {
          this.note(
            'error',
            lastError.error === ''
              ? `The connection of ${clientId || 'a client'} was closed: ${lastError.text}`
              : `${clientId || 'A client'}: ${lastError.error} on ${lastError.api}${lastError.text === '' ? '' : `: ${lastError.text}`}`,
            String(connectionId),
          )
        }
      }),
      source.journal?.framed(({ groupId, causes }) => {
        const [first] = causes
        if (!first || isRoutineCause(first)) return
        const isStep = causes.every(({ kind }) => steps.has(kind))
        const before = isStep ? this.#lines.find(({ kind, subject }) => kind === 'group' && subject === groupId) : null
        this.#add('group', `${groupId}: ${causeText(causes)}`, groupId, before?.rebalance ?? this.#seq + 1)
      }),
      source.transactions.changed(({ transaction: { transactionalId }, cause }) => {
        if (cause === 'aborted') {
          this.note('transaction', `The transaction of ${transactionalId} was aborted`, transactionalId)
        } else if (cause === 'timed out') {
          this.note('transaction', `The transaction of ${transactionalId} timed out and was aborted`, transactionalId)
        }
      }),
    ]
  }

  get lines(): readonly ActivityLine[] {
    return this.#lines
  }

  note(kind: Exclude<ActivityLine['kind'], 'group'>, text: string, subject: string | null): void {
    this.#add(kind, text, subject, null)
  }

  #add(kind: ActivityLine['kind'], text: string, subject: string | null, rebalance: number | null): void {
    const line = { seq: ++this.#seq, at: this.#clock.now(), kind, text, rebalance, subject }
    this.#lines = [line, ...this.#lines.slice(0, kept - 1)]
    this.#changes.emit()
  }

  dispose(): void {
    for (const end of this.#ends) end?.()
  }
}

/** Steps of a rebalance that its own page shows; that the others join again is what a rebalance is. */
const routine: ReadonlySet<Cause['kind']> = new Set([
  'memberIdAssigned',
  'pendingExpired',
  'initialDelayElapsed',
  'awaitsAssignment',
  'assigned',
  'assignmentFetched',
  // The page of the group counts them.
  'deliveries',
  'otherDeliveries',
  'deadLettered',
])

/** What a member does to carry out a rebalance: on Home it belongs to the line of what began the rebalance. */
const steps: ReadonlySet<Cause['kind']> = new Set([
  'mustRevoke',
  'revoked',
  'gained',
  'awaitsPartitions',
  'mustRevokeTasks',
  'revokedTasks',
  'gainedTasks',
  'awaitsTasks',
  'epochReached',
  'targetMade',
])

function isRoutineCause(cause: Cause): boolean {
  return routine.has(cause.kind) || (cause.kind === 'rejoined' && cause.because === null && cause.reason === null)
}
