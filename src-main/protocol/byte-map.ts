import { type ApiName, apiByName } from './api-types'
import { type Span, trace } from './codec'
import { errorName } from './errors'
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

/** What could be read of a frame: its fields, or why not and at which byte. */
export interface MappedFrame {
  readonly map: ByteMap | null
  readonly problem: { readonly offset: number; readonly text: string } | null
}

/** Which bytes of a request frame mean what. */
export function mapRequest(name: ApiName, version: number, frame: Uint8Array): MappedFrame {
  const api: Api = apiByName(name)
  return unlessBroken(() => {
    const { bodyOffset } = readRequestHeader(frame, requestHeaderVersion(api, version))
    return trace(api.request, version, frame, bodyOffset).span
  })
}

/** Which bytes of a response frame mean what. */
export function mapResponse(name: ApiName, version: number, frame: Uint8Array): MappedFrame {
  const api: Api = apiByName(name)
  return unlessBroken(() => {
    const { bodyOffset } = readResponseHeader(frame, responseHeaderVersion(api, version))
    return trace(api.response, version, frame, bodyOffset).span
  })
}

function unlessBroken(read: () => Span): MappedFrame {
  try {
    return { map: told(read()), problem: null }
  } catch (error) {
    if (error instanceof DecodeError) return { map: null, problem: { offset: error.offset, text: error.message } }
    throw error
  }
}

function told({ name, start, end, value, children }: Span): ByteMap {
  return {
    name,
    start,
    end,
    value: children.length > 0 || value === undefined ? null : `${text(value)}${meaning(name, value)}`,
    children: children.map(told),
  }
}

/** What a number stands for, where Kafka has a name for it. */
function meaning(name: string, value: unknown): string {
  if (typeof value !== 'number') return ''
  if (name === 'errorCode' || /ErrorCode$/.test(name)) return ` ${errorName(value)}`
  if (name === 'acks') return { [-1]: ' all', 0: ' none', 1: ' leader' }[value] ?? ''
  if (name === 'isolationLevel') return { 0: ' read_uncommitted', 1: ' read_committed' }[value] ?? ''
  return ''
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
