import type { Handlers } from '../../contract/server'
import { changedLists } from '../changed-lists'
import { live } from '../live'
import type { Parts } from '../parts'
import type { JournalSource } from '../source/groups'
import { isSameGroup, rebalancedGroups } from './groups'
import type { MemberHues } from './hues'
import { framesOf, rebalances } from './rebalances'
import { Sessions } from './sessions'

type Hues = Pick<Handlers, 'group.hues'>
type Subject = Pick<
  Handlers,
  'rebalances' | 'rebalances.groups' | 'rebalances.frames' | 'rebalances.sessions' | 'rebalances.export'
>

/**
 * How a question about rebalances travels: the coordinator publishes each step that changed a group as a frame and the journal keeps it.
 * The feed `rebalances` gives the newest frames of the journal and then each new one (`rebalances.ts`); older ones are asked for by time.
 * Heartbeats leave no frames: `sessions.ts` asks for them once a beat. The groups beside the one that is shown (`rebalances.groups`) follow
 * frames alone: commits change nothing that is shown of them. A beat finds those that were created or deleted without a frame.
 */
export function rebalanceHandlers({ source, clock, pulse, live: picture }: Parts, journal: JournalSource): Subject {
  return {
    rebalances(input, outlet) {
      const stop = { now: () => {} }
      let isStopped = false
      source.groups
        .find(input.groupId)
        .then((group) => {
          if (!group) throw new Error(`There is no group ${input.groupId}.`)
          if (!isStopped) stop.now = rebalances(journal, input.groupId, outlet)
        })
        .catch((error: unknown) => outlet.fail(error))
      return () => {
        isStopped = true
        stop.now()
      }
    },
    'rebalances.groups': (_, outlet) =>
      picture(changedLists(outlet, isSameGroup), () => rebalancedGroups(source, journal), [pulse.beat, journal.framed]),
    'rebalances.frames': ({ groupId, fromAt, toAt }) => framesOf(journal, groupId, fromAt, toAt),
    'rebalances.sessions': ({ groupId }, outlet) => {
      const sessions = new Sessions(journal, groupId)
      return live(outlet, clock, 0, () => sessions.now(), [pulse.beat])
    },
    'rebalances.export': ({ groupId, from, to }) => journal.scenario(groupId, from, to),
  }
}

export function hueHandlers({ source, live: picture }: Parts, hues: MemberHues): Hues {
  return {
    'group.hues': ({ groupId }, outlet) =>
      picture(outlet, () => hues.all(groupId), [
        (changed) => source.groups.changed((id) => id === groupId && changed()),
      ]),
  }
}
