import type { GroupType } from '../../../src-main/contract/groups'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { resetOffset, texts } from './texts'
import { useMostMembers } from './useMostMembers'
import type { Reset } from './useReset'

interface Props {
  readonly groupId: string
  readonly type: GroupType
  readonly members: number
  /** Now, or as soon as the group is empty. */
  readonly when: 'now' | 'empty'
  readonly reset: Reset
  readonly summary: string
  readonly onApplied: () => void
  readonly onClose: () => void
}

/** Confirms a reset on a cluster elsewhere by the name of the group. */
export function ApplyDialog({ groupId, type, members, when, reset, summary, onApplied, onClose }: Props) {
  const { input } = reset
  const waits = when === 'empty'
  const mostMembers = useMostMembers(members)
  const isEmpty = mostMembers === 0
  return (
    <ConfirmDialog
      title={texts.confirm.title(groupId)}
      description={summary}
      action={waits ? texts.applyWhenEmpty : isEmpty ? texts.apply : texts.applyNow(mostMembers)}
      needs={waits ? 'reset.wait' : 'reset.apply'}
      typed={groupId}
      onConfirm={async () => {
        if (waits) await change('reset.wait', input)
        else {
          await change('reset.apply', { ...input, fence: !isEmpty })
          notify({ kind: 'done', text: texts.applied(groupId, members) })
        }
        onApplied()
      }}
      onClose={onClose}
    >
      <p>{waits ? texts.confirm.waits : isEmpty ? texts.confirm.empty : resetOffset(type).fences(mostMembers)}</p>
    </ConfirmDialog>
  )
}
