import variant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSWASMModule,
  shouldInterruptAfterDeadline,
} from 'quickjs-emscripten-core'
import type { TopicPartition } from '../../base/topic-partition'
import type { Cell } from '../../contract/messages'
import type { LogRecord } from '../../records/record'
import { decode, utf8Of } from '../decoders/auto'
import { registryId } from '../decoders/framing'
import type { Decoding } from './decoding'
import { exactIntegers, integerMark, markIntegers } from './script-json'

/** Whether a record passes. @throws RecordError, FilterError */
export type Filter = (record: LogRecord, range: TopicPartition) => boolean

/** A script that is none, or takes too much: it cannot go on. The message is for the person who wrote it. */
export class FilterError extends Error {
  override readonly name: string = 'FilterError'
}

/** A condition that makes no sense: a search is told it for its field. */
export class ConditionError extends FilterError {
  override readonly name = 'ConditionError'
}

/** A script that throws on one record, as `value.total` does on a tombstone: others may pass. */
export class RecordError extends Error {
  override readonly name = 'RecordError'
}

/** What one record may cost; a large one may cost more. */
const scriptMs = 200
const scriptBytes = 64 * 1024 * 1024
const bytesPerMs = 20_000
const memoryPerByte = 12
/** So many records may take too much: then it is the script, and the search ends. */
const maxOverLimit = 3

/**
 * Text is looked for in key, value and headers without regard to case: in the bytes, and in what the rows show of them (a decoder's
 * fields, a number, hex, the characters that JSON escapes).
 */
export function textFilter(find: string, decodings: ReadonlyMap<string, Decoding> = new Map()): Filter {
  if (find === '') return () => true
  const wanted = find.toLowerCase()
  const has = (text: string) => text.toLowerCase().includes(wanted)
  const inBytes = (bytes: Uint8Array | null) => bytes !== null && has(rawText(bytes))
  const isShown = (cell: Cell | undefined) =>
    cell !== undefined &&
    cell.kind !== 'null' &&
    (has(cell.text) || (cell.text.includes('\\u') && has(unescaped(cell.text))))
  return ({ key, value, headers }, { topic }) => {
    if (inBytes(key) || inBytes(value)) return true
    if (headers.some((header) => has(header.key) || inBytes(header.value))) return true
    const decoding = decodings.get(topic)
    return (
      isShown(decoding?.key(key, whole, { part: 'key', key, headers })) ||
      isShown(decoding?.value(value, whole, { part: 'value', key, headers }))
    )
  }
}

const whole = Number.POSITIVE_INFINITY

