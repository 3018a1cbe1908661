import { useState } from 'react'
import { CheckList } from '../../parts/CheckList'
import { Field } from '../../parts/Field'
import { Popover } from '../../parts/Popover'
import { useFeed } from '../../stores/feed'
import css from './reset.module.css'
import { texts } from './texts'
import type { Reset } from './useReset'

/** Adds topics for which the group has no offsets yet. */
export function MoreTopics({ reset }: { readonly reset: Reset }) {
  const { value: topics } = useFeed('topics.names', undefined)
  const [find, setFind] = useState('')
  const added = new Set(reset.topics)
  const ofGroup = new Set(reset.plan?.lines.map(({ topic }) => topic).filter((topic) => !added.has(topic)))
  const more = topics?.flatMap(({ name, internal }) => (internal || ofGroup.has(name) ? [] : [name])) ?? []
  if (more.length === 0) return null
  const found = more.filter((name) => name.toLowerCase().includes(find.trim().toLowerCase()))
  return (
    <Popover label={texts.addTopic} title={texts.moreTopics} align="start" onOpenChange={() => setFind('')}>
      <div className={css.topics}>
        <Field
          type="search"
          aria-label={texts.findTopic}
          placeholder={texts.findTopic}
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
        {found.length === 0 && <p className="quiet">{texts.noMoreTopics}</p>}
        <CheckList
          items={found}
          labelOf={(name) => name}
          isChecked={(name) => added.has(name)}
          onToggle={reset.toggleTopic}
        />
      </div>
    </Popover>
  )
}
