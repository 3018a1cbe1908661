import { type ApiName, apiByKey, apiByName } from './api-types'
import { type Span, trace } from './codec'
import { errorName } from './errors'
import { DecodeError } from './failures'
import { readRequestHeader, readResponseHeader, requestHeaderVersion, responseHeaderVersion } from './header'
import type { Api } from './schema'

/** A value with the bytes that it was read from; only leaves have text. */
interface ByteMap {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly value: string | null
  readonly children: readonly ByteMap[]
}

/** Longer values are cut: the bytes themselves are shown beside. */
const shownCharacters = 200

/** What could be read of a frame: its fields, and why the rest could not be read, and at which byte. */
export interface MappedFrame {
  readonly map: ByteMap | null
  readonly problem: { readonly offset: number; readonly text: string } | null
}

/** Which bytes of a request frame mean what; of an API or version that is not known, only the header. */
export function mapRequest(name: ApiName | null, version: number | null, frame: Uint8Array): MappedFrame {
  const api: Api | undefined = name === null ? undefined : apiByName(name)
  const header = headerMap(frame)
  const whole = (children: readonly ByteMap[]): ByteMap => ({
    name: 'Request',
    start: 0,
    end: frame.byteLength,
    value: null,
    children: header ? [header, ...children] : children,
  })
  if (!api || version === null || version < api.versions[0] || version > api.versions[1])
    return { map: whole([]), problem: null }
  return unlessBroken(whole([]), () => {
    const { bodyOffset } = readRequestHeader(frame, requestHeaderVersion(api, version))
    // Bytes behind the last field are ignored, as they were when it was served.
    const { span, problem } = trace(api.request, version, frame, bodyOffset, true)
    return { map: whole(span.children.map(told)), problem: problem && problemOf(problem) }
  })
}

/** Which bytes of a response frame mean what. */
export function mapResponse(name: ApiName, version: number, frame: Uint8Array): MappedFrame {
  const api: Api = apiByName(name)
  return unlessBroken(null, () => {
    const { bodyOffset } = readResponseHeader(frame, responseHeaderVersion(api, version))
    const { span, problem } = trace(api.response, version, frame, bodyOffset, false)
    return { map: told(span), problem: problem && problemOf(problem) }
  })
}

function problemOf({ offset, message }: DecodeError): { readonly offset: number; readonly text: string } {
  return { offset, text: message }
}

function unlessBroken(rest: ByteMap | null, read: () => MappedFrame): MappedFrame {
  try {
    return read()
  } catch (error) {
    if (error instanceof DecodeError) return { map: rest, problem: problemOf(error) }
    throw error
  }
}

/** The fields that all requests begin with, as far as there are bytes. */
function headerMap(frame: Uint8Array): ByteMap | null {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
  const field = (name: string, start: number, end: number, value: string) => ({ name, start, end, value, children: [] })
  const children: ByteMap[] = []
  if (bytes.length >= 2) {
    const key = bytes.readInt16BE(0)
    children.push(field('apiKey', 0, 2, `${key}${apiByKey(key) ? ` ${apiByKey(key)?.name}` : ''}`))
  }
  if (bytes.length >= 4) children.push(field('apiVersion', 2, 4, String(bytes.readInt16BE(2))))
  if (bytes.length >= 8) children.push(field('correlationId', 4, 8, String(bytes.readInt32BE(4))))
  const length = bytes.length >= 10 ? bytes.readInt16BE(8) : -2
  const end = 10 + Math.max(0, length)
  if (length >= -1 && end <= bytes.length)
    children.push(field('clientId', 8, end, length < 0 ? 'null' : text(bytes.toString('utf8', 10, end))))
  const last = children.at(-1)
  return last ? { name: 'header', start: 0, end: last.end, value: null, children } : null
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
