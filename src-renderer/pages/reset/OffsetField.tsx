import { useState } from 'react'
import type { ResetLine } from '../../../src-main/contract/reset'
import { integer } from '../../format/numbers'
import { Field } from '../../parts/Field'
import { wholeOf } from './target'
import { texts } from './texts'

interface Props {
  readonly line: ResetLine
  readonly offset: number | null
  /** Offsets are set per partition: the typed text is in effect, valid or not. */
  readonly isByHand: boolean
  /** `null`: the text is not an offset; `undefined`: the field was left empty, the partition keeps its offset. */
  readonly onMove: (offset: number | null | undefined) => void
}

/** The exact new offset of a partition. Text is not reformatted while it is being typed. */
export function OffsetField({ line, offset, isByHand, onMove }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const read = typed === null ? null : wholeOf(typed)
  const isUnreadable = isByHand && typed !== null && (read === null || read < 0)
  return (
    <Field
      inputMode="numeric"
      aria-label={texts.strip.field(line.topic, line.partition)}
      aria-invalid={isUnreadable}
      placeholder="—"
      value={isByHand && typed !== null ? typed : offset === null ? '' : integer(offset)}
      onFocus={(event) => event.target.select()}
      onChange={(event) => {
        const { value } = event.target
        setTyped(value)
        const next = wholeOf(value)
        onMove(next === null || next < 0 ? null : next)
      }}
      onBlur={() => {
        if (isUnreadable && typed?.trim() === '') onMove(undefined)
        if (!isUnreadable || typed?.trim() === '') setTyped(null)
      }}
    />
  )
}
