import { span } from '../../format/time'
import { texts } from './texts'

/** What is left of a lock. */
export function leftOf(lockedUntil: number, now: number): string {
  const left = lockedUntil - now
  return left <= 0 ? texts.ended : span(Math.ceil(left / 1000) * 1000)
}
