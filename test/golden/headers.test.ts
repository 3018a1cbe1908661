import { expect, test } from 'vitest'
import { apis } from '../../src-main/protocol/apis'
import {
  readRequestHeader,
  readResponseHeader,
  requestHeaderVersion,
  responseHeaderVersion,
  writeRequestHeader,
  writeResponseHeader,
} from '../../src-main/protocol/header'
import type { Api } from '../../src-main/protocol/schema'
import { Writer } from '../../src-main/protocol/writer'
import { corpus } from './corpus'

interface HeaderLine {
  readonly kind: 'request' | 'response'
  readonly version: number
  readonly case: string
  readonly hex: string
  readonly json: { requestApiKey: number; requestApiVersion: number; correlationId: number; clientId: string | null }
  readonly encodeHex?: string
}

interface TableLine {
  readonly kind: 'table'
  readonly api: string
  readonly version: number
  readonly requestHeaderVersion: 1 | 2
  readonly responseHeaderVersion: 0 | 1
}

const lines = corpus<HeaderLine | TableLine>('headers')
const byName = new Map<string, Api>(apis.map((api) => [api.name, api]))

const bytesOf = (write: (to: Writer) => void) => {
  const writer = new Writer()
  write(writer)
  return Buffer.concat(writer.chunks()).toString('hex')
}

test('which header each version of each API has', () => {
  const table = lines.filter((line): line is TableLine => line.kind === 'table')
  expect(table.length).toBeGreaterThan(200)
  for (const line of table) {
    const api = byName.get(line.api)
    if (!api) continue
    expect([
      line.api,
      line.version,
      requestHeaderVersion(api, line.version),
      responseHeaderVersion(api, line.version),
    ]).toEqual([line.api, line.version, line.requestHeaderVersion, line.responseHeaderVersion])
  }
})

for (const line of lines) {
  if (line.kind === 'table') continue
  test(`${line.kind} header v${line.version}, ${line.case}`, () => {
    const bytes = Buffer.from(line.hex, 'hex')
    if (line.kind === 'request') {
      const version = line.version as 1 | 2
      const { header, bodyOffset } = readRequestHeader(bytes, version)
      expect(bodyOffset).toBe(bytes.length)
      expect(header).toMatchObject({
        apiKey: line.json.requestApiKey,
        apiVersion: line.json.requestApiVersion,
        correlationId: line.json.correlationId,
        clientId: line.json.clientId,
      })
      expect(bytesOf((to) => writeRequestHeader({ ...header, unknownTaggedFields: [] }, version, to))).toBe(
        line.encodeHex ?? line.hex,
      )
    } else {
      const version = line.version as 0 | 1
      const header = readResponseHeader(bytes, version)
      expect(header.bodyOffset).toBe(bytes.length)
      expect(header.correlationId).toBe(line.json.correlationId)
      expect(bytesOf((to) => writeResponseHeader({ correlationId: header.correlationId }, version, to))).toBe(
        line.encodeHex ?? line.hex,
      )
    }
  })
}
