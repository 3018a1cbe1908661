import { useState } from 'react'
import type { ResetLine } from '../../../src-main/contract/reset'
import { integer } from '../../format/numbers'
import { Field } from '../../parts/Field'
import { wholeOf } from './target'

interface Props {
  readonly line: ResetLine
  readonly offset: number | null
  /** Positions are chosen by hand: what was typed counts, readable or not. */
  readonly isByHand: boolean
  /** `null`: what is typed is no offset; `undefined`: it was left empty, the partition stays. */
  readonly onMove: (offset: number | null | undefined) => void
}

/** The exact new offset of a partition. While it is typed it is left as it is typed. */
export function OffsetField({ line, offset, isByHand, onMove }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const read = typed === null ? null : wholeOf(typed)
  const isUnreadable = isByHand && typed !== null && (read === null || read < 0)
  return (
    <Field
      inputMode="numeric"
      aria-label={`New offset of ${line.topic} partition ${line.partition}`}
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
