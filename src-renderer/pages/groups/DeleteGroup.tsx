import type { GroupDetail } from '../../../src-main/contract/groups'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { go } from '../../stores/route'
import { shared } from '../../texts'
import css from './groups.module.css'
import { keptOffset, texts } from './texts'

interface TopicLoss {
  readonly committed: number
  readonly lag: number
}

/** Shows what will be lost before a group is deleted. */
export function DeleteGroup({ group, onClose }: { readonly group: GroupDetail; readonly onClose: () => void }) {
  const { groupId, type, members, partitions } = group
  const offset = keptOffset(type)
  const topics = new Map<string, TopicLoss>()
  for (const { topic, committed, lag } of partitions) {
    if (committed === null) continue
    const known = topics.get(topic) ?? { committed: 0, lag: 0 }
    topics.set(topic, { committed: known.committed + 1, lag: known.lag + (lag ?? 0) })
  }
  const committed = [...topics.values()].reduce((sum, topic) => sum + topic.committed, 0)
  return (
    <ConfirmDialog
      title={texts.deletion.title(groupId)}
      description={members.length > 0 ? texts.deletion.hasMembers(members.length) : offset.deletion(committed)}
      action={shared.delete}
      needs="group.delete"
      typed={groupId}
      disabled={members.length > 0}
      onConfirm={async () => {
        await change('group.delete', { groupId })
        notify({ kind: 'done', text: texts.deletion.done(groupId) })
        go('groups')
      }}
      onClose={onClose}
    >
      {topics.size > 0 && (
        <ul className={css.lost}>
          {[...topics].map(([topic, loss]) => (
            <li key={topic}>
              <b>{topic}</b>: {texts.deletion.line(offset.counted(loss.committed), loss.lag)}
            </li>
          ))}
        </ul>
      )}
    </ConfirmDialog>
  )
}
