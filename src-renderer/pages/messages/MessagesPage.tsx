import { Popover } from 'radix-ui'
import { useMemo, useState } from 'react'
import { counted } from '../../format/numbers'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { useFeed } from '../../stores/feed'
import { go, presentRoute, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { MessagesView } from './MessagesView'
import css from './messages.module.css'

/** More are not merged at once: each has partitions that are read side by side. */
const maxTopics = 100

/** In the address: none is chosen. An empty choice means all; a comma is in no topic's name. */
const none = ','

/** Messages of several topics, merged in the order of time. Without a choice: of all. */
export function MessagesPage() {
  const { subject } = useRoute()
  const { value: topics } = useFeed('topics', undefined)
  // Of all that there were when the page was opened: one that comes must not begin a view anew that somebody reads.
  const [begun, setBegun] = useState<readonly string[] | null>(null)
  const all = useMemo(() => (topics ?? []).filter(({ internal }) => !internal).map(({ name }) => name), [topics])
  if (topics && (begun === null || (begun.length === 0 && all.length > 0))) setBegun(all)
  const known = useMemo(() => new Set(topics?.map(({ name }) => name)), [topics])
  const wanted = (subject === null ? (begun ?? all) : subject.split(',')).filter((name) => known.has(name))
  const key = wanted.slice(0, maxTopics).join(',')
  const shown = useMemo(() => (key === '' ? [] : key.split(',')), [key])
  if (!topics) return null
  const added = subject === null ? all.filter((name) => !wanted.includes(name)) : []
  const choose = (names: readonly string[]) => {
    if (names.length === all.length) setBegun(all)
    const chosen = names.length === all.length ? null : names.length === 0 ? none : names.join(',')
    // What is looked for stays, also where it is live.
    go('messages', chosen, null, presentRoute().query)
  }
  const toggle = (name: string) =>
    choose(wanted.includes(name) ? wanted.filter((other) => other !== name) : [...wanted, name])
  const partitions = topics
    .filter(({ name }) => shown.includes(name))
    .reduce((most, topic) => Math.max(most, topic.partitions), 0)
  return (
    <>
      <header className={page.header}>
        <h1>Messages</h1>
        <Popover.Root>
          <Popover.Trigger asChild>
            <Button>
              {subject === null
                ? counted(wanted.length, 'topic')
                : `${wanted.length} of ${counted(all.length, 'topic')}`}
            </Button>
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content className={css.popover} align="start" sideOffset={4} aria-label="Topics">
              <div className={css.popoverLine}>
                <Button look="plain" disabled={wanted.length === all.length} onClick={() => choose(all)}>
                  All
                </Button>
                <Button look="plain" disabled={wanted.length === 0} onClick={() => choose([])}>
                  None
                </Button>
              </div>
              <div className={css.popoverList}>
                {all.map((name) => (
                  <label key={name} className={css.popoverLine}>
                    <input type="checkbox" checked={wanted.includes(name)} onChange={() => toggle(name)} /> {name}
                  </label>
                ))}
              </div>
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
        {added.length > 0 && <Button onClick={() => choose(all)}>▲ {counted(added.length, 'new topic')}</Button>}
        {wanted.length > maxTopics && <span className="quiet">the first {maxTopics} are shown</span>}
      </header>
      {shown.length === 0 ? (
        <Empty>
          {all.length === 0 ? 'There are no topics yet. A client makes one by writing to it.' : 'Choose a topic.'}
        </Empty>
      ) : (
        <MessagesView topics={shown} partitions={partitions} />
      )}
    </>
  )
}
