import { useEffect, useRef } from 'react'
import type { ByteSpan } from '../../../src-main/contract/exchanges'
import { integer } from '../../format/numbers'
import { type Chosen, fieldAt } from './Fields'
import { texts } from './texts'
import css from './wire.module.css'

const perLine = 16
/** More bytes than this are not drawn. */
const most = 4096

interface Props {
  readonly hex: string
  /** Where the bytes begin in the frame. */
  readonly from: number
  readonly span: ByteSpan | null
  readonly chosen: Chosen | null
  /** The byte that cannot be read. */
  readonly problemAt: number | null
  readonly onChoose: (chosen: Chosen) => void
}

/** Bytes of a frame; a click on one marks the field that it belongs to. */
export function Bytes({ hex, from, span, chosen, problemAt, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const mark = chosen === null ? '[data-broken]' : '[data-marked]'
  useEffect(() => {
    const { current } = box
    const marked = current?.querySelector<HTMLElement>(mark)
    // Only this box is scrolled, not the pane around it.
    if (current && marked) current.scrollTop = marked.offsetTop - current.offsetTop - current.clientHeight / 2
  }, [chosen, problemAt, mark])
  // What is drawn of a long frame lies around what cannot be read.
  const skipped = problemAt === null || problemAt - from < most ? 0 : (problemAt - from - most / 2) & -perLine
  const pairs = hex.slice(2 * skipped, 2 * (skipped + most)).match(/../g) ?? []
  const lines = Array.from({ length: Math.ceil(pairs.length / perLine) }, (_, i) => i * perLine)
  const first = from + skipped
  const isMarked = (at: number) => chosen !== null && at >= chosen.start && at < chosen.end
  const choose = (at: number) => {
    const field = span && fieldAt(span, at)
    if (field) onChoose({ start: field.start, end: field.end })
  }
  return (
    <div ref={box} className={css.bytes} role="img" aria-label={texts.pane.hex}>
      {first > 0 && <p className="quiet">{texts.pane.bytesFrom(integer(first))}</p>}
      {lines.map((line) => (
        <div key={line}>
          <span className="quiet">{(first + line).toString(16).padStart(4, '0')}</span>
          {pairs.slice(line, line + perLine).map((pair, i) => {
            const at = first + line + i
            const isBroken = at === problemAt
            return (
              <span
                key={i}
                className={isBroken ? css.broken : isMarked(at) ? css.marked : undefined}
                data-broken={isBroken ? '' : undefined}
                data-marked={isMarked(at) ? '' : undefined}
                data-at={at}
                onClick={() => choose(at)}
              >
                {pair}
              </span>
            )
          })}
        </div>
      ))}
      {hex.length > 2 * (skipped + most) && <p className="quiet">{texts.pane.moreBytes}</p>}
    </div>
  )
}
