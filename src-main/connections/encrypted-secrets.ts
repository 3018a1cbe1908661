import { UserError } from '../base/user-error'
import { map, record, text } from '../contract/check'
import { JsonFile } from './json-file'
import { MemorySecrets, type SecretStore } from './secrets'

/** Encryption with a key that the system keeps. */
export interface Cipher {
  /** `memory`: it cannot encrypt now. */
  storage(): SecretStore['storage']
  encrypt(text: string): Buffer
  /** @throws Error when it was encrypted with another key */
  decrypt(bytes: Buffer): string
}

const problems = {
  otherKey:
    'Some secrets cannot be decrypted: they were stored on another machine, or the keyring was replaced. Enter them again.',
  noKeyring:
    'Some secrets are stored, but the keyring of this system is not available, so they cannot be decrypted. Unlock it and start Ottla again, or enter them: they are then kept in memory.',
} as const

const content = record({ secrets: map(map(text(1_000_000), 100), 1000) })

/** Secrets in a file of their own, each encrypted; and in memory where they are not to be stored. */
export class EncryptedSecrets implements SecretStore {
  readonly #cipher: Cipher
  readonly #file: JsonFile<{ readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>> }>
  readonly #memory = new MemorySecrets()
  /** Why a stored secret could not be decrypted when it was asked for. */
  #failure: 'otherKey' | 'noKeyring' | null = null

  constructor(path: string, cipher: Cipher, now: () => number) {
    this.#cipher = cipher
    this.#file = new JsonFile(path, { check: content, empty: { secrets: {} }, now })
  }

  get storage(): SecretStore['storage'] {
    return this.#cipher.storage()
  }

  get problem(): string | null {
    return this.#failure === null ? this.#file.problem : problems[this.#failure]
  }

  get(id: string, setting: string): string | undefined {
    const inMemory = this.#memory.get(id, setting)
    const stored = inMemory === undefined ? this.#file.read().secrets[id]?.[setting] : undefined
    if (stored === undefined) return inMemory
    if (this.storage === 'memory') {
      this.#failure = 'noKeyring'
      return undefined
    }
    try {
      return this.#cipher.decrypt(Buffer.from(stored, 'base64'))
    } catch {
      this.#failure = 'otherKey'
      return undefined
    }
  }

  set(id: string, secrets: Readonly<Record<string, string | null>>, isStored: boolean): void {
    const isEncrypted = isStored && this.storage !== 'memory'
    const { secrets: all } = this.#file.read()
    const own: Record<string, string> = { ...all[id] }
    const kept: Record<string, string | null> = {}
    for (const [setting, value] of Object.entries(secrets)) {
      delete own[setting]
      if (value !== null && isEncrypted) own[setting] = this.#encrypted(value)
      kept[setting] = isEncrypted ? null : value
    }
    this.#write({ ...all, [id]: own })
    this.#memory.set(id, kept)
    this.#failure = null
  }

  remove(id: string): void {
    this.#memory.remove(id)
    const { [id]: own, ...others } = this.#file.read().secrets
    if (own !== undefined) this.#write(others)
  }

  #encrypted(value: string): string {
    try {
      return this.#cipher.encrypt(value).toString('base64')
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new UserError(`A secret cannot be encrypted: ${why}. Nothing was saved.`)
    }
  }

  /** A file is written only when there is something in it, or was. */
  #write(secrets: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
    const present = Object.fromEntries(Object.entries(secrets).filter(([, own]) => Object.keys(own).length > 0))
    const before = this.#file.read().secrets
    if (JSON.stringify(present) !== JSON.stringify(before)) this.#file.write({ secrets: present })
  }
}
