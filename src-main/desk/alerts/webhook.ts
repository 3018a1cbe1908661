import type { Clock } from '../../base/clock'

const timeoutMs = 5000
/** Pauses before the second and the third try. */
const pausesMs = [2000, 10_000]

/** @throws Error with a sentence when no webhook can have this address */
export function checkWebhook(url: string): void {
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: '' }
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`${url} is not an http or https address.`)
}

/** Posts JSON, at most three times, each for a bounded time. Resolves to why the last try failed, or `null`. */
export async function callWebhook(
  url: string,
  body: unknown,
  clock: Clock,
  isStopped: () => boolean,
): Promise<string | null> {
  for (let tried = 0; ; tried++) {
    const problem = await post(url, body)
    const pauseMs = pausesMs[tried]
    if (problem === null || pauseMs === undefined || isStopped()) return problem
    await new Promise<void>((resolve) => void clock.at(clock.now() + pauseMs, resolve))
    if (isStopped()) return problem
  }
}

async function post(url: string, body: unknown): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.body?.cancel()
    return response.ok ? null : `it answered ${response.status}`
  } catch (error) {
    if (!(error instanceof Error)) return String(error)
    if (error.name === 'TimeoutError') return `it did not answer within ${timeoutMs / 1000} s`
    return error.cause instanceof Error ? error.cause.message : error.message
  }
}
