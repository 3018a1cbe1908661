import { createHash, timingSafeEqual } from 'node:crypto'
import { credentialOf, type ScramCredential, type ScramHash, saltPasswordAside } from '../../security/scram'
import type { Core } from '../core'

const hashes: readonly ScramHash[] = ['sha256', 'sha512']
/** Passwords that were right, so that a client with a pool of connections does not cost 4096 rounds per request. */
const keptProofs = 100

/**
 * Basic authentication of the schema registry: the users are those of SCRAM and of PLAIN on the listeners.
 *
 * @param isRequired every listener asks who a client is: then nobody gets in without a password
 */
export class BasicAuth {
  readonly #core: Core
  readonly #listeners: readonly string[]
  readonly #isRequired: boolean
  readonly #proofs = new Map<string, string>()
  /** Checks come one after the other: whoever tries passwords takes no more than one thread. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(core: Core, listeners: readonly string[], isRequired: boolean) {
    this.#core = core
    this.#listeners = listeners
    this.#isRequired = isRequired
  }

  /** A registry without users ignores what is sent. */
  async admits(credentials: { readonly user: string; readonly password: string } | null): Promise<boolean> {
    if (credentials === null) return !this.#isRequired
    const { user, password } = credentials
    if (!this.#hasUsers()) return !this.#isRequired
    if (this.#isPlain(user, password)) return true
    for (const hash of hashes) if (await this.#isScram(hash, user, password)) return true
    return false
  }

  #hasUsers(): boolean {
    const { users, authentication } = this.#core
    return users.names().length > 0 || this.#listeners.some((name) => authentication.plainUsers(name).size > 0)
  }

  #isPlain(user: string, password: string): boolean {
    return this.#listeners.some((name) => {
      const expected = this.#core.authentication.plainUsers(name).get(user)
      return expected !== undefined && isSame(expected, password)
    })
  }

  async #isScram(hash: ScramHash, user: string, password: string): Promise<boolean> {
    const credential = this.#core.users.find(user, hash)
    if (!credential) return false
    const proof = createHash('sha256').update(`${credential.storedKey}\0${password}`).digest('base64')
    const key = `${hash} ${user}`
    if (this.#proofs.get(key) === proof) return true
    const checked = this.#last.then(() => isPassword(hash, credential, password))
    this.#last = checked.catch(() => {})
    if (!(await checked)) return false
    if (this.#proofs.size >= keptProofs) this.#proofs.clear()
    this.#proofs.set(key, proof)
    return true
  }
}

async function isPassword(
  hash: ScramHash,
  { salt, iterations, storedKey }: ScramCredential,
  password: string,
): Promise<boolean> {
  const bytes = Buffer.from(salt, 'base64')
  const salted = await saltPasswordAside(hash, password, bytes, iterations)
  return isSame(credentialOf(hash, bytes, iterations, salted).storedKey, storedKey)
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
