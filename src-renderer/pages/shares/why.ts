import type { ShareHold, ShareWhy } from '../../../src-main/contract/share'
import type { Names } from '../../format/members'
import { span } from '../../format/time'
import { leftOf } from './members'
import { texts } from './texts'

const namedHolders = 2

/** A reason as a sentence. */
export function whySentence(why: ShareWhy, names: Names, now: number): string {
  const { why: say } = texts
  switch (why.kind) {
    case 'nothingLeft':
    case 'noMembers':
    case 'noMember':
      return say[why.kind]
    case 'notBegun':
    case 'beganAtLatest':
      return say[why.kind](why.reset, why.records)
    case 'locked':
      return say.locked(holdersText(why.holders, names, now))
    case 'locksExhausted':
      return say.locksExhausted(why.limit, holdersText(why.holders, names, now))
    case 'openTransaction':
      return say.openTransaction(why.offset, why.records)
    case 'notFetching': {
      const [first, ...others] = why.memberIds
      const members = others.length === 0 && first !== undefined ? names.of(first) : say.others(why.memberIds.length)
      return say.notFetching(members, why.since === null ? null : span(Math.max(0, now - why.since)))
    }
    case 'lastAttempt':
      return say.lastAttempt(why.offset, why.limit)
    case 'exhausted':
      return say.exhausted(why.records, why.limit)
  }
}

function holdersText(holders: readonly ShareHold[], names: Names, now: number): string {
  const named = holders
    .slice(0, namedHolders)
    .map(({ memberId, records, lastLockEnd }) =>
      texts.why.holder(records, names.of(memberId), leftOf(lastLockEnd, now)),
    )
  const others = holders.length - named.length
  return [...named, ...(others > 0 ? [texts.why.others(others)] : [])].join('; ')
}
