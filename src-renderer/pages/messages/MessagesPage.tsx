import { useMemo, useState } from 'react'
import { counted } from '../../format/numbers'
import { Button } from '../../parts/Button'
import { CheckList } from '../../parts/CheckList'
import { Empty } from '../../parts/Empty'
import { Field } from '../../parts/Field'
import { Popover } from '../../parts/Popover'
import { useFeed } from '../../stores/feed'
import { go, goBeside, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { MessagesView } from './MessagesView'
import css from './query.module.css'
import { texts } from './texts'

/** Most topics that are merged: the partitions of each are read side by side. */
const maxTopics = 100

/** The address of an empty choice. No subject means all topics; topic names contain no comma. */
const none = ','

/** Messages of several topics, merged by time. Without a choice, of all topics. */
export function MessagesPage() {
  const { subject } = useRoute()
  const [find, setFind] = useState('')
  const { value: topics } = useFeed('topics.names', undefined)
  // All topics at the time when the page was opened: a new topic must not restart a view that is being read.
  const [initial, setInitial] = useState<readonly string[] | null>(null)
  const all = useMemo(() => (topics ?? []).filter(({ internal }) => !internal).map(({ name }) => name), [topics])
  if (topics && (initial === null || (initial.length === 0 && all.length > 0))) setInitial(all)
  const known = useMemo(() => new Set(topics?.map(({ name }) => name)), [topics])
  const wanted = (subject === null ? (initial ?? all) : subject.split(',')).filter((name) => known.has(name))
  const isWanted = new Set(wanted)
  const key = wanted.slice(0, maxTopics).join(',')
  const shown = useMemo(() => (key === '' ? [] : key.split(',')), [key])
  if (!topics) {
    return (
      <header className={page.header}>
        <h1>{texts.title}</h1>
      </header>
    )
  }
  const added = subject === null ? all.filter((name) => !isWanted.has(name)) : []
  const choose = (names: readonly string[]) => {
    if (names.length === all.length) setInitial(all)
    const chosen = names.length === all.length ? null : names.length === 0 ? none : names.join(',')
    goBeside('messages', chosen)
  }
  const toggle = (name: string) =>
    choose(isWanted.has(name) ? wanted.filter((other) => other !== name) : [...wanted, name])
  const found = all.filter((name) => name.toLowerCase().includes(find.trim().toLowerCase()))
  const partitions = topics
    .filter(({ name }) => shown.includes(name))
    .reduce((most, topic) => Math.max(most, topic.partitions), 0)
  return (
    <>
      <header className={page.header}>
        <h1>{texts.title}</h1>
        {all.length > 0 && (
          <Popover
            label={subject === null ? counted(wanted.length, 'topic') : texts.choice.of(wanted.length, all.length)}
            title={texts.choice.topics}
            align="start"
          >
            <div className={css.popoverLine}>
              <Field
                type="search"
                aria-label={texts.choice.find}
                placeholder={texts.choice.find}
                value={find}
                onChange={(event) => setFind(event.target.value)}
              />
              <Button look="plain" disabled={wanted.length === all.length} onClick={() => choose(all)}>
                {texts.choice.all}
              </Button>
              <Button look="plain" disabled={wanted.length === 0} onClick={() => choose([])}>
                {texts.choice.none}
              </Button>
            </div>
            <CheckList
              items={found}
              labelOf={(name) => name}
              isChecked={(name) => isWanted.has(name)}
              onToggle={toggle}
            />
          </Popover>
        )}
        {added.length > 0 && <Button onClick={() => choose(all)}>{texts.choice.added(added.length)}</Button>}
        {wanted.length > maxTopics && <span className="quiet">{texts.choice.limited(maxTopics)}</span>}
      </header>
      {shown.length === 0 ? (
        <Empty
          action={
            all.length === 0 && (
              <Button needs="topic.create" onClick={() => go('topics')}>
                {texts.choice.createTopic}
              </Button>
            )
          }
        >
          {all.length === 0 ? texts.choice.noTopics : texts.choice.chooseOne}
        </Empty>
      ) : (
        <MessagesView topics={shown} partitions={partitions} />
      )}
    </>
  )
}
