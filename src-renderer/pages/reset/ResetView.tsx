import type { GroupDetail } from '../../../src-main/contract/groups'
import { Empty } from '../../parts/Empty'
import { Footer } from './Footer'
import css from './reset.module.css'
import { StrategyBar } from './StrategyBar'
import { Strips } from './Strips'
import { resetOffset } from './texts'
import { useReset } from './useReset'
import { useWaitingPlan } from './useWaitingPlan'

/** Resets the offsets of a group: choose a target, preview the effect, apply, undo. */
export function ResetView({ group }: { readonly group: GroupDetail }) {
  const reset = useReset(group)
  const waits = useWaitingPlan(group)
  const lines = reset.plan?.lines
  return (
    <div className={css.page}>
      <StrategyBar reset={reset} group={group} />
      {lines && lines.length === 0 ? (
        <Empty>{resetOffset(group.type).empty(group.groupId)}</Empty>
      ) : (
        <Strips type={group.type} reset={reset} lines={lines ?? []} waits={waits} />
      )}
      <Footer group={group} reset={reset} waits={waits} />
    </div>
  )
}
