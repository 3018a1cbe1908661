import Papa from 'papaparse'
import type { Core } from '../broker/core'
import type { Contract } from '../contract/contract'
import type { InputOf, ItemOf } from '../contract/define'
import type { Cell, MessageRow } from '../contract/messages'
import type { Outlet } from '../contract/server'
import { search } from './messages'
import type { Reader } from './reader'

type Input = InputOf<Contract['messages.export']>

const columns = ['topic', 'partition', 'offset', 'timestamp', 'key', 'value', 'headers'] as const

/**
 * What a search finds, whole, as the text of a file: JSON Lines (bytes that are no text as `{"base64": ...}`, which can be imported as they
 * were) or CSV (RFC 4180, headers as JSON). It waits for the page, so that a large export does not pile up.
 */
export function exportMessages(
  core: Core,
  reader: Reader,
  { format, ...input }: Input,
  outlet: Outlet<ItemOf<Contract['messages.export']>>,
): () => void {
  const line = format === 'csv' ? csvLine : jsonLine
  if (format === 'csv') outlet.push({ kind: 'text', text: `${columns.join(',')}\r\n` })
  return search(
    core,
    reader,
    input,
    {
      push(item, taken) {
        if (item.kind === 'rows') outlet.push({ kind: 'text', text: item.rows.map(line).join('') }, taken)
        else outlet.push(item, taken)
      },
      end: () => outlet.end(),
      fail: (error) => outlet.fail(error),
    },
    true,
  )
}

function jsonLine({ topic, partition, offset, timestamp, key, value, allHeaders = [] }: MessageRow): string {
  const headers = allHeaders.map((header) => ({ key: header.key, value: plain(header.value) }))
  return `${JSON.stringify({ topic, partition, offset, timestamp, key: plain(key), value: plain(value), headers })}\n`
}

function csvLine({ topic, partition, offset, timestamp, key, value, allHeaders = [] }: MessageRow): string {
  const headers = JSON.stringify(allHeaders.map((header) => ({ key: header.key, value: plain(header.value) })))
  const at = timestamp < 0 ? '' : new Date(timestamp).toISOString()
  return `${Papa.unparse([[topic, partition, offset, at, field(key), field(value), headers]])}\r\n`
}

function plain(cell: Cell): string | null | { readonly base64: string } {
  if (cell.kind === 'null') return null
  return cell.kind === 'binary' ? { base64: Buffer.from(cell.text, 'hex').toString('base64') } : cell.text
}

/** CSV has no null: it is an empty field, as in a database's export. */
function field(cell: Cell): string {
  if (cell.kind === 'null') return ''
  return cell.kind === 'binary' ? `base64:${Buffer.from(cell.text, 'hex').toString('base64')}` : cell.text
}
