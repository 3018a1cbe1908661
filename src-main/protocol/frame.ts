import { type ApiName, apiByKey, apiByName, type RequestInput, type ResponseInput, type ResponseOf } from './api-types'
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
import type { Api, Fields, InputOf } from './schema'
import { Writer } from './writer'

/** A request frame, read. Bytes and records in the body are views into the frame. */
export interface DecodedRequest {
  readonly api: Api
  readonly header: RequestHeader
  readonly body: unknown
}

/**
 * A request in a version that is not served. Only the eight bytes that all versions share could be read; ApiVersions is
 * answered all the same (KIP-511), any other closes the connection.
 */
export interface UnservedRequest {
  readonly unserved: { readonly apiKey: number; readonly apiVersion: number; readonly correlationId: number }
}

/**
 * Reads a request frame (without its length prefix). `isServed` says which APIs and versions have a handler.
 * @throws DecodeError when the bytes are not that request.
 */
export function decodeRequest(
  frame: Uint8Array,
  isServed: (apiKey: number, version: number) => boolean,
): DecodedRequest | UnservedRequest {
  const key = readRequestKey(frame)
  const api: Api | undefined = apiByKey(key.apiKey)
  if (!api || !isServed(key.apiKey, key.apiVersion)) return { unserved: key }
  const { header, bodyOffset } = readRequestHeader(frame, requestHeaderVersion(api, key.apiVersion))
  // Bytes behind the last field are let pass, as by Kafka: librdkafka 2.11.1 sends some with Metadata for all topics.
  return { api, header, body: decodePrefix(api.request, key.apiVersion, frame, bodyOffset) }
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
