import type { Cell, MessageDetail } from '../../../src-main/contract/messages'
import { prettyXml } from './xml'

/** Whether the text of a cell is JSON: as it was written, or as a decoder produced it. */
export function isJsonCell({ kind }: Cell): boolean {
  return !['null', 'text', 'uuid', 'binary', 'base64', 'integer'].includes(kind)
}

/** The text of a cell with line breaks, where it is XML. */
export function xmlOf(cell: Cell): string | undefined {
  return cell.kind === 'text' ? prettyXml(cell.text, cell.cut) : undefined
}

/** A key, value or header for the clipboard: its text, or hex for bytes that are not text. */
export function cellText(cell: Cell | undefined): string {
  return cell === undefined || cell.kind === 'null' ? '' : cell.text
}

/** A whole message as JSON. JSON values stay as they were written, so that large numbers are exact. */
export function messageJson({ topic, partition, offset, timestamp, key, value, headers }: MessageDetail): string {
  const fields: readonly (readonly [string, string])[] = [
    ['topic', JSON.stringify(topic)],
    ['partition', String(partition)],
    ['offset', String(offset)],
    ['timestamp', String(timestamp)],
    ['key', cellJson(key)],
    ['value', cellJson(value)],
    [
      'headers',
      `[${headers.map((header) => `{"key":${JSON.stringify(header.key)},"value":${cellJson(header.value)}}`)}]`,
    ],
  ]
  return `{${fields.map(([name, text]) => `"${name}":${text}`).join(',')}}`
}

function cellJson(cell: Cell): string {
  if (cell.kind === 'null') return 'null'
  if (cell.kind === 'binary') return `{"hex":${JSON.stringify(cell.text)}}`
  return isJsonCell(cell) && !cell.cut ? cell.text : JSON.stringify(cell.text)
}
