import variant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  shouldInterruptAfterDeadline,
} from 'quickjs-emscripten-core'
import type { Cell } from '../contract/messages'
import type { LogRecord } from '../records/record'
import { decode, textOf } from './decoders/auto'
import { registryId } from './decoders/registry'
import type { SearchRange } from './reader-protocol'
import type { Decoding } from './search'

/** Whether a record passes. @throws FilterError for a script that cannot be run */
export type Filter = (record: LogRecord, range: Pick<SearchRange, 'topic' | 'partition'>) => boolean

/** A script that is none, fails, or takes too long: the message is for the person who wrote it. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
}

/** What one record may cost. */
const scriptMs = 200
const scriptBytes = 64 * 1024 * 1024

/** Text is looked for in key, value and headers without regard to case, also among bytes that are no text (Avro, Protobuf). */
export function textFilter(find: string): Filter {
  if (find === '') return () => true
  const wanted = find.toLowerCase()
  const has = (bytes: Uint8Array | null) => {
    if (bytes === null) return false
    const text = textOf(bytes) ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    return text.toLowerCase().includes(wanted)
  }
  return ({ key, value, headers }) =>
    has(key) || has(value) || headers.some((header) => header.key.toLowerCase().includes(wanted) || has(header.value))
}

/**
 * A JavaScript filter in a QuickJS of its own (WebAssembly: it reaches nothing of ours), with the names that people know from other
 * tools: `key`, `value`, `headers`, `offset`, `partitionID`, `timestamp`, `topic`. Keys and values are as the topic's decoders read them.
 */
export async function scriptFilter(
  script: string,
  decodings: ReadonlyMap<string, Decoding>,
): Promise<{ filter: Filter; dispose: () => void }> {
  const module = await newQuickJSWASMModuleFromVariant(variant)
  const context = module.newContext()
  context.runtime.setMemoryLimit(scriptBytes)
  const body = /\breturn\b/.test(script) ? script : `return (${script})`
  const made = context.evalCode(
    `(function (record) { const { topic, partitionID, offset, timestamp, key, value, headers, keySchemaID, valueSchemaID } = JSON.parse(record);\n${body}\n})`,
  )
  if (made.error) {
    const message = messageOf(context, made.error)
    context.dispose()
    throw new FilterError(`The filter is no JavaScript: ${message}`)
  }
  const call = made.value
  const filter: Filter = (record, range) => {
    context.runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + scriptMs))
    const argument = context.newString(
      JSON.stringify(argumentOf(record, range, decodings.get(range.topic) as Decoding)),
    )
    const outcome = context.callFunction(call, context.undefined, argument)
    argument.dispose()
    if (outcome.error) {
      throw new FilterError(
        `The filter failed at ${range.topic}-${range.partition} offset ${record.offset}: ${messageOf(context, outcome.error)}`,
      )
    }
    const passes = context.dump(outcome.value) as unknown
    outcome.value.dispose()
    return Boolean(passes)
  }
  return {
    filter,
    dispose() {
      call.dispose()
      context.dispose()
    },
  }
}

function messageOf(context: QuickJSContext, error: Parameters<QuickJSContext['dump']>[0]): string {
  const dumped = context.dump(error) as { name?: string; message?: string } | string
  error.dispose()
  const text = typeof dumped === 'string' ? dumped : `${dumped.name ?? 'Error'}: ${dumped.message ?? ''}`
  return text.includes('interrupted') ? `it took longer than ${scriptMs} ms for one record` : text
}

function argumentOf(
  { offset, timestamp, key, value, headers }: LogRecord,
  { topic, partition }: Pick<SearchRange, 'topic' | 'partition'>,
  decoding: Decoding,
) {
  const whole = Number.POSITIVE_INFINITY
  return {
    topic,
    partitionID: partition,
    offset,
    timestamp,
    key: plain(decoding.key(key, whole, { part: 'key', key })),
    value: plain(decoding.value(value, whole, { part: 'value', key })),
    headers: Object.fromEntries(headers.map((header) => [header.key, plain(decode(header.value, whole))])),
    keySchemaID: registryId(key),
    valueSchemaID: registryId(value),
  }
}

/** What a script sees: objects where it is JSON, or was made JSON. */
function plain(cell: Cell): unknown {
  if (cell.kind === 'null') return null
  return isPlain.has(cell.kind) ? cell.text : JSON.parse(cell.text)
}

const isPlain: ReadonlySet<Cell['kind']> = new Set(['text', 'uuid', 'binary', 'base64'])
