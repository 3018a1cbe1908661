import type { ScramCredential, ScramHash } from '../../security/scram'
import type { Workspace } from '../../storage'
import type { Commits } from '../commits'
import { DocumentMap } from '../document-map'

/** SCRAM mechanisms by the numbers of ScramMechanism. */
export const scramHashes: Readonly<Record<number, ScramHash>> = { 1: 'sha256', 2: 'sha512' }

/** Users with SCRAM credentials, kept in the workspace. */
export class Users {
  readonly #credentials: DocumentMap<ScramCredential>

  constructor(workspace: Workspace, commits: Commits) {
    this.#credentials = new DocumentMap({ workspace, commits, kind: 'scram' })
  }

  find(user: string, hash: ScramHash): ScramCredential | undefined {
    return this.#credentials.get(`${hash} ${user}`)
  }

  names(): string[] {
    return [...new Set([...this.#credentials.keys()].map((key) => key.slice(key.indexOf(' ') + 1)))].sort()
  }

  /** `null` removes it. @throws StorageFailure */
  set(user: string, hash: ScramHash, credential: ScramCredential | null): void {
    const key = `${hash} ${user}`
    if (credential) this.#credentials.set(key, credential)
    else this.#credentials.delete(key)
  }
}