/** The characters of bytes: those of UTF-8, else one for each byte. */
export function rawText(bytes: Uint8Array): string {
  return utf8Of(bytes) ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** JSON with its characters as a tree shows them. */
export function unescaped(json: string): string {
  return json.replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
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

/** A function with this body: in a block of its own, so that it may declare any of the names itself. */
function functionOf(body: string): string {
  const given = Object.values(names).map((field) => `record.${field}`)
  return `(function (json) {
    const mark = ${JSON.stringify(integerMark)}
    const exact = (key, value) =>
      typeof value === 'object' && value !== null && typeof value[mark] === 'string' ? BigInt(value[mark]) : value
    const record = JSON.parse(json, json.includes(${JSON.stringify(JSON.stringify(integerMark))}) ? exact : undefined)
    return (function (${Object.keys(names).join(', ')}) {{\n${body}\n}})(${given.join(', ')})
  })`
}

/** A script in a world of its own, which is made again when a record has taken too much of it. */
class Script {
  readonly #module: QuickJSWASMModule
  readonly #text: string
  #context: QuickJSContext
  #call: QuickJSHandle

  /** @throws FilterError */
  constructor(module: QuickJSWASMModule, text: string) {
    this.#module = module
    this.#text = text
    const [context, call] = this.#open()
    this.#context = context
    this.#call = call
  }

  /** Whether a record passes; else what the script threw, and whether it was a limit of ours. */
  passes(json: string): boolean | { readonly text: string; readonly isLimit: boolean } {
    const context = this.#context
    context.runtime.setMemoryLimit(scriptBytes + memoryPerByte * json.length)
    const mostMs = scriptMs + json.length / bytesPerMs
    context.runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + mostMs))
    const argument = context.newString(json)
    const outcome = context.callFunction(this.#call, context.undefined, argument)
    argument.dispose()
    if (outcome.error) {
      const why = thrown(context, outcome.error, mostMs)
      if (why.isLimit) this.#again()
      return why
    }
    const passes = context.dump(outcome.value) as unknown
    outcome.value.dispose()
    return Boolean(passes)
  }

  dispose(): void {
    this.#call.dispose()
    this.#context.dispose()
  }

  /** After a limit the old world would only be slow, or broken. */
  #again(): void {
    this.dispose()
    ;[this.#context, this.#call] = this.#open()
  }

  #open(): [QuickJSContext, QuickJSHandle] {
    const context = this.#module.newContext()
    context.runtime.setMemoryLimit(scriptBytes)
    try {
      return [context, compiled(context, this.#text)]
    } catch (error) {
      context.dispose()
      throw error
    }
  }
}

/**
 * A JavaScript filter in a QuickJS of its own (WebAssembly: it reaches nothing of ours), with the names that people know from other
 * tools. Keys and values are as the topic's decoders read them; integers beyond 2^53 are BigInts, in values and in the script.
 */
export async function scriptFilter(
  text: string,
  decodings: ReadonlyMap<string, Decoding>,
): Promise<{ filter: Filter; dispose: () => void }> {
  const script = new Script(await newQuickJSWASMModuleFromVariant(variant), exactIntegers(text))
  let overLimit = 0
  const filter: Filter = (record, range) => {
    const outcome = script.passes(argumentOf(record, range, decodings.get(range.topic) as Decoding))
    if (typeof outcome === 'boolean') return outcome
    const at = `at ${range.topic}-${range.partition} offset ${record.offset}: ${outcome.text}`
    if (outcome.isLimit && ++overLimit >= maxOverLimit) throw new FilterError(`The filter failed ${at}`)
    throw new RecordError(at)
  }
  return { filter, dispose: () => script.dispose() }
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
  throw new FilterError(`The filter is not valid JavaScript: ${text}`)
}

/** What a script threw, and whether it was a limit of ours: after one of those it would only be slow, or broken. */
function thrown(
  context: QuickJSContext,
  error: QuickJSHandle,
  mostMs = scriptMs,
): { readonly text: string; readonly isLimit: boolean } {
  const dumped = context.dump(error) as { name?: string; message?: string } | string | null
  error.dispose()
  if (typeof dumped !== 'object' || dumped === null) return { text: String(dumped), isLimit: false }
  const { name = 'Error', message = '' } = dumped
  if (name === 'InternalError' && message === 'interrupted') {
    return { text: `it took longer than ${Math.round(mostMs)} ms for one record`, isLimit: true }
  }
  return { text: `${name}: ${message}`, isLimit: name === 'InternalError' && message === 'out of memory' }
}

/** The JSON that a script is called with. */
function argumentOf(
  { offset, timestamp, key, value, headers }: LogRecord,
  { topic, partition }: TopicPartition,
  decoding: Decoding,
): string {
  const keyCell = decoding.key(key, whole, { part: 'key', key, headers })
  const isText = !decoding.isKeyChosen && registryId(key) === null
  const fields: readonly (readonly [string, string])[] = [
    ['topic', JSON.stringify(topic)],
    ['partition', String(partition)],
    ['offset', String(offset)],
    ['timestamp', markIntegers(String(timestamp))],
    [
      'key',
      isText && keyCell.kind === 'json' && isScalar(keyCell.text) ? JSON.stringify(keyCell.text) : plain(keyCell),
    ],
    ['value', plain(decoding.value(value, whole, { part: 'value', key, headers }))],
    ['headers', headersJson(headers)],
    ['keySchema', String(registryId(key))],
    ['valueSchema', String(registryId(value))],
  ]
  return `{${fields.map(([name, json]) => `"${name}":${json}`).join(',')}}`
}

function headersJson(headers: LogRecord['headers']): string {
  const fields = headers.map((header) => `${JSON.stringify(header.key)}:${plain(decode(header.value, whole))}`)
  return `{${fields.join(',')}}`
}

function isScalar(json: string): boolean {
  return !/^\s*[{[]/.test(json)
}

/** What a script sees: objects where it is JSON, or was made JSON. */
function plain(cell: Cell): string {
  if (cell.kind === 'null') return 'null'
  return isPlain.has(cell.kind) ? JSON.stringify(cell.text) : markIntegers(cell.text)
}

const isPlain: ReadonlySet<Cell['kind']> = new Set(['text', 'uuid', 'binary', 'base64'])
