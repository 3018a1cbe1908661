import { useEffect, useState } from 'react'
import type { GroupDetail } from '../../../src-main/contract/groups'
import { moves, type ResetLine } from '../../../src-main/contract/reset'
import { ask } from '../../host'
import { attempt } from '../../stores/notices'
import { useRounds } from './useReset'

const none: readonly ResetLine[] = []

/** Partitions that the waiting reset of a group would move, as if the group were empty now; none while no reset waits. */
export function useWaitingPlan(group: GroupDetail): readonly ResetLine[] {
  const { groupId, waiting } = group
  const [lines, setLines] = useState(none)
  const isWaiting = waiting !== null && waiting.problem === null
  const round = useRounds(group)
  useEffect(() => {
    let isStale = false
    if (!isWaiting) setLines(none)
    else {
      void attempt(async () => {
        const plan = await ask('reset.waitingPlan', { groupId })
        if (!isStale) setLines(plan?.lines.filter(moves) ?? none)
      })
    }
    return () => {
      isStale = true
    }
  }, [groupId, isWaiting, waiting?.since, round])
  return lines
}
