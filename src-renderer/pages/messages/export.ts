import type { Cell, MessageRow } from '../../../src-main/contract/messages'
import { ask } from '../../host'
import { attempt } from '../../stores/notices'

const parallel = 16

function plain(cell: Cell): unknown {
  if (cell.kind === 'null') return null
  return cell.kind === 'binary' ? { hex: cell.text } : cell.text
}

/** What is shown, whole (tables hold cut values), as JSON Lines. */
export function exportRows(topic: string, rows: readonly MessageRow[]): Promise<boolean> {
  return attempt(async () => {
    const lines: string[] = []
    for (let at = 0; at < rows.length; at += parallel) {
      const details = await Promise.all(
        rows
          .slice(at, at + parallel)
          .map((row) => ask('messages.detail', { topic: row.topic, partition: row.partition, offset: row.offset })),
      )
      for (const { partition, offset, timestamp, key, value, headers } of details) {
        const told = headers.map((header) => ({ key: header.key, value: plain(header.value) }))
        lines.push(
          JSON.stringify({ topic, partition, offset, timestamp, key: plain(key), value: plain(value), headers: told }),
        )
      }
    }
    const url = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'application/x-ndjson' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `${topic}.jsonl`
    link.click()
    URL.revokeObjectURL(url)
  }, `Exported ${rows.length} messages.`)
}
