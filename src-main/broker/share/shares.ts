import type { Clock } from '../../base/clock'
import { StorageFailure, type Workspace } from '../../storage'
import type { Clients } from '../clients'
import type { Commits } from '../commits'
import type { Configs } from '../config/configs'
import type { Topics } from '../log/topics'
import { type ShareSession, ShareSessions } from './sessions'
import { SharePartitions } from './share-partitions'

/** What share groups have beside their members: sessions, and deliveries of partitions. */
export class Shares {
  readonly sessions = new ShareSessions()
  readonly partitions: SharePartitions
  readonly #onError: (error: unknown) => void

  constructor(parts: {
    readonly workspace: Workspace
    readonly commits: Commits
    readonly configs: Configs
    readonly topics: Topics
    readonly clients: Clients
    readonly clock: Clock
    readonly onError: (error: unknown) => void
  }) {
    this.partitions = new SharePartitions(parts)
    this.#onError = parts.onError
    // What a client held is free at once when its connection ends, and not only when its locks do.
    parts.clients.changed(({ kind, client }) => {
      if (kind !== 'disconnected') return
      for (const session of this.sessions.ofConnection(client.connection.id)) this.#endQuietly(session)
    })
  }

  /** Ends a session: its member gives back all that it holds. @throws StorageFailure */
  end(session: ShareSession): void {
    const { groupId, memberId } = session
    this.sessions.remove(session)
    this.partitions.releaseMember(groupId, memberId, 'sessionEnded')
    if (this.sessions.ofGroup(groupId).length === 0) this.partitions.closeGroup(groupId)
  }

  /** `share.version` went to 0: nothing of the deliveries stays in memory, locks included (SharePartitionManager.onShareVersionToggle). */
  forgetAll(): void {
    for (const session of this.sessions.all()) {
      this.sessions.remove(session)
      this.partitions.closeGroup(session.groupId)
    }
  }

  dispose(): void {
    this.partitions.dispose()
  }

  #endQuietly(session: ShareSession): void {
    try {
      this.end(session)
    } catch (error) {
      // The file cannot be written: nobody waits for the outcome, and the locks end later.
      if (!(error instanceof StorageFailure)) this.#onError(error)
    }
  }
}
