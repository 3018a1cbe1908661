import type { Contract } from '../../../src-main/contract/contract'
import { fromCsvCell } from '../../../src-main/contract/csv-cells'
import type { InputOf } from '../../../src-main/contract/define'
import type { Payload } from '../../../src-main/contract/messages'
import type { SchemaForm } from '../../../src-main/contract/schema-form'
import { base64Of, fromBase64, fromUtf8, textOf } from '../../format/bytes'
import { csvRows } from './csv-rows'
import { type FileLine, type FilePiece, linesOf } from './file-lines'
import { jsonParts, readJson } from './json'
import { arrayItems } from './json-array'
import { rowJson } from './row-json'

export type Imported = InputOf<Contract['messages.import']>['messages'][number]

/** Formats of a file of messages: as an export writes them, or one value, or one key and value, per line;
 * a list of JSON; or a table whose rows are JSON values. */
export const fileFormats = ['jsonl', 'csv', 'values', 'pairs', 'array', 'rows'] as const
export type FileFormat = (typeof fileFormats)[number]

export interface FileMessage {
  readonly message: Imported
  readonly line: number
}

/** Fields of a line of an export. `topic`, `offset` and `decoded` are ignored. */
const known: ReadonlySet<string> = new Set([
  'topic',
  'partition',
  'offset',
  'timestamp',
  'key',
  'value',
  'headers',
  'decoded',
])

/** Reads the messages of a file, piece by piece. Empty lines are skipped. @throws Error that names the line */
export function messagesOf(
  file: Blob,
  format: FileFormat,
  separator: string,
  form: SchemaForm = anyForm,
): AsyncGenerator<FilePiece<FileMessage>> {
  if (format === 'rows') {
    return mapped(csvRows(file), ({ number, fields }) => [
      number,
      { ...bare, value: wellFormed(rowJson(fields, form)) },
    ])
  }
  if (format === 'array') return mapped(arrayItems(file), ({ number, bytes }) => [number, valueMessage(bytes)])
  if (format === 'csv') return mapped(csvRows(file), ({ number, fields }) => [number, csvMessage(fields)])
  const read = format === 'jsonl' ? jsonMessage : format === 'values' ? valueMessage : pairMessage(separator)
  return mapped(linesOf(file), ({ number, bytes }: FileLine) => [number, bytes.length === 0 ? null : read(bytes)])
}

/** Without a schema every cell is text. */
const anyForm: SchemaForm = { root: { kind: 'json' }, types: {} }

async function* mapped<Item extends { readonly number: number }>(
  pieces: AsyncGenerator<FilePiece<Item>>,
  read: (item: Item) => readonly [number, Imported | null],
): AsyncGenerator<FilePiece<FileMessage>> {
  for await (const { items, readBytes } of pieces) {
    const messages: FileMessage[] = []
    for (const item of items) {
      try {
        const [line, message] = read(item)
        if (message) messages.push({ line, message })
      } catch (error) {
        throw new Error(`Line ${item.number}: ${error instanceof Error ? error.message : String(error)}.`)
      }
    }
    yield { items: messages, readBytes }
  }
}

/** A larger file is not read as a whole to find out what it is. */
const mostGuessedBytes = 4 * 1024 * 1024

/** The most likely format of a file, by its name and its first line; JSON over several lines, or a list of objects, is found as such. */
export async function likelyFormat(name: string, file: Blob): Promise<FileFormat> {
  if (name.toLowerCase().endsWith('.csv')) return 'csv'
  for await (const { items } of linesOf(file)) {
    const first = items.find(({ bytes }) => bytes.length > 0)
    const text = first && (fromUtf8(first.bytes) ?? '')
    if (text === undefined) continue
    if (isMessageLine(text)) return 'jsonl'
    return (await isOneJson(name, text, file)) ? 'array' : 'values'
  }
  return 'values'
}

async function isOneJson(name: string, firstLine: string, file: Blob): Promise<boolean> {
  if (!/^\s*[[{]/.test(firstLine)) return false
  if (firstLine.trimStart().startsWith('[') && name.toLowerCase().endsWith('.json')) return true
  const isLong = file.size > mostGuessedBytes
  const node = isLong ? undefined : readJson(await file.text())
  if (!node || node.kind === 'scalar') return false
  const isList = node.kind === 'array' && node.entries.length > 0
  return node.source.includes('\n') || (isList && node.entries.every(({ value }) => value.kind === 'object'))
}

function isMessageLine(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) && 'value' in value && Object.keys(value).every((name) => known.has(name))
  } catch {
    // A line that is not JSON is a value.
    return false
  }
}

