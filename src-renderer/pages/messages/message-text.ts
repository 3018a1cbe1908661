import type { Cell, MessageDetail } from '../../../src-main/contract/messages'
import { isJsonCell } from './pretty'

/** A key, value or header on the clipboard: its text; bytes that are none as hex. */
export function cellText(cell: Cell | undefined): string {
  return cell === undefined || cell.kind === 'null' ? '' : cell.text
}

/** A whole message as JSON. What is JSON itself stays as it was written, so that its large numbers are exact. */
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
