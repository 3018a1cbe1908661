import {
  type ApiName,
  apiByKey,
  apiByName,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
} from './api-types'
import { decode, decodePrefix, encodeInto } from './codec'
import {
  type RequestHeader,
  readRequestHeader,
  readRequestKey,
  readResponseHeader,
  requestHeaderVersion,
  responseHeaderVersion,
  writeRequestHeader,
  writeResponseHeader,
} from './header'
import { type Api, covers, type Fields, type InputOf } from './schema'
import { Writer } from './writer'

/** The header of a request frame, read, and where its body begins. */
export interface RequestStart {
  readonly api: Api
  readonly header: RequestHeader
  readonly bodyOffset: number
}

/**
 * A request in a version that is not served. Only the eight bytes that all versions share could be read; ApiVersions is
 * answered all the same (KIP-511), any other closes the connection.
 */
export interface UnservedRequest {
  readonly unserved: { readonly apiKey: number; readonly apiVersion: number; readonly correlationId: number }
}

/**
 * Reads the header of a request frame (without its length prefix). `isServed` says which APIs and versions have a handler.
 * @throws DecodeError when the bytes are no header
 */
export function readRequest(
  frame: Uint8Array,
  isServed: (apiKey: number, version: number) => boolean,
): RequestStart | UnservedRequest {
  const key = readRequestKey(frame)
  const api: Api | undefined = apiByKey(key.apiKey)
  if (!api || !isServed(key.apiKey, key.apiVersion)) return { unserved: key }
  const { header, bodyOffset } = readRequestHeader(frame, requestHeaderVersion(api, key.apiVersion))
  return { api, header, bodyOffset }
}

/**
 * Reads the body of a request; bytes and records in it are views into the frame. Bytes behind the last field are ignored, as Kafka does:
 * librdkafka 2.11.1 sends some with Metadata for all topics.
 * @throws DecodeError when the bytes are not that request
 */
export function decodeBody<N extends ApiName>(
  name: N,
  version: number,
  frame: Uint8Array,
  bodyOffset: number,
): RequestOf<N> {
  const api: Api = apiByName(name)
  return decodePrefix(api.request, version, frame, bodyOffset) as never
}

/** A response that tells the client to pause for at least `ms`, where it has a field for that in this version. */
export function withThrottle<N extends ApiName>(
  name: N,
  version: number,
  body: ResponseInput<N>,
  ms: number,
): ResponseInput<N> {
  if (ms === 0) return body
  const fields: Fields = apiByName(name).response.fields
  const field = fields.throttleTimeMs
  if (!field || !covers(field.options, version)) return body
  const own: unknown = Reflect.get(body, 'throttleTimeMs')
  return Object.assign({}, body, { throttleTimeMs: Math.max(typeof own === 'number' ? own : 0, Math.round(ms)) })
}

/** A response frame without its length prefix, as chunks: record batches stay by reference. */
export function encodeResponse<N extends ApiName>(
  name: N,
  version: number,
  correlationId: number,
  body: ResponseInput<N>,
): Uint8Array[] {
  const api: Api = apiByName(name)
  const writer = new Writer()
  writeResponseHeader({ correlationId }, responseHeaderVersion(api, version), writer)
  encodeInto(api.response, version, body as InputOf<Fields>, writer)
  return writer.chunks()
}

/** The client's side: a request frame without its length prefix. */
export function encodeRequest<N extends ApiName>(
  name: N,
  version: number,
  correlationId: number,
  clientId: string | null,
  body: RequestInput<N>,
): Uint8Array[] {
  const api: Api = apiByName(name)
  const writer = new Writer()
  const header = { apiKey: api.key, apiVersion: version, correlationId, clientId }
  writeRequestHeader(header, requestHeaderVersion(api, version), writer)
  encodeInto(api.request, version, body as InputOf<Fields>, writer)
  return writer.chunks()
}

/** The client's side: reads the response to a request that it sent. */
export function decodeResponse<N extends ApiName>(
  name: N,
  version: number,
  frame: Uint8Array,
): { readonly correlationId: number; readonly body: ResponseOf<N> } {
  const api: Api = apiByName(name)
  const { correlationId, bodyOffset } = readResponseHeader(frame, responseHeaderVersion(api, version))
  return { correlationId, body: decode(api.response, version, frame, bodyOffset) as never }
}
