import type { TopicLine } from '../../../src-main/contract/topics'
import { bytes, counted, integer } from '../../format/numbers'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { change } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { notify } from '../../stores/notices'
import { go } from '../../stores/route'
import { Impact, useImpact } from './Impact'
import { texts } from './texts'
import css from './topics.module.css'

interface Props {
  readonly action: 'delete' | 'purge'
  readonly topics: readonly string[]
  readonly onClose: () => void
}

/** Shows what will be deleted before it is. */
export function RemoveTopics({ action, topics: names, onClose }: Props) {
  const { value } = useFeed('topics', undefined)
  const chosen = new Set(names)
  const topics = value?.filter(({ name }) => chosen.has(name)) ?? []
  const what = names.length === 1 ? (names[0] as string) : counted(names.length, 'topic')
  const writing = topics.filter(({ inPerSecond }) => inPerSecond > 0).map(({ name }) => name)
  const sum = (of: (topic: TopicLine) => number) => topics.reduce((total, topic) => total + of(topic), 0)
  const isDeletion = action === 'delete'
  const impact = useImpact(names)
  const cluster = useFeed('workspace', undefined).value?.cluster
  return (
    <ConfirmDialog
      title={texts.removal.title(texts.removal.verbs[action], what)}
      description={
        value
          ? texts.removal.text(
              sum(({ messages }) => messages),
              sum(({ sizeBytes }) => sizeBytes),
              sum(({ partitions }) => partitions),
            )
          : texts.removal.counting
      }
      disabled={!value}
      action={texts.removal.verbs[action]}
      needs={isDeletion ? 'topics.delete' : 'topics.purge'}
      // Of several topics nobody types all names.
      typed={names.length === 1 ? what : (cluster?.name ?? what)}
      onConfirm={async () => {
        await change(isDeletion ? 'topics.delete' : 'topics.purge', { topics: names })
        notify({ kind: 'done', text: texts.removal.done[action](what) })
        if (isDeletion) go('topics')
      }}
      onClose={onClose}
    >
      {topics.length > 1 && <Preview topics={topics} />}
      <Impact {...impact} />
      {isDeletion && writing.length > 0 && <p>{texts.removal.writing(writing)}</p>}
      {!isDeletion && <p>{texts.removal.purge}</p>}
    </ConfirmDialog>
  )
}

function Preview({ topics }: { readonly topics: readonly TopicLine[] }) {
  return (
    <section className={css.preview} aria-label={texts.removal.preview} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {texts.removal.columns.map((title) => (
              <th key={title}>{title}</th>
            ))}
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
