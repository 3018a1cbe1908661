import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import { durationMs } from './duration'

export type To = InputOf<Contract['reset.plan']>['to']
export type Way = To['to']

export const ways: readonly (readonly [Way, string])[] = [
  ['exact', 'By hand'],
  ['earliest', 'Earliest'],
  ['latest', 'Latest'],
  ['time', 'Time…'],
  ['back', 'Back by…'],
  ['shift', 'Shift by…'],
  ['offset', 'Offset…'],
  ['group', 'Like group…'],
  ['delete', 'Delete offsets'],
]

/** What a person has said so far. */
export interface Wish {
  readonly way: Way
  /** What was typed for this way. */
  readonly text: string
  readonly otherGroup: string | null
  /** By `topic:partition`; `null` where something was typed that is no offset. */
  readonly byHand: ReadonlyMap<string, number | null>
}

/** Where to; or what is still needed to know that: nothing may be applied then. */
export interface Aim {
  readonly to: To
  readonly needs: string | null
}

const nowhere: To = { to: 'exact', value: null, groupId: null, offsets: [] }

export function aimOf({ way, text, otherGroup, byHand }: Wish): Aim {
  const wants = (needs: string): Aim => ({ to: nowhere, needs })
  const value = (number: number | null, needs: string): Aim =>
    number === null ? wants(needs) : { to: { to: way, value: number, groupId: null, offsets: null }, needs: null }
  switch (way) {
    case 'time':
      return value(timeOf(text), 'Choose a date and a time.')
    case 'back':
      return value(durationMs(text), 'Say how far back: 15m, 1h30m, 2d or PT15M.')
    case 'shift':
      return value(wholeOf(text), 'Say by how many messages: -100 goes back, 100 forward.')
    case 'offset': {
      const offset = wholeOf(text)
      return value(offset !== null && offset < 0 ? null : offset, 'Say an offset: a whole number from 0.')
    }
    case 'group':
      return otherGroup === null
        ? wants('There is no other group.')
        : { to: { to: way, value: null, groupId: otherGroup, offsets: null }, needs: null }
    case 'exact':
      return byHandOf(byHand)
    default:
      return { to: { to: way, value: null, groupId: null, offsets: null }, needs: null }
  }
}

function byHandOf(byHand: Wish['byHand']): Aim {
  const offsets: { topic: string; partition: number; offset: number }[] = []
  for (const [key, offset] of byHand) {
    const colon = key.lastIndexOf(':')
    const [topic, partition] = [key.slice(0, colon), Number(key.slice(colon + 1))]
    if (offset === null)
      return { to: nowhere, needs: `Say an offset for ${topic} ${partition}: a whole number from 0.` }
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

function timeOf(text: string): number | null {
  // Date.parse alone would read a date into almost anything.
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : at
}

/** For `datetime-local`: local time with seconds. */
export function localTime(at: number): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  const date = new Date(at)
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
}
