import { Emitter, type Listen } from '../../base/emitter'
import type { Contract } from '../../contract/contract'
import type { DecodingRegistry } from '../../contract/decoding-registry'
import type { InputOf } from '../../contract/define'
import type { KeptMap } from '../source/workspace'
import { certificateProblem, type RegistryAccess, registryUrl } from './access'
import { askRegistry } from './http'
import { refusal } from './remote-schemas'

type Input = InputOf<Contract['registry.choose']>
/** What a workspace remembers: it may be mailed, so it has no secret. */
export type KeptRegistry = Pick<Input, 'auth' | 'user' | 'ca'> & { readonly url: string }

interface ChoiceParts {
  readonly kept: KeptMap<KeptRegistry>
  /** Given at the start: it takes precedence. */
  readonly given: RegistryAccess | null
  /** Decode with this one from now on; `null`: with our own. */
  readonly use: (access: RegistryAccess | null) => void
  readonly onError: (error: unknown) => void
}

const key = 'decoding'
const givenAtStart = 'Set with --decoding-registry or in the file of --cluster, which takes precedence.'
const withoutSecret = 'Its password or token was in memory and is gone since the app was started: enter it again.'

/** Which registry keys and values are decoded with. A secret is kept in memory alone, until the app ends. */
export class RegistryChoice {
  readonly changed: Listen<void>
  readonly #parts: ChoiceParts
  readonly #changes: Emitter<void>
  #kept: KeptRegistry | null = null
  #secret: string | null = null

  constructor(parts: ChoiceParts) {
    this.#parts = parts
    this.#changes = new Emitter(parts.onError)
    this.changed = this.#changes.listen
    if (parts.given) parts.use(parts.given)
    else this.#restore().catch(parts.onError)
  }

  get view(): DecodingRegistry {
    const { given } = this.#parts
    if (given) {
      const auth = given.bearer !== null ? 'bearer' : given.basic !== null ? 'basic' : 'none'
      const user = given.basic?.split(':')[0] ?? ''
      return { url: given.url, auth, user, ca: given.ca ?? '', hasSecret: auth !== 'none', fixed: givenAtStart }
    }
    const { url = null, auth = 'none', user = '', ca = '' } = this.#kept ?? {}
    return { url, auth, user, ca, hasSecret: this.#secret !== null, fixed: null }
  }

  /** @throws Error with a sentence */
  async choose(input: Input): Promise<void> {
    if (this.#parts.given) throw new Error(givenAtStart)
    const access = this.#accessOf(input)
    const { auth, user, ca } = input
    const kept = access && { url: access.url, auth, user: auth === 'basic' ? user : '', ca }
    await this.#parts.kept.set(key, kept)
    this.#secret = access && this.#secretOf(input, access.url)
    this.#kept = kept
    this.#parts.use(access)
    this.#changes.emit()
  }

  /** How many subjects the registry has. @throws Error with a sentence */
  async test(input: Input): Promise<number> {
    const access = this.#accessOf(input)
    if (!access) throw new Error('Enter the address of a registry.')
    const where = `The registry at ${access.url}`
    const answer = await askRegistry(access, '/subjects').catch((error: unknown) => {
      throw new Error(`${where} cannot be reached: ${error instanceof Error ? error.message : String(error)}.`)
    })
    if (answer.status !== 200 || !Array.isArray(answer.body)) throw new Error(`${refusal(where, answer)}.`)
    return answer.body.length
  }

  async #restore(): Promise<void> {
    const kept = (await this.#parts.kept.get(key)) ?? null
    if (!kept || this.#kept) return
    this.#kept = kept
    const { url, auth } = kept
    const ca = kept.ca || null
    this.#parts.use({ url, basic: null, bearer: null, ca, ...(auth === 'none' ? {} : { problem: withoutSecret }) })
    this.#changes.emit()
  }

  #accessOf(input: Input): RegistryAccess | null {
    const { url: text, auth, user, ca } = input
    if (text === null) return null
    const url = registryUrl(text)
    const problem = ca.trim() === '' ? undefined : certificateProblem(ca)
    if (problem) throw new Error(problem)
    const secret = this.#secretOf(input, url)
    if (auth !== 'none' && secret === null) {
      throw new Error(auth === 'basic' ? 'Enter the password.' : 'Enter the token.')
    }
    return {
      url,
      basic: auth === 'basic' ? `${user}:${secret}` : null,
      bearer: auth === 'bearer' ? secret : null,
      ca: ca.trim() === '' ? null : ca,
    }
  }

  /** A secret that was entered for one registry is not sent to another one. */
  #secretOf({ auth, user, secret }: Input, url: string): string | null {
    if (auth === 'none') return null
    const isSame =
      this.#kept?.url === url && this.#kept.auth === auth && this.#kept.user === (auth === 'basic' ? user : '')
    return secret ?? (isSame ? this.#secret : null)
  }
}
