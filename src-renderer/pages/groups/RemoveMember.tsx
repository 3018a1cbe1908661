import type { GroupDetail, GroupMember } from '../../../src-main/contract/groups'
import { memberName } from '../../format/members'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { shared } from '../../texts'
import { texts } from './texts'

/** Confirms the removal of one member, which starts a rebalance. */
export function RemoveMember({
  group,
  member,
  onClose,
}: {
  readonly group: GroupDetail
  readonly member: GroupMember
  readonly onClose: () => void
}) {
  const { groupId } = group
  const name = memberName(member)
  const partitions = Object.values(member.assigned).flat().length
  return (
    <ConfirmDialog
      title={texts.remove.title(name, groupId)}
      description={texts.remove.text(partitions, group.members.length - 1)}
      action={shared.remove}
      needs="group.remove"
      typed={groupId}
      onConfirm={async () => {
        await change('group.remove', { groupId, memberId: member.memberId })
        notify({ kind: 'done', text: texts.remove.done(name, groupId) })
      }}
      onClose={onClose}
    />
  )
}
