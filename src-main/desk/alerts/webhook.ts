import { lookup as lookUp } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { AlertLine, WebhookAnswer } from '../../contract/alerts'

const timeoutMs = 5000
/** Pauses before the second try and those after it. */
const pausesMs = [2000, 10_000, 60_000]
/** Calls that wait for one that is tried again; more alerts than this begin and end in vain. */
const mostWaiting = 4
/** What is shown of an answer. */
const shownBytes = 1000

/**
 * Addresses that nobody runs a webhook on: link-local ones, where clouds have the credentials of their machines, and multicast. Loopback is
 * fine: whoever may set alerts here may call anything on this machine anyway, and that is where one tries a webhook.
 */
const forbidden = new BlockList()
forbidden.addSubnet('169.254.0.0', 16, 'ipv4')
forbidden.addSubnet('224.0.0.0', 4, 'ipv4')
forbidden.addSubnet('fe80::', 10, 'ipv6')
forbidden.addSubnet('ff00::', 8, 'ipv6')
forbidden.addAddress('fd00:ec2::254', 'ipv6')

function isForbidden(address: string): boolean {
  return forbidden.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

const linkLocal = 'The webhook has a link-local or multicast address: that is not allowed.'

/** @throws Error with a sentence when no webhook can have this address; the sentence does not repeat it, because it may hold a secret */
export function checkWebhook(url: string): void {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' }
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error('The webhook is not an http or https address.')
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && isForbidden(host)) throw new Error(linkLocal)
}

/** A name is looked up for the call itself, so that it cannot mean another address a moment later. */
const lookupAllowed: LookupFunction = (host, options, done) => {
  lookUp(host, options, (error, found, family) => {
    const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address)
    done(error ?? (addresses.some(isForbidden) ? new Error(linkLocal) : null), found, family)
  })
}

/** Posts JSON once, for a bounded time. Redirects are not followed. @throws Error that says why there is no answer, without the address */
export function postWebhook(url: string, body: unknown): Promise<WebhookAnswer> {
  checkWebhook(url)
  const { protocol, username, password } = new URL(url)
  const begunAt = performance.now()
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'ottla' },
    signal: AbortSignal.timeout(timeoutMs),
    lookup: lookupAllowed,
    agent: false as const,
    ...(username === '' ? {} : { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` }),
  }
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new Error(reasonOf(error)))
    const request = (protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      textOf(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, text, tookMs: Math.round(performance.now() - begunAt) }),
        fail,
      )
    })
    request.on('error', fail)
    request.end(JSON.stringify(body))
  })
}

/** The beginning of an answer; the rest of a long one is not read. */
async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= shownBytes) break
  }
  return Buffer.concat(chunks).subarray(0, shownBytes).toString('utf8')
}

function reasonOf(error: Error & { readonly code?: string; readonly errors?: readonly Error[] }): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return `it did not answer within ${timeoutMs / 1000} s`
  // A name with several addresses fails with one error for each.
  const first = error.errors?.[0] ?? error
  return first.message || error.code || error.name
}

interface WebhookParts {
  readonly clock: Clock
  /** `called` is another one now. */
  readonly changed: () => void
  readonly onError: (error: unknown) => void
}

/** The webhook of an alert: what it is told leaves in order, each call is tried a few times with growing pauses. */
export class Webhook implements Disposable {
  readonly url: string
  readonly #parts: WebhookParts
  readonly #waiting: unknown[] = []
  #called: AlertLine['called'] = null
  #isBusy = false
  #isOver = false
  #wake = () => {}

  constructor(url: string, parts: WebhookParts) {
    this.url = url
    this.#parts = parts
  }

  /** The last try. */
  get called(): AlertLine['called'] {
    return this.#called
  }

  call(body: unknown): void {
    if (this.#waiting.length === mostWaiting) this.#waiting.shift()
    this.#waiting.push(body)
    if (!this.#isBusy) this.#run().catch(this.#parts.onError)
  }

  dispose(): void {
    this.#isOver = true
    this.#wake()
  }

  async #run(): Promise<void> {
    this.#isBusy = true
    for (let body = this.#waiting.shift(); body !== undefined && !this.#isOver; body = this.#waiting.shift())
      await this.#deliver(body)
    this.#isBusy = false
  }

  async #deliver(body: unknown): Promise<void> {
    const { clock, changed } = this.#parts
    for (let tries = 1; !this.#isOver; tries++) {
      const { problem, mayPass } = await attempt(this.url, body)
      const pauseMs = problem !== null && mayPass ? pausesMs[tries - 1] : undefined
      const nextAt = pauseMs === undefined ? null : clock.now() + pauseMs
      this.#called = { at: clock.now(), problem, tries, nextAt }
      changed()
      if (nextAt === null) return
      await new Promise<void>((resolve) => {
        const cancel = clock.at(nextAt, resolve)
        this.#wake = () => {
          cancel()
          resolve()
        }
      })
    }
  }
}

/** What a later try would not change, such as an address that is not there, is not tried again. */
async function attempt(url: string, body: unknown): Promise<{ problem: string | null; mayPass: boolean }> {
  try {
    const { status } = await postWebhook(url, body)
    if (status >= 200 && status < 300) return { problem: null, mayPass: false }
    return { problem: `it answered ${status}`, mayPass: status >= 500 || status === 408 || status === 429 }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), mayPass: true }
  }
}
