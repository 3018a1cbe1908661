import { Emitter, type Listen } from '../base/emitter'
import type { Core } from '../broker/core'
import type { ActivityLine } from '../contract/workspace'

const kept = 200

/** What happened lately, in plain words, the newest first. */
export class Activity {
  readonly changed: Listen<void>
  readonly #changes: Emitter<void>
  readonly #core: Core
  readonly #ends: (() => void)[]
  #lines: readonly ActivityLine[] = []
  #seq = 0

  constructor(core: Core, onError: (error: unknown) => void) {
    this.#core = core
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    const verbs = { created: 'was created', deleted: 'was deleted', grown: 'has more partitions' } as const
    this.#ends = [
      core.topics.changed(({ kind, topic }) => {
        const count = `${topic.partitionCount} partition${topic.partitionCount === 1 ? '' : 's'}`
        const detail = kind === 'deleted' ? '' : kind === 'grown' ? `: ${count} now` : ` with ${count}`
        this.note('topic', `Topic ${topic.name} ${verbs[kind]}${detail}`, topic.name)
      }),
      core.clients.changed(({ kind, client }) => {
        const { softwareName, softwareVersion, connection, clientId, lastError } = client
        if (kind === 'identified') {
          this.note(
            'client',
            `${clientId || 'A client'} connected: ${softwareName} ${softwareVersion}`,
            String(connection.id),
          )
        } else if (kind === 'failed' && lastError && lastError.error !== '' && !quiet.has(lastError.error)) {
          this.note(
            'error',
            `${clientId || 'A client'}: ${lastError.error} on ${lastError.api}, ${lastError.text}`,
            String(connection.id),
          )
        }
      }),
      core.groups.framed(({ groupId, cause, kind }) => {
        if (!routine.has(kind) && !cause.endsWith('was given its member id'))
          this.note('group', `${groupId}: ${cause}`, groupId)
      }),
      core.transactions.changed(({ transaction, cause }) => {
        if (cause === 'timed out') {
          this.note(
            'transaction',
            `The transaction of ${transaction.transactionalId} timed out and was aborted`,
            transaction.transactionalId,
          )
        }
      }),
    ]
  }

  get lines(): readonly ActivityLine[] {
    return this.#lines
  }

  note(kind: ActivityLine['kind'], text: string, subject: string | null): void {
    const line = { seq: ++this.#seq, at: this.#core.clock.now(), kind, text, subject }
    this.#lines = [line, ...this.#lines.slice(0, kept - 1)]
    this.#changes.emit()
  }

  dispose(): void {
    for (const end of this.#ends) end()
  }
}

/** Errors that are part of a healthy day: a rebalance, a consumer that asks too early. */
const quiet = new Set([
  'REBALANCE_IN_PROGRESS',
  'MEMBER_ID_REQUIRED',
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'COORDINATOR_NOT_AVAILABLE',
])
/** Steps of a rebalance that its own page shows. */
const routine = new Set(['sync', 'initialDelayOver', 'pendingExpired'])
