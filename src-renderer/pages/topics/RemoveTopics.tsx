import type { TopicLine } from '../../../src-main/contract/topics'
import { bytes, counted, integer } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { attempt } from '../../stores/notices'
import { go } from '../../stores/route'
import css from './topics.module.css'

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
  const what = names.length === 1 ? (names[0] as string) : counted(names.length, 'topic')
  const groups = new Set(topics.flatMap((topic) => topic.groups.map(({ groupId }) => groupId)))
  const writing = topics.filter(({ inPerSecond }) => inPerSecond > 0).map(({ name }) => name)
  const sum = (of: (topic: TopicLine) => number) => topics.reduce((total, topic) => total + of(topic), 0)
  const size = sum(({ sizeBytes }) => sizeBytes)
  const run = async () => {
    const done = deed === 'delete' ? `Deleted ${what}.` : `Purged ${what}.`
    if (await attempt(() => ask(deed === 'delete' ? 'topics.delete' : 'topics.purge', { topics: names }), done)) {
      onClose()
      if (deed === 'delete') go('topics')
    }
  }
  return (
    <Dialog
      title={`${deed === 'delete' ? 'Delete' : 'Purge'} ${what}`}
      description={`${counted(
        sum(({ messages }) => messages),
        'message',
      )} (${bytes(size)}) in ${counted(
        sum(({ partitions }) => partitions),
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
      {topics.length > 1 && <Preview topics={topics} />}
      {deed === 'delete' && groups.size > 0 && (
        <p>
          The offsets of {[...groups].join(', ')} for {topics.length === 1 ? 'it' : 'them'} go too.
        </p>
      )}
      {deed === 'delete' && writing.length > 0 && (
        <p>Written to just now: {writing.join(', ')}. A producer may make a topic again, with the broker's defaults.</p>
      )}
      {deed === 'purge' && <p>Topics and their configs stay; offsets go on counting from where they are.</p>}
    </Dialog>
  )
}

function Preview({ topics }: { readonly topics: readonly TopicLine[] }) {
  return (
    <section className={css.preview} aria-label="What will be gone" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th>Topic</th>
            <th>Messages</th>
            <th>Size</th>
            <th>Groups</th>
          </tr>
        </thead>
        <tbody>
          {topics.map(({ name, messages, sizeBytes, groups }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{integer(messages)}</td>
              <td>{bytes(sizeBytes)}</td>
              <td>{groups.length}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
