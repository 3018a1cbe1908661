import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import { parseKey, type TopicPartitionKey } from '../../../src-main/contract/topic-partition'
import { durationMs } from '../../format/duration'
import { texts } from './texts'

export type To = InputOf<Contract['reset.plan']>['to']
export type Strategy = To['to']

export const strategies = Object.keys(texts.strategies) as readonly Strategy[]

/** The input of the user so far. */
export interface ResetDraft {
  readonly strategy: Strategy
  /** Text that was typed for this strategy; for `time` the ms since the epoch. */
  readonly text: string
  readonly otherGroup: string | null
  /** Offsets by `topic:partition`; `null` where the text is not an offset. */
  readonly byHand: ReadonlyMap<TopicPartitionKey, number | null>
}

/** The target of a reset; `needs` says what is missing, and then the reset cannot be applied. */
export interface Target {
  readonly to: To
  readonly needs: string | null
}

const nowhere: To = { to: 'exact', value: null, groupId: null, offsets: [] }

export function targetOf({ strategy, text, otherGroup, byHand }: ResetDraft): Target {
  const missing = (needs: string): Target => ({ to: nowhere, needs })
  const value = (number: number | null, needs: string): Target =>
    number === null
      ? missing(needs)
      : { to: { to: strategy, value: number, groupId: null, offsets: null }, needs: null }
  switch (strategy) {
    case 'time':
      return value(wholeOf(text), texts.needs.time)
    case 'back':
      return value(durationMs(text), texts.needs.back)
    case 'shift':
      return value(wholeOf(text), texts.needs.shift)
    case 'offset': {
      const offset = wholeOf(text)
      return value(offset !== null && offset < 0 ? null : offset, texts.needs.offset)
    }
    case 'group':
      return otherGroup === null
        ? missing(texts.needs.group)
        : { to: { to: strategy, value: null, groupId: otherGroup, offsets: null }, needs: null }
    case 'exact':
      return byHandOf(byHand)
    default:
      return { to: { to: strategy, value: null, groupId: null, offsets: null }, needs: null }
  }
}

function byHandOf(byHand: ResetDraft['byHand']): Target {
  const offsets: { topic: string; partition: number; offset: number }[] = []
  for (const [key, offset] of byHand) {
    const { topic, partition } = parseKey(key)
    if (offset === null) return { to: nowhere, needs: texts.needs.offsetOf(topic, partition) }
    offsets.push({ topic, partition, offset })
  }
  return { to: { ...nowhere, offsets }, needs: null }
}

/** A whole number that is exact, with or without thousands separators; `null` for anything else, and for nothing. */
export function wholeOf(text: string): number | null {
  const plain = text.trim().replaceAll(',', '')
  if (!/^[+-]?\d+$/.test(plain)) return null
  const number = Number(plain)
  return Number.isSafeInteger(number) ? number : null
}
