import { DecodeError } from './failures'
import { Reader, ReadFault } from './reader'
import type { Api, UnknownTag } from './schema'
import type { Writer } from './writer'

/** RequestHeader, the same value in versions 1 and 2. Its client id keeps the old length even when the header has tags. */
export interface RequestHeader {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly unknownTaggedFields?: readonly UnknownTag[]
}

const apiVersionsKey = 18

export function requestHeaderVersion(api: Api, version: number): 1 | 2 {
  return version >= api.flexible ? 2 : 1
}

/** A client that asks for the versions cannot know the newest header yet, so ApiVersions is always answered with version 0 (KIP-511). */
export function responseHeaderVersion(api: Api, version: number): 0 | 1 {
  return version >= api.flexible && api.key !== apiVersionsKey ? 1 : 0
}

/** The eight bytes that every request begins with, whatever its version. */
export function readRequestKey(frame: Uint8Array): { apiKey: number; apiVersion: number; correlationId: number } {
  return guarded('RequestHeader', 0, () => {
    const reader = new Reader(frame)
    return { apiKey: reader.int16(), apiVersion: reader.int16(), correlationId: reader.int32() }
  })
}

/** A request frame without its body: the header, and where the body begins. */
export function readRequestHeader(
  frame: Uint8Array,
  headerVersion: 1 | 2,
): { header: RequestHeader; bodyOffset: number } {
  return guarded('RequestHeader', headerVersion, () => {
    const reader = new Reader(frame)
    const apiKey = reader.int16()
    const apiVersion = reader.int16()
    const correlationId = reader.int32()
    const length = reader.int16()
    if (length < -1) throw new ReadFault(reader.position - 2, `negative length ${length}`)
    const clientId = length < 0 ? null : reader.text(length)
    const header = { apiKey, apiVersion, correlationId, clientId }
    const tags = headerVersion >= 2 ? readUnknownTags(reader) : undefined
    return { header: tags ? { ...header, unknownTaggedFields: tags } : header, bodyOffset: reader.position }
  })
}

/** A response frame without its body. */
export function readResponseHeader(
  frame: Uint8Array,
  headerVersion: 0 | 1,
): { correlationId: number; unknownTaggedFields?: UnknownTag[]; bodyOffset: number } {
  return guarded('ResponseHeader', headerVersion, () => {
    const reader = new Reader(frame)
    const correlationId = reader.int32()
    const tags = headerVersion >= 1 ? readUnknownTags(reader) : undefined
    return { correlationId, ...(tags && { unknownTaggedFields: tags }), bodyOffset: reader.position }
  })
}

export function writeRequestHeader(header: RequestHeader, headerVersion: 1 | 2, to: Writer): void {
  to.int16(header.apiKey)
  to.int16(header.apiVersion)
  to.int32(header.correlationId)
  if (header.clientId === null) to.int16(-1)
  else {
    const length = Buffer.byteLength(header.clientId)
    to.int16(length)
    to.text(header.clientId, length)
  }
  if (headerVersion >= 2) writeUnknownTags(header.unknownTaggedFields ?? [], to)
}

export function writeResponseHeader(
  header: { readonly correlationId: number; readonly unknownTaggedFields?: readonly UnknownTag[] },
  headerVersion: 0 | 1,
  to: Writer,
): void {
  to.int32(header.correlationId)
  if (headerVersion >= 1) writeUnknownTags(header.unknownTaggedFields ?? [], to)
}

/** Nearly no header has any. */
function readUnknownTags(from: Reader): UnknownTag[] | undefined {
  const count = from.uvarint()
  if (count === 0) return undefined
  if (count * 2 > from.left) throw new ReadFault(from.position, `${count} tags declared, ${from.left} bytes left`)
  return Array.from({ length: count }, () => {
    const tag = from.uvarint()
    return { tag, data: from.view(from.uvarint()) }
  })
}

function writeUnknownTags(tags: readonly UnknownTag[], to: Writer): void {
  to.uvarint(tags.length)
  for (const { tag, data } of tags) {
    to.uvarint(tag)
    to.uvarint(data.byteLength)
    to.blob(data)
  }
}

function guarded<T>(subject: string, version: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ReadFault) throw new DecodeError(subject, version, 'header', error.offset, error.reason)
    throw error
  }
}
