import { UserError } from '../base/user-error'

/** A call that a registry refused, or that did not reach it: `message` is a sentence for the user. */
export class RegistryCallError extends UserError {
  override name = 'RegistryCallError'

  /** @param code of the registry's answer, e.g. 40401; null without one */
  constructor(
    message: string,
    readonly code: number | null = null,
  ) {
    super(message)
  }
}

interface Identity {
  /** `user:password` */
  readonly user: string | null
  readonly token: string | null
}

const timeoutMs = 30_000

/** A schema registry over HTTP or HTTPS. */
export class RegistryClient {
  readonly #base: string
  readonly #headers: Readonly<Record<string, string>>

  /** @param url may have a path, and user and password */
  constructor(url: string, { user, token }: Identity) {
    // `localhost:8081` is a URL too, with the scheme `localhost`.
    const parsed = URL.canParse(url) ? new URL(url) : undefined
    if (!parsed || !/^https?:$/.test(parsed.protocol))
      throw new RegistryCallError(`The registry's address is "${url}"; it needs the form http://HOST:PORT.`)
    const inUrl =
      parsed.username === '' ? null : `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`
    const basic = user ?? inUrl
    parsed.username = ''
    parsed.password = ''
    this.#base = parsed.href.replace(/\/$/, '')
    this.#headers = {
      Accept: 'application/vnd.schemaregistry.v1+json',
      'Content-Type': 'application/vnd.schemaregistry.v1+json',
      ...(token !== null ? { Authorization: `Bearer ${token}` } : {}),
      ...(token === null && basic !== null ? { Authorization: `Basic ${Buffer.from(basic).toString('base64')}` } : {}),
    }
  }

  get(path: string): Promise<unknown> {
    return this.#call('GET', path)
  }

  post(path: string, body: object): Promise<unknown> {
    return this.#call('POST', path, body)
  }

  put(path: string, body: object): Promise<unknown> {
    return this.#call('PUT', path, body)
  }

  delete(path: string): Promise<unknown> {
    return this.#call('DELETE', path)
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    let response: Response
    try {
      response = await fetch(`${this.#base}${path}`, {
        method,
        headers: this.#headers,
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new RegistryCallError(`The registry at ${this.#base} cannot be reached: ${why}.`)
    }
    const text = await response.text()
    const json = parsed(text)
    if (response.ok) return json
    const { message, error_code: code } = (json ?? {}) as { message?: string; error_code?: number }
    throw new RegistryCallError(
      `${message ?? `The registry answered ${response.status}`} (${code ?? response.status})`,
      code ?? response.status,
    )
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // No registry: a proxy's page, say. The status tells enough.
    return undefined
  }
}
