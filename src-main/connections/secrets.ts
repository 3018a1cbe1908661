import type { SecretStorage } from '../contract/connections'

/** Secrets of connections, by the id of the connection and the name of the setting. */
export interface SecretStore {
  readonly storage: SecretStorage
  /** Why secrets cannot be read or written, in a sentence; null when they can. */
  readonly problem: string | null
  get(id: string, setting: string): string | undefined
  /** Sets or, with null, removes secrets. Those that are not to be stored are kept in memory. @throws UserError */
  set(id: string, secrets: Readonly<Record<string, string | null>>, isStored: boolean): void
  remove(id: string): void
}

/** Secrets in memory, until the process ends: nothing can encrypt them here. */
export class MemorySecrets implements SecretStore {
  readonly storage = 'memory'
  readonly problem = null
  readonly #secrets = new Map<string, Map<string, string>>()

  get(id: string, setting: string): string | undefined {
    return this.#secrets.get(id)?.get(setting)
  }

  set(id: string, secrets: Readonly<Record<string, string | null>>): void {
    const own = this.#secrets.get(id) ?? new Map<string, string>()
    this.#secrets.set(id, own)
    for (const [setting, value] of Object.entries(secrets)) {
      if (value === null) own.delete(setting)
      else own.set(setting, value)
    }
  }

  remove(id: string): void {
    this.#secrets.delete(id)
  }
}
