import type { GroupDetail, GroupMember } from '../../../src-main/contract/groups'
import { memberName } from '../../format/members'
import { counted } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { attempt } from '../../stores/notices'

/** Asks before one member is put out, which makes the group share its partitions anew. */
export function RemoveMember({
  group,
  member,
  onClose,
}: {
  readonly group: GroupDetail
  readonly member: GroupMember
  readonly onClose: () => void
}) {
  const name = memberName(member)
  const partitions = Object.values(member.assigned).flat().length
  const others = group.members.length - 1
  const remove = async () => {
    const { groupId } = group
    const done = `Removed ${name} from ${groupId}.`
    await attempt(() => ask('group.remove', { groupId, memberId: member.memberId }), done)
    onClose()
  }
  return (
    <Dialog
      title={`Remove ${name} from ${group.groupId}?`}
      description={`It has ${counted(partitions, 'partition')}. Its commits are refused from now on, and ${
        others === 0 ? 'the group is empty' : `${counted(others, 'other member')} share its partitions in a rebalance`
      }. A consumer that still runs joins again as a new member.`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" onClick={remove}>
            Remove
          </Button>
        </>
      }
    >
      {null}
    </Dialog>
  )
}
