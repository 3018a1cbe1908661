import { useEffect, useRef } from 'react'
import type { ByteSpan } from '../../../src-main/contract/workspace'
import { type Chosen, fieldAt } from './Fields'
import { texts } from './texts'
import css from './wire.module.css'

const perLine = 16
/** More bytes than this are not drawn. */
const most = 4096

interface Props {
  readonly hex: string
  readonly span: ByteSpan | null
  readonly marked: Chosen | null
  readonly onChoose: (chosen: Chosen) => void
}

/** Bytes of a frame; a click on one marks the field that it belongs to. */
export function Bytes({ hex, span, marked, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (marked) box.current?.querySelector('[data-marked]')?.scrollIntoView({ block: 'nearest' })
  }, [marked])
  const pairs = hex.slice(0, 2 * most).match(/../g) ?? []
  const lines = Array.from({ length: Math.ceil(pairs.length / perLine) }, (_, i) => i * perLine)
  const isMarked = (at: number) => marked !== null && at >= marked.start && at < marked.end
  const choose = (at: number) => {
    const field = span && fieldAt(span, at)
    if (field) onChoose({ start: field.start, end: field.end })
  }
  return (
    <div ref={box} className={css.bytes} role="img" aria-label={texts.pane.hex}>
      {lines.map((from) => (
        <div key={from}>
          <span className="quiet">{from.toString(16).padStart(4, '0')}</span>
          {pairs.slice(from, from + perLine).map((pair, i) => (
            <span
              key={i}
              className={isMarked(from + i) ? css.marked : undefined}
              data-marked={isMarked(from + i) ? '' : undefined}
              onClick={() => choose(from + i)}
            >
              {pair}
            </span>
          ))}
        </div>
      ))}
      {hex.length > 2 * most && <p className="quiet">{texts.pane.moreBytes}</p>}
    </div>
  )
}
