import { randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Access to the pages: for whoever has the token of the start-up line, from a page that came from this server.
 *
 * `Host` is checked against DNS rebinding, `Origin` against other sites that open a WebSocket to localhost.
 */
export interface Access {
  readonly token: string
  /** True when the `Host` header names this server by a loopback name. */
  allowsHost(host: string | undefined): boolean
  /** True when a page of this server asks; a request without `Origin` does not come from a browser. */
  allowsOrigin(origin: string | undefined): boolean
  allowsToken(token: string | null): boolean
}

/** A token that nobody guesses. */
export function newToken(): string {
  return randomBytes(24).toString('base64url')
}

export function createAccess(port: number, token: string): Access {
  const hosts = new Set(['127.0.0.1', 'localhost', '[::1]'].map((host) => `${host}:${port}`))
  const expected = Buffer.from(token)
  return {
    token,
    allowsHost: (host) => host !== undefined && hosts.has(host.toLowerCase()),
    allowsOrigin: (origin) =>
      origin === undefined || (origin.startsWith('http://') && hosts.has(origin.slice('http://'.length).toLowerCase())),
    allowsToken(given) {
      const bytes = Buffer.from(given ?? '')
      return bytes.length === expected.length && timingSafeEqual(bytes, expected)
    },
  }
}
