import { type KeyboardEvent, useMemo, useRef } from 'react'
import type { ByteSpan } from '../../../src-main/contract/exchanges'
import { texts } from './texts'
import css from './wire.module.css'

export interface Chosen {
  readonly start: number
  readonly end: number
}

interface Props {
  readonly span: ByteSpan
  readonly chosen: Chosen | null
  /** The byte that cannot be read: its field is marked. */
  readonly problemAt: number | null
  readonly onChoose: (chosen: Chosen) => void
}

/** More fields than this are not drawn: the copy has them all. */
const most = 1000

interface Line {
  readonly span: ByteSpan
  readonly depth: number
}

/** Fields of a frame in their order; a click or an arrow key marks their bytes. */
export function Fields({ span, chosen, problemAt, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => span.children.flatMap((child) => linesOf(child, 0)).slice(0, most), [span])
  const broken = problemAt === null ? null : fieldAt(span, problemAt)
  const at = lines.findIndex((line) => line.span.start === chosen?.start && line.span.end === chosen.end)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = lines[Math.min(lines.length - 1, Math.max(0, at + step))]
    if (!next) return
    onChoose({ start: next.span.start, end: next.span.end })
    list.current?.children[lines.indexOf(next)]?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <div
      ref={list}
      className={css.fields}
      role="listbox"
      tabIndex={0}
      aria-label={texts.pane.fields}
      onKeyDown={onKeyDown}
    >
      {lines.map(({ span: { name, value, start, end }, span: field, depth }, i) => (
        <div
          key={i}
          role="option"
          className={field === broken ? css.brokenField : undefined}
          tabIndex={-1}
          aria-selected={i === at}
          title={texts.pane.bytes(start, end)}
          style={{ paddingLeft: 6 + depth * 14 }}
          onClick={() => onChoose({ start, end })}
        >
          <span className="quiet">{name}</span> {field === broken && '✕ '}
          {value}
        </div>
      ))}
    </div>
  )
}

function linesOf(span: ByteSpan, depth: number): readonly Line[] {
  return [{ span, depth }, ...span.children.flatMap((child) => linesOf(child, depth + 1))]
}

/** The smallest field that holds a byte. */
export function fieldAt(span: ByteSpan, at: number): ByteSpan | null {
  if (at < span.start || at >= span.end) return null
  for (const child of span.children) {
    const found = fieldAt(child, at)
    if (found) return found
  }
  return span
}
