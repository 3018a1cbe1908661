import { diffLines } from 'diff'
import { useEffect, useState } from 'react'
import type { Cell, MessageDetail } from '../../../src-main/contract/messages'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import { prettyJson } from './json'
import { isJsonCell, xmlOf } from './message-text'
import css from './messages.module.css'
import type { Place } from './place'

/** Differences of two messages: lines of the first with `−`, of the second with `+`. */
export function Diff({ before, after }: { readonly before: Place; readonly after: MessageDetail }) {
  const [detail, setDetail] = useState<MessageDetail | null>(null)
  const { topic, partition, offset } = before
  useEffect(() => {
    void attempt(async () => setDetail(await ask('messages.detail', { topic, partition, offset })))
  }, [topic, partition, offset])
  if (!detail) return null
  return (
    <>
      <p className="quiet">
        − {topic} {partition} · {integer(offset)}
        <br />+ {after.topic} {after.partition} · {integer(after.offset)}
      </p>
      <pre className={page.value}>
        {diffLines(textOf(detail), textOf(after)).map(({ value, added, removed }, i) => (
          <span key={i} className={added ? css.added : removed ? css.removed : undefined}>
            {value.replace(/^(?=[^\n]|\n.)/gm, added ? '+ ' : removed ? '− ' : '  ')}
          </span>
        ))}
      </pre>
    </>
  )
}

function textOf({ key, value, headers }: MessageDetail): string {
  const lines = headers.map((header) => `${header.key}: ${shown(header.value)}`)
  return `key ${shown(key)}\n${lines.map((line) => `header ${line}\n`).join('')}${shown(value)}\n`
}

function shown(cell: Cell): string {
  if (cell.kind === 'null') return 'null'
  return isJsonCell(cell) ? prettyJson(cell.text) : (xmlOf(cell) ?? cell.text)
}
