import type { ScramCredential, ScramHash } from '../../security/scram'
import type { Workspace } from '../../storage'
import type { Commits, Uncommitted } from '../commits'

const kind = 'scram'

/** SCRAM mechanisms by the numbers of ScramMechanism. */
export const scramHashes: Readonly<Record<number, ScramHash>> = { 1: 'sha256', 2: 'sha512' }

/** Users with SCRAM credentials, kept in the workspace. */
export class Users implements Uncommitted {
  readonly #workspace: Workspace
  readonly #commits: Commits
  readonly #credentials = new Map<string, ScramCredential>()

  constructor(workspace: Workspace, commits: Commits) {
    this.#workspace = workspace
    this.#commits = commits
    this.rolledBack()
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
    const value = credential && JSON.stringify(credential)
    this.#workspace.write(() => this.#workspace.documents.set(kind, key, value))
    if (credential) this.#credentials.set(key, credential)
    else this.#credentials.delete(key)
    this.#commits.touch(this)
  }

  committed(): void {}

  rolledBack(): void {
    this.#credentials.clear()
    for (const { key, value } of this.#workspace.documents.list(kind)) {
      this.#credentials.set(key, JSON.parse(value) as ScramCredential)
    }
  }
}
