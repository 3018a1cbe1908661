import { Popover } from 'radix-ui'
import { useMemo } from 'react'
import { counted } from '../../format/numbers'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { useFeed } from '../../stores/feed'
import { go, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { MessagesView } from './MessagesView'
import css from './messages.module.css'

/** More are not merged at once: each has partitions that are read side by side. */
const maxTopics = 100

/** Messages of several topics, merged in the order of time. Without a choice: of all. */
export function MessagesPage() {
  const { subject } = useRoute()
  const { value: topics } = useFeed('topics', undefined)
  const all = useMemo(() => (topics ?? []).filter(({ internal }) => !internal).map(({ name }) => name), [topics])
  const known = useMemo(() => new Set(topics?.map(({ name }) => name)), [topics])
  const wanted = subject === null ? all : subject.split(',').filter((name) => known.has(name))
  const key = wanted.slice(0, maxTopics).join(',')
  const shown = useMemo(() => (key === '' ? [] : key.split(',')), [key])
  if (!topics) return null
  const choose = (name: string) => {
    const next = wanted.includes(name) ? wanted.filter((other) => other !== name) : [...wanted, name]
    go('messages', next.length === all.length ? null : next.join(','))
  }
  return (
    <>
      <header className={page.header}>
        <h1>Messages</h1>
        <Popover.Root>
          <Popover.Trigger asChild>
            <Button>
              {subject === null ? counted(all.length, 'topic') : `${wanted.length} of ${counted(all.length, 'topic')}`}
            </Button>
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content className={css.popover} align="start" sideOffset={4} aria-label="Topics">
              {all.map((name) => (
                <div key={name} className={css.popoverLine}>
                  <label>
                    <input type="checkbox" checked={wanted.includes(name)} onChange={() => choose(name)} /> {name}
                  </label>
                </div>
              ))}
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
        {wanted.length > maxTopics && <span className="quiet">the first {maxTopics} are shown</span>}
      </header>
      {shown.length === 0 ? (
        <Empty>
          {all.length === 0 ? 'There are no topics yet. A client makes one by writing to it.' : 'Choose a topic.'}
        </Empty>
      ) : (
        <MessagesView topics={shown} partitions={0} />
      )}
    </>
  )
}
