import variant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  shouldInterruptAfterDeadline,
} from 'quickjs-emscripten-core'
import type { TopicPartition } from '../../base/topic-partition'
import type { Cell } from '../../contract/messages'
import type { LogRecord, RecordHeader } from '../../records/record'
import { decode, textOf } from '../decoders/auto'
import { registryId } from '../decoders/registry'
import type { Decoding } from './search'

/** Whether a record passes. @throws RecordError, FilterError */
export type Filter = (record: LogRecord, range: TopicPartition) => boolean

/** A script that is none, or takes too much: it cannot go on. The message is for the person who wrote it. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
}

/** A script that throws on one record, as `value.total` does on a tombstone: others may pass. */
export class RecordError extends Error {
  override readonly name = 'RecordError'
}

/** What one record may cost. */
const scriptMs = 200
const scriptBytes = 64 * 1024 * 1024

/**
 * Text is looked for in key, value and headers without regard to case, also among bytes that are no text, and in what these say when they
 * are decoded: a number in Avro is found too.
 */
export function textFilter(find: string, decodings: ReadonlyMap<string, Decoding> = new Map()): Filter {
  if (find === '') return () => true
  const wanted = find.toLowerCase()
  const has = (bytes: Uint8Array | null) => {
    if (bytes === null) return false
    const text = textOf(bytes) ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    return text.toLowerCase().includes(wanted)
  }
  const whole = Number.POSITIVE_INFINITY
  const says = (cell: Cell) =>
    cell.kind !== 'null' && hasText.has(cell.kind) && cell.text.toLowerCase().includes(wanted)
  return ({ key, value, headers }, { topic }) => {
    if (has(key) || has(value)) return true
    if (headers.some((header) => header.key.toLowerCase().includes(wanted) || has(header.value))) return true
    const decoding = decodings.get(topic)
    if (!decoding) return false
    return (
      (isCoded(key, headers) && says(decoding.key(key, whole, { part: 'key', key, headers }))) ||
      (isCoded(value, headers) && says(decoding.value(value, whole, { part: 'value', key, headers })))
    )
  }
}

/** Kinds of cells whose text is not in the bytes. */
const hasText: ReadonlySet<Cell['kind']> = new Set(['avro', 'protobuf', 'msgpack', 'cbor', 'integer', 'uuid'])

/** Bytes that are text say what they say; only others are decoded for a search. */
function isCoded(bytes: Uint8Array | null, headers: readonly RecordHeader[]): boolean {
  if (bytes === null) return false
  const first = bytes[0] ?? 0x20
  return first < 0x20 || first >= 0x7f || headers.length > 0
}

/** What a script sees of a record, in the spellings of other tools. */
const names: Readonly<Record<string, string>> = {
  topic: 'topic',
  partition: 'partition',
  partitionID: 'partition',
  partitionId: 'partition',
  offset: 'offset',
  timestamp: 'timestamp',
  key: 'key',
  value: 'value',
  headers: 'headers',
  keySchemaID: 'keySchema',
  keySchemaId: 'keySchema',
  valueSchemaID: 'valueSchema',
  valueSchemaId: 'valueSchema',
}

/** A function with this body: in a block of its own, so that it may declare any of the names anew. */
function functionOf(body: string): string {
  const given = Object.values(names).map((field) => `record.${field}`)
  return `(function (json) {
    const record = JSON.parse(json)
    return (function (${Object.keys(names).join(', ')}) {{\n${body}\n}})(${given.join(', ')})
  })`
}

/**
 * A JavaScript filter in a QuickJS of its own (WebAssembly: it reaches nothing of ours), with the names that people know from other
 * tools. Keys and values are as the topic's decoders read them.
 */
export async function scriptFilter(
  script: string,
  decodings: ReadonlyMap<string, Decoding>,
): Promise<{ filter: Filter; dispose: () => void }> {
  const module = await newQuickJSWASMModuleFromVariant(variant)
  const context = module.newContext()
  context.runtime.setMemoryLimit(scriptBytes)
  let call: QuickJSHandle
  try {
    call = compiled(context, script)
  } catch (error) {
    context.dispose()
    throw error
  }
  const filter: Filter = (record, range) => {
    const decoding = decodings.get(range.topic) as Decoding
    const argument = context.newString(JSON.stringify(argumentOf(record, range, decoding)))
    context.runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + scriptMs))
    const outcome = context.callFunction(call, context.undefined, argument)
    argument.dispose()
    if (outcome.error) {
      const { text, isLimit } = thrown(context, outcome.error)
      const at = `at ${range.topic}-${range.partition} offset ${record.offset}: ${text}`
      throw isLimit ? new FilterError(`The filter failed ${at}`) : new RecordError(at)
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

/** An expression, as most filters are, else the body of a function. @throws FilterError */
function compiled(context: QuickJSContext, script: string): QuickJSHandle {
  const expression = context.evalCode(functionOf(`return (${script.replace(/;\s*$/, '')}\n)`))
  if (!expression.error) return expression.value
  const wrong = thrown(context, expression.error)
  const body = context.evalCode(functionOf(script))
  const returns = /\breturn\b/.test(script)
  if (!body.error && returns) return body.value
  const { text } = body.error && returns ? thrown(context, body.error) : wrong
  if (!returns) (body.error ?? body.value).dispose()
  throw new FilterError(`The filter is no JavaScript: ${text}`)
}

/** What a script threw, and whether it was a limit of ours: after one of those it would only be slow, or broken. */
function thrown(context: QuickJSContext, error: QuickJSHandle): { readonly text: string; readonly isLimit: boolean } {
  const dumped = context.dump(error) as { name?: string; message?: string } | string | null
  error.dispose()
  if (typeof dumped !== 'object' || dumped === null) return { text: String(dumped), isLimit: false }
  const { name = 'Error', message = '' } = dumped
  if (name === 'InternalError' && message === 'interrupted') {
    return { text: `it took longer than ${scriptMs} ms for one record`, isLimit: true }
  }
  return { text: `${name}: ${message}`, isLimit: name === 'InternalError' && message === 'out of memory' }
}

function argumentOf(
  { offset, timestamp, key, value, headers }: LogRecord,
  { topic, partition }: TopicPartition,
  decoding: Decoding,
) {
  const whole = Number.POSITIVE_INFINITY
  return {
    topic,
    partition,
    offset,
    timestamp: Number(timestamp),
    key: plain(decoding.key(key, whole, { part: 'key', key, headers })),
    value: plain(decoding.value(value, whole, { part: 'value', key, headers })),
    headers: Object.fromEntries(headers.map((header) => [header.key, plain(decode(header.value, whole))])),
    keySchema: registryId(key),
    valueSchema: registryId(value),
  }
}

/** What a script sees: objects where it is JSON, or was made JSON. */
function plain(cell: Cell): unknown {
  if (cell.kind === 'null') return null
  return isPlain.has(cell.kind) ? cell.text : JSON.parse(cell.text)
}

const isPlain: ReadonlySet<Cell['kind']> = new Set(['text', 'uuid', 'binary', 'base64'])
