import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import type { Activity } from './activity'
import { lagOf, messagesOf, type RunFacts, statusOf } from './status'

type Subject = Pick<
  Handlers,
  'workspace' | 'workspace.messages' | 'workspace.lag' | 'traffic' | 'activity' | 'workspace.copy' | 'workspace.shrink'
>

/**
 * How the first page is filled: `Pulse` asks the source once a second for totals that only grow and tells the differences as traffic;
 * `Activity` listens to what topics, clients, groups and transactions say and keeps the newest lines in words; `status.ts` sums up the
 * rest. `Notices` picks what is worth a notification of the system.
 */
export function homeHandlers({ source, clock, pulse, live }: Parts, activity: Activity, run: RunFacts): Subject {
  return {
    workspace: (_, outlet) => {
      source.records.prepare()
      return live(outlet, () => statusOf(source, run), [
        pulse.beat,
        source.topics.changed,
        ...(source.clients ? [source.clients.changed] : []),
        ...(source.workspace.writeFailureChanged ? [source.workspace.writeFailureChanged] : []),
      ])
    },
    'workspace.messages': (_, outlet) => live(outlet, () => messagesOf(source), [pulse.beat, source.topics.changed]),
    'workspace.lag': (_, outlet) => live(outlet, () => lagOf(source, clock.now()), [pulse.beat, source.topics.changed]),
    traffic: (_, outlet) => live(outlet, () => pulse.traffic, [pulse.trafficBeat]),
    activity: (_, outlet) => live(outlet, () => activity.lines, [activity.changed]),
    'workspace.shrink': () => source.workspace.shrink(),
    'workspace.copy': ({ path }) => source.workspace.saveCopy(path),
  }
}
