import type { Handlers } from '../../contract/server'
import type { Activity } from '../home/activity'
import type { Parts } from '../parts'
import { applyReset, planReset, planUndo, resetHistory, undoReset } from './reset'
import type { WaitingResets } from './waiting'

type Subject = Pick<
  Handlers,
  | 'reset.plan'
  | 'reset.apply'
  | 'reset.wait'
  | 'reset.waitingPlan'
  | 'reset.cancel'
  | 'reset.history'
  | 'reset.undoPlan'
  | 'reset.undo'
>

interface Besides {
  readonly waiting: WaitingResets
  readonly activity: Activity
  /** Where clients connect, for the command of Kafka's own tool. */
  readonly address: string | undefined
}

/**
 * How a reset travels: a plan asks the source for the group, its committed offsets and the logs, and decides each partition's new offset
 * without changing anything (`reset.ts`). `reset.apply` hands the moves to `source.groups.move`, which fences the members, sets the
 * offsets and notes in the history what they replaced: all of it or nothing is stored. An undo is a move back to what the history holds.
 * A reset that waits for its group to be empty is kept in the workspace (`waiting.ts`).
 */
export function resetHandlers({ source, clock }: Parts, { waiting, activity, address }: Besides): Subject {
  return {
    'reset.plan': (input) => planReset(source, input, clock.now(), address?.replace('127.0.0.1', 'localhost')),
    async 'reset.apply'(input) {
      const plan = await waiting.replaceBy(input.groupId, () => applyReset(source, input, clock.now()))
      activity.note('reset', `Offsets of ${input.groupId} were reset`, input.groupId)
      return plan
    },
    'reset.wait': (input) => waiting.add(input),
    'reset.waitingPlan': ({ groupId }) => waiting.plan(groupId),
    'reset.cancel': ({ groupId }) => waiting.cancel(groupId),
    'reset.history': ({ groupId }) => resetHistory(source, groupId),
    'reset.undoPlan': ({ groupId, id }) => planUndo(source, groupId, id),
    'reset.undo': ({ groupId, id, fence }) => waiting.replaceBy(groupId, () => undoReset(source, groupId, id, fence)),
  }
}
