import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { RegistryAccess } from './access'

/** A registry that takes longer counts as unreachable: rows wait for it. */
const timeoutMs = 8000
const maxBodyBytes = 16 * 1024 * 1024

/** What a registry answered. `body` is undefined when it is not JSON: the page of a proxy, say. */
export interface RegistryAnswer {
  readonly status: number
  readonly body: unknown
}

/** Asks a registry. Redirects are not followed: the credentials are for this address. @throws Error that says why there is no answer */
export function askRegistry(access: RegistryAccess, path: string): Promise<RegistryAnswer> {
  const { url, basic, bearer, ca, identity } = access
  const authorization =
    bearer !== null ? `Bearer ${bearer}` : basic !== null ? `Basic ${Buffer.from(basic).toString('base64')}` : undefined
  const options = {
    method: 'GET',
    headers: {
      accept: 'application/vnd.schemaregistry.v1+json, application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    signal: AbortSignal.timeout(timeoutMs),
    ...(ca === null ? {} : { ca }),
    ...identity,
  }
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new Error(reasonOf(error)))
    const send = url.startsWith('https:') ? requestHttps : requestHttp
    const request = send(`${url}${path}`, options, (response) => {
      bodyOf(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), fail)
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A connection that was kept may have been closed by the other side in the meantime.
      const isStale = request.reusedSocket && error.code === 'ECONNRESET'
      if (isStale) askRegistry(access, path).then(resolve, reject)
      else fail(error)
    })
    request.end()
  })
}

async function bodyOf(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) throw new Error(`its answer is larger than ${maxBodyBytes} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } catch {
    // No registry answers like this; the status tells enough.
    return undefined
  }
}

function reasonOf(error: Error & { readonly code?: string; readonly errors?: readonly Error[] }): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no answer within ${timeoutMs / 1000} s`
  // A name with several addresses fails with one error for each.
  const first = error.errors?.[0] ?? error
  return first.message || error.code || error.name
}
