import type { IncomingMessage } from 'node:http'
import { type Plain, type PlainObject, RegistryError } from '../registry/schema'

/** A request as the routes see it. */
export interface RestRequest {
  readonly method: string
  /** Segments of the path, each percent-decoded once: a subject may hold a slash. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  /** The JSON of the body. @throws RegistryError 400 for what is no JSON object, 422 for nothing */
  body(): PlainObject
}

/** What a route answers: JSON with status 200, unless it says otherwise. */
export type RestAnswer =
  | { readonly json: unknown; readonly status?: number }
  /** A body that is sent as it is. */
  | { readonly text: string }
  | { readonly status: 204 }

export const contentType = 'application/vnd.schemaregistry.v1+json'
const offered = [contentType, 'application/vnd.schemaregistry+json', 'application/json']

/** The content type of an answer; undefined when none of those offered is accepted. */
export function acceptedType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept.trim() === '') return contentType
  const wanted = accept.split(',').map((part) => (part.split(';')[0] ?? '').trim().toLowerCase())
  const exact = wanted.find((type) => offered.includes(type))
  if (exact) return exact
  return wanted.some((type) => type === '*/*' || type === 'application/*') ? contentType : undefined
}

/** A body longer than this is refused before it is read to its end: the longest schema, escaped, with its references. */
const maxBodyBytes = 16 * 1024 * 1024

/** @throws RegistryError 413 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const tooLarge = () => new RegistryError(413, `The body is larger than ${maxBodyBytes} bytes`)
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge()
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** @throws RegistryError 400, 422 */
export function parseBody(text: string): PlainObject {
  if (text.trim() === '') throw new RegistryError(422, 'The request has no body')
  let value: Plain
  try {
    value = JSON.parse(text) as Plain
  } catch (error) {
    throw new RegistryError(400, `The body is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as PlainObject
  throw new RegistryError(400, 'The body is no JSON object')
}

/** Segments of a path, decoded once. The form `/contexts/.ctx/subjects/S` names a context in front of the subject. */
export function pathOf(url: string): string[] {
  const raw = url.split('?')[0] ?? '/'
  return raw
    .split('/')
    .filter((segment, i, all) => segment !== '' || (i > 0 && i < all.length - 1))
    .map((segment) => {
      try {
        return decodeURIComponent(segment)
      } catch {
        // A stray percent sign stands for itself.
        return segment
      }
    })
}

/** `true` in any case; a bare `?deleted` is false. */
export function flag(query: URLSearchParams, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true'
}

/** As `flag`; null when it is not there. */
export function optionalFlag(query: URLSearchParams, name: string): boolean | null {
  return query.has(name) ? flag(query, name) : null
}

/** The part of a list that `offset` and `limit` ask for; a limit that is none, or too large, is `largest`. */
export function page<T>(list: readonly T[], query: URLSearchParams, largest: number): T[] {
  const given = (name: string) => {
    const text = query.get(name) ?? ''
    return /^-?\d{1,9}$/.test(text) ? Number(text) : -1
  }
  const limit = given('limit')
  const from = Math.max(0, given('offset'))
  return list.slice(from, from + (limit > 0 && limit <= largest ? limit : largest))
}
