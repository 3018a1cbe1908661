import { describe, expect, test } from 'vitest'
import { apis } from '../../src-main/protocol/apis'
import { decode, encode } from '../../src-main/protocol/codec'
import type { Api } from '../../src-main/protocol/schema'
import { corpus } from './corpus'
import { completeJson, defaults, fromJson, toJson } from './json'

interface Line {
  readonly api: string
  readonly kind: 'request' | 'response'
  readonly version: number
  readonly case: string
  readonly hex: string
  readonly json: Record<string, never>
  readonly encodeHex?: string
  readonly unknownTaggedFields?: readonly unknown[]
}

const byName = new Map<string, Api>(apis.map((api) => [api.name, api]))

/** Brokers talk these among themselves; no client can send them to us. */
const brokersOnly = new Set(['LeaderAndIsr', 'StopReplica', 'UpdateMetadata', 'ControlledShutdown'])

function check(line: Line): void {
  const api = byName.get(line.api)
  if (!api) throw new Error(`no schema of ${line.api}`)
  const { fields } = api[line.kind]
  const bytes = Buffer.from(line.hex, 'hex')
  const value = decode(api[line.kind], line.version, bytes)
  expect(toJson(fields, line.version, value)).toEqual(completeJson(fields, line.version, line.json, defaults(fields)))
  const encoded = Buffer.from(encode(api[line.kind], line.version, fromJson(fields, line.json) as never))
  expect(encoded.toString('hex')).toBe(line.encodeHex ?? line.hex)
  // What was read is written again: unknown tags survive.
  if (line.case !== 'tags-reordered' && line.case !== 'tags-explicit-defaults') {
    expect(Buffer.from(encode(api[line.kind], line.version, value as never)).toString('hex')).toBe(line.hex)
  }
}

for (const file of ['messages', 'messages-dropped']) {
  describe(file, () => {
    const lines = corpus<Line>(file).filter((line) => !brokersOnly.has(line.api))
    const groups = new Map<string, Line[]>()
    for (const line of lines) groups.set(line.api, [...(groups.get(line.api) ?? []), line])
    for (const [api, of] of groups) {
      test(`${api}: ${of.length} messages`, () => {
        for (const line of of) {
          try {
            check(line)
          } catch (error) {
            throw new Error(
              `${line.api} v${line.version} ${line.kind}, case ${line.case}: ${(error as Error).message}`,
              { cause: error },
            )
          }
        }
      })
    }
  })
}
