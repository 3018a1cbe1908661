import { type ApiName, apiByName } from './api-types'
import { type Span, trace } from './codec'
import { DecodeError } from './failures'
import { readRequestHeader, readResponseHeader, requestHeaderVersion, responseHeaderVersion } from './header'
import type { Api } from './schema'

/** A value with the bytes that it was read from; only leaves have text. */
export interface ByteMap {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly value: string | null
  readonly children: readonly ByteMap[]
}

/** Longer values are cut: the bytes themselves are shown beside. */
const shownCharacters = 200

/** Which bytes of a request frame mean what; `null` when it cannot be read. */
export function mapRequest(name: ApiName, version: number, frame: Uint8Array): ByteMap | null {
  const api: Api = apiByName(name)
  return unlessBroken(() => {
    const { bodyOffset } = readRequestHeader(frame, requestHeaderVersion(api, version))
    return trace(api.request, version, frame, bodyOffset).span
  })
}

/** Which bytes of a response frame mean what; `null` when it cannot be read. */
export function mapResponse(name: ApiName, version: number, frame: Uint8Array): ByteMap | null {
  const api: Api = apiByName(name)
  return unlessBroken(() => {
    const { bodyOffset } = readResponseHeader(frame, responseHeaderVersion(api, version))
    return trace(api.response, version, frame, bodyOffset).span
  })
}

function unlessBroken(read: () => Span): ByteMap | null {
  try {
    return told(read())
  } catch (error) {
    if (error instanceof DecodeError) return null
    throw error
  }
}

function told({ name, start, end, value, children }: Span): ByteMap {
  return {
    name,
    start,
    end,
    value: children.length > 0 || value === undefined ? null : text(value),
    children: children.map(told),
  }
}

function text(value: unknown): string {
  if (value === null) return 'null'
  if (value instanceof Uint8Array) {
    const { byteLength } = value
    const shown = Buffer.from(value.buffer, value.byteOffset, Math.min(byteLength, shownCharacters / 2)).toString('hex')
    return `${byteLength} bytes${byteLength > 0 ? `: ${shown}` : ''}`
  }
  const whole =
    typeof value === 'object'
      ? JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))
      : String(value)
  return whole.length > shownCharacters ? `${whole.slice(0, shownCharacters)}…` : whole
}
