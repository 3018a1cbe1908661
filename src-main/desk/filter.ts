import variant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  shouldInterruptAfterDeadline,
} from 'quickjs-emscripten-core'
import type { LogRecord } from '../records/record'
import { decode, textOf } from './decode'
import type { SearchRange } from './reader-protocol'

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
 * tools: `key`, `value`, `headers`, `offset`, `partitionID`, `timestamp`, `topic`. JSON keys and values are objects.
 */
export async function scriptFilter(script: string): Promise<{ filter: Filter; dispose: () => void }> {
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
    const argument = context.newString(JSON.stringify(argumentOf(record, range)))
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
) {
  return {
    topic,
    partitionID: partition,
    offset,
    timestamp,
    key: plain(key),
    value: plain(value),
    headers: Object.fromEntries(headers.map((header) => [header.key, plain(header.value)])),
    keySchemaID: schemaId(key),
    valueSchemaID: schemaId(value),
  }
}

/** The id that a schema registry's serializers put before a value: a zero byte and four more. */
function schemaId(bytes: Buffer | null): number | null {
  return bytes && bytes.length >= 5 && bytes[0] === 0 ? bytes.readUInt32BE(1) : null
}

function plain(bytes: Uint8Array | null): unknown {
  const cell = decode(bytes, Number.POSITIVE_INFINITY)
  if (cell.kind === 'null') return null
  return cell.kind === 'json' ? JSON.parse(cell.text) : cell.text
}
