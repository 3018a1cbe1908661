import type { GroupDetail } from '../../../src-main/contract/groups'
import { Empty } from '../../parts/Empty'
import { Footer } from './Footer'
import css from './reset.module.css'
import { Strips } from './Strips'
import { useReset } from './useReset'
import { WayBar } from './WayBar'

/** Moves a group: drag a handle, or say where to; see what it means; apply; undo. */
export function ResetView({ group }: { readonly group: GroupDetail }) {
  const reset = useReset(group)
  const lines = reset.plan?.lines
  return (
    <div className={css.page}>
      <WayBar reset={reset} groupId={group.groupId} />
      {lines && lines.length === 0 ? (
        <Empty>
          {group.groupId} has committed nothing and reads no topic. Add a topic above to give it a position there.
        </Empty>
      ) : (
        <Strips reset={reset} lines={lines ?? []} />
      )}
      <Footer group={group} reset={reset} />
    </div>
  )
}
