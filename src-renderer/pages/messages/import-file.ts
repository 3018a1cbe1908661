import Papa from 'papaparse'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'

export type Imported = InputOf<Contract['messages.import']>['messages'][number]
type Payload = Imported['key']

/** Messages of a file: JSON Lines or CSV as an export writes them, or one plain value per line. @throws Error that names the line */
export function messagesOf(name: string, text: string): Imported[] {
  return name.toLowerCase().endsWith('.csv') ? csvMessages(text) : lineMessages(text)
}

function lineMessages(text: string): Imported[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return []
    const value = parsed(line)
    if (!isRecord(value) || !('value' in value)) return [plainValue(line)]
    try {
      return [messageOf(value)]
    } catch (error) {
      throw new Error(`Line ${i + 1}: ${error instanceof Error ? error.message : String(error)}`)
    }
  })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // A line that is no JSON is a value.
    return undefined
  }
}

function plainValue(line: string): Imported {
  return { partition: null, timestamp: null, key: null, value: { as: 'text', data: line }, headers: [] }
}

function messageOf(fields: Readonly<Record<string, unknown>>): Imported {
  const { partition, timestamp, headers } = fields
  return {
    partition: Number.isInteger(partition) ? (partition as number) : null,
    timestamp: typeof timestamp === 'number' && timestamp >= 0 ? timestamp : null,
    key: payloadOf(fields.key),
    value: payloadOf(fields.value),
    headers: Array.isArray(headers)
      ? headers.map((header: unknown) => {
          if (!isRecord(header) || typeof header.key !== 'string') throw new Error('a header has no key')
          return { key: header.key, value: payloadOf(header.value) }
        })
      : [],
  }
}

/** Text, or bytes as an export writes them; what is JSON inside JSON becomes its text. */
function payloadOf(value: unknown): Payload {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return { as: 'text', data: value }
  if (isRecord(value) && typeof value.base64 === 'string' && Object.keys(value).length === 1) {
    return { as: 'base64', data: value.base64 }
  }
  return { as: 'text', data: JSON.stringify(value) }
}

function csvMessages(text: string): Imported[] {
  const { data, errors } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true })
  const error = errors[0]
  if (error && error.code !== 'UndetectableDelimiter') throw new Error(`Line ${(error.row ?? 0) + 2}: ${error.message}`)
  return data.map((row, i) => {
    if (row.value === undefined) throw new Error('The first line must name the columns; one of them is "value".')
    const at = row.timestamp ? Date.parse(row.timestamp) : Number.NaN
    const headers = row.headers ? parsed(row.headers) : []
    if (headers === undefined) throw new Error(`Line ${i + 2}: the headers are no JSON`)
    return messageOf({
      partition: row.partition ? Number(row.partition) : undefined,
      timestamp: Number.isNaN(at) ? undefined : at,
      key: csvPayload(row.key ?? ''),
      value: csvPayload(row.value),
      headers,
    })
  })
}

function csvPayload(field: string): unknown {
  if (field === '') return null
  return field.startsWith('base64:') ? { base64: field.slice('base64:'.length) } : field
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