const bare = { partition: null, timestamp: null, key: null, headers: [] } as const

function payloadOf(bytes: Uint8Array): Payload {
  return textOf(bytes) ?? { base64: base64Of(bytes) }
}

function valueMessage(bytes: Uint8Array): Imported {
  return { ...bare, value: payloadOf(bytes) }
}

function pairMessage(separator: string): (bytes: Uint8Array) => Imported {
  return (bytes) => {
    const line = fromUtf8(bytes)
    if (line === undefined) throw new Error('it is not UTF-8 text')
    const at = line.indexOf(separator)
    if (at < 0) throw new Error(`it has no ${JSON.stringify(separator)} between key and value`)
    return { ...bare, key: line.slice(0, at), value: line.slice(at + separator.length) }
  }
}

function jsonMessage(bytes: Uint8Array): Imported | null {
  const line = fromUtf8(bytes)
  if (line?.trim() === '') return null
  const fields = line === undefined ? undefined : parsed(line)
  if (line === undefined || !isRecord(fields)) throw new Error('it is not a JSON object')
  const unknown = Object.keys(fields).find((name) => !known.has(name))
  if (unknown !== undefined) throw new Error(`"${unknown}" is not a field of a message`)
  if (!('value' in fields)) throw new Error('it has no "value" (null makes a tombstone)')
  return messageOf(fields, new Map(jsonParts(line)))
}

function csvMessage(fields: Readonly<Record<string, string>>): Imported {
  const { key = '', value, headers = '', partition = '', timestamp = '', null: nulls } = fields
  if (value === undefined) throw new Error('the first line of the file must name a column "value"')
  const at = timestamp === '' ? null : /^-?\d+$/.test(timestamp) ? Number(timestamp) : Date.parse(timestamp)
  const read = {
    partition: partition === '' ? null : Number(partition),
    timestamp: at,
    key: csvPayload(key, nulls === undefined ? key === '' : isNamed(nulls, 'key')),
    value: csvPayload(value, nulls === undefined ? value === '' : isNamed(nulls, 'value')),
    headers: headers === '' ? [] : parsed(headers),
  }
  return messageOf(read, new Map([['headers', headers]]))
}

/** The column `null` of an export names what is null. Without that column an empty field is null. */
function isNamed(nulls: string, field: string): boolean {
  return nulls.split(/\s+/).includes(field)
}

function csvPayload(field: string, isNull: boolean): unknown {
  if (isNull) return null
  return field.startsWith('base64:') ? { base64: field.slice('base64:'.length) } : fromCsvCell(field)
}

/** @param sources the source text of each field */
function messageOf(fields: Readonly<Record<string, unknown>>, sources: ReadonlyMap<string, string>): Imported {
  const { headers = null } = fields
  if (headers !== null && !Array.isArray(headers)) throw new Error('"headers" is not a list')
  const headerSources = headers === null ? [] : jsonParts(sources.get('headers') ?? '[]')
  return {
    partition: wholeOrNull('partition', fields.partition, 0),
    timestamp: wholeOrNull('timestamp', fields.timestamp, -1),
    key: payload('key', fields.key, sources),
    value: payload('value', fields.value, sources),
    headers: (headers ?? []).map((header: unknown, i) => {
      if (!isRecord(header) || typeof header.key !== 'string') throw new Error(`header ${i + 1} has no key`)
      const source = headerSources[i]?.[1] ?? '{}'
      return { key: wellFormed(header.key), value: payload('value', header.value, new Map(jsonParts(source))) }
    }),
  }
}

function wholeOrNull(name: string, value: unknown, least: number): number | null {
  if (value === null || value === undefined) return null
  if (!Number.isSafeInteger(value) || (value as number) < least) throw new Error(`"${name}" is not a valid ${name}`)
  return value as number
}

/** Text, or bytes in the form of an export; JSON inside JSON becomes its source text. */
function payload(name: string, value: unknown, sources: ReadonlyMap<string, string>): Payload {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return wellFormed(value)
  if (isRecord(value) && typeof value.base64 === 'string' && Object.keys(value).length === 1) {
    return { base64: base64Of(fromBase64(value.base64)) }
  }
  return wellFormed(sources.get(name) ?? JSON.stringify(value))
}

/** A lone surrogate cannot be encoded as UTF-8. */
function wellFormed(text: string): string {
  const half = /\p{Surrogate}/u.exec(text)
  if (half) throw new Error(`\\u${half[0].charCodeAt(0).toString(16)} is a lone surrogate, which UTF-8 cannot encode`)
  return text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`it is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
