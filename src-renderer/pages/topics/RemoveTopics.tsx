import type { TopicLine } from '../../../src-main/contract/topics'
import { bytes, counted, integer } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { attempt } from '../../stores/notices'
import { go } from '../../stores/route'

/** Says what will be gone before it is. */
export function RemoveTopics({
  deed,
  topics,
  onClose,
}: {
  readonly deed: 'delete' | 'purge'
  readonly topics: readonly TopicLine[]
  readonly onClose: () => void
}) {
  const names = topics.map(({ name }) => name)
  const groups = new Set(topics.flatMap((topic) => topic.groups.map(({ groupId }) => groupId)))
  const messages = topics.reduce((sum, topic) => sum + topic.messages, 0)
  const size = topics.reduce((sum, topic) => sum + topic.sizeBytes, 0)
  const run = async () => {
    const done = deed === 'delete' ? `Deleted ${names.join(', ')}.` : `Purged ${names.join(', ')}.`
    if (await attempt(() => ask(deed === 'delete' ? 'topics.delete' : 'topics.purge', { topics: names }), done)) {
      onClose()
      if (deed === 'delete') go('topics')
    }
  }
  return (
    <Dialog
      title={`${deed === 'delete' ? 'Delete' : 'Purge'} ${names.join(', ')}`}
      description={`${integer(messages)} messages (${bytes(size)}) in ${counted(
        topics.reduce((sum, { partitions }) => sum + partitions, 0),
        'partition',
      )} will be gone. This cannot be undone.`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" onClick={run}>
            {deed === 'delete' ? 'Delete' : 'Purge'}
          </Button>
        </>
      }
    >
      {deed === 'delete' && groups.size > 0 && <p>The offsets of {[...groups].join(', ')} for it go too.</p>}
      {deed === 'purge' && <p>The topic and its configs stay; offsets go on counting from where they are.</p>}
    </Dialog>
  )
}
