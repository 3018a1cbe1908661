import type { GroupDetail } from '../../../src-main/contract/groups'
import { counted, integer } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { attempt } from '../../stores/notices'
import { go } from '../../stores/route'
import css from './groups.module.css'

/** Says what is lost with a group before it is deleted. */
export function DeleteGroup({ group, onClose }: { readonly group: GroupDetail; readonly onClose: () => void }) {
  const { groupId, members, partitions } = group
  const topics = new Map<string, { committed: number; lag: number }>()
  for (const { topic, committed, lag } of partitions) {
    if (committed === null) continue
    const known = topics.get(topic) ?? { committed: 0, lag: 0 }
    topics.set(topic, { committed: known.committed + 1, lag: known.lag + (lag ?? 0) })
  }
  const committed = [...topics.values()].reduce((sum, topic) => sum + topic.committed, 0)
  const remove = async () => {
    if (await attempt(() => ask('group.delete', { groupId }), `Deleted group ${groupId}.`)) go('groups')
    else onClose()
  }
  return (
    <Dialog
      title={`Delete group ${groupId}?`}
      description={
        members.length > 0
          ? `It has ${counted(members.length, 'member')}. Only an empty group can be deleted: stop its consumers first.`
          : `Its committed offsets of ${counted(committed, 'partition')} and its rebalances go with it. This cannot be undone; consumers that come back begin where their auto.offset.reset says.`
      }
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" disabled={members.length > 0} onClick={remove}>
            Delete
          </Button>
        </>
      }
    >
      {topics.size > 0 && (
        <ul className={css.lost}>
          {[...topics].map(([topic, lost]) => (
            <li key={topic}>
              <b>{topic}</b>: {counted(lost.committed, 'committed offset')}
              {lost.lag > 0 ? `, ${integer(lost.lag)} messages not read yet` : ''}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
