import Papa from 'papaparse'
import type { Int64 } from '../../base/int64'
import type { TopicPartition } from '../../base/topic-partition'
import { csvCell } from '../../contract/csv-cells'
import type { Cell, Payload } from '../../contract/messages'
import type { LogRecord } from '../../records/record'
import { textOf } from '../decoders/auto'
import type { ExportFormat } from '../source/records'
import type { Decoding } from './decoding'
import { base64Of, payloadOf } from './payload'

/** `null` names those of key and value that are null: an empty cell alone is empty text. */
const columns = ['topic', 'partition', 'offset', 'timestamp', 'key', 'value', 'headers', 'null'] as const
/** Spreadsheets take a file for UTF-8 by this. */
const byteOrderMark = '\uFEFF'
const whole = Number.POSITIVE_INFINITY

/** What a file begins with. */
export function headLine(format: ExportFormat): string {
  return format === 'csv' ? `${byteOrderMark}${columns.join(',')}\r\n` : ''
}

/**
 * A record as a line of a file. JSON Lines keep every byte: text where it is shown as it is, else `{"base64": ...}`, and what a decoder
 * read beside it, in `decoded`, which an import passes over. CSV (RFC 4180) is for spreadsheets: keys and values as they are
 * shown, and inert: what a spreadsheet would run stands behind an apostrophe.
 */
export function exportLine(
  format: ExportFormat,
  record: LogRecord,
  { topic, partition }: TopicPartition,
  decoding: Decoding,
): string {
  const { offset, timestamp } = record
  const key = decoding.key(record.key, whole, { part: 'key', key: record.key, headers: record.headers })
  const value = decoding.value(record.value, whole, { part: 'value', key: record.key, headers: record.headers })
  const headers = record.headers.map((header) => ({ key: header.key, value: payloadOf(header.value) }))
  if (format === 'csv') {
    const at = timestamp < 0 ? String(timestamp) : timeText(timestamp)
    const none = [...(record.key === null ? ['key'] : []), ...(record.value === null ? ['value'] : [])].join(' ')
    const row = [topic, partition, offset, at, field(key), field(value), csvCell(JSON.stringify(headers)), none]
    return `${Papa.unparse([row])}\r\n`
  }
  const exact = { key: shownPayload(record.key, key), value: shownPayload(record.value, value), headers }
  const place = JSON.stringify({ topic, partition, offset }).slice(0, -1)
  const line = `${place},"timestamp":${timestamp},${JSON.stringify(exact).slice(1)}`
  const decoded = [
    ...(isDecoded(key, exact.key) ? [`"key":${jsonOf(key)}`] : []),
    ...(isDecoded(value, exact.value) ? [`"value":${jsonOf(value)}`] : []),
  ]
  return decoded.length === 0 ? `${line}\n` : `${line.slice(0, -1)},"decoded":{${decoded.join(',')}}}\n`
}

/** The end of the ECMAScript calendar, in ms. A later timestamp is in another unit, and stays a number. */
const lastDate = 8_640_000_000_000_000

function timeText(timestamp: Int64): string {
  return timestamp > lastDate ? String(timestamp) : new Date(Number(timestamp)).toISOString()
}

type Shown = Exclude<Cell, { readonly kind: 'null' }>

/** Text only where that is what the page shows: a chosen decoder may read numbers out of what happens to be text. */
function shownPayload(bytes: Uint8Array | null, cell: Cell): Payload {
  if (bytes === null || cell.kind === 'null') return null
  return cell.kind !== 'binary' && textOf(bytes) === cell.text ? cell.text : base64Of(bytes)
}

function isDecoded(cell: Cell, payload: Payload): cell is Shown {
  return cell.kind !== 'null' && cell.kind !== 'binary' && typeof payload !== 'string'
}

const isText: ReadonlySet<Cell['kind']> = new Set(['text', 'uuid', 'base64'])

/** Numbers of 64 bits stay exact: what is JSON is put in as it is, without its line breaks. */
function jsonOf({ kind, text }: Shown): string {
  return isText.has(kind) ? JSON.stringify(text) : text.replace(/[\r\n]+/g, ' ')
}

function field(cell: Cell): string {
  if (cell.kind === 'null') return ''
  return cell.kind === 'binary' ? `base64:${Buffer.from(cell.text, 'hex').toString('base64')}` : csvCell(cell.text)
}
