import type { Handlers } from '../../contract/server'
import { live } from '../live'
import type { Parts } from '../parts'
import type { JournalSource } from '../source/groups'
import type { MemberHues } from './hues'
import { framesOf, rebalances } from './rebalances'
import { Sessions } from './sessions'

type Hues = Pick<Handlers, 'group.hues'>
type Subject = Pick<Handlers, 'rebalances' | 'rebalances.frames' | 'rebalances.sessions' | 'rebalances.export'>

/**
 * How a question about rebalances travels: the coordinator publishes each step that changed a group as a frame and the journal keeps it.
 * The feed `rebalances` gives the newest frames of the journal and then each new one (`rebalances.ts`); older ones are asked for by time.
 * Heartbeats leave no frames: `sessions.ts` asks for them once a beat.
 */
export function rebalanceHandlers({ source, clock, pulse }: Parts, journal: JournalSource): Subject {
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
