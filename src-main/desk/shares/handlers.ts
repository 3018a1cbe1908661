import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import type { ShareSource } from '../source/shares'
import { shareLanes } from './lanes'
import { redeliver } from './redeliver'

type Subject = Pick<Handlers, 'share.lanes' | 'share.release' | 'share.redeliver'>

/**
 * How a question about deliveries travels: the page opens the feed `share.lanes` for the lanes that are visible; a change of the group's
 * deliveries (`source.shares.changed`) or a beat asks the source for these lanes, `lanes.ts` bounds them and `why.ts` says what stops them.
 */
export function shareHandlers({ source, clock, pulse, live }: Parts, shares: ShareSource): Subject {
  return {
    'share.lanes': (input, outlet) =>
      live(outlet, () => shareLanes(shares, input, clock.now()), [
        pulse.beat,
        (changed) => shares.changed((id) => id === input.groupId && changed()),
      ]),
    'share.release': async ({ groupId, memberId }) => ({ records: await shares.release(groupId, memberId) }),
    'share.redeliver': (lost) => redeliver(source, shares, lost, clock.now()),
  }
}
