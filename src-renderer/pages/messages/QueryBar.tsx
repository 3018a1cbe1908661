import { lazy, type ReactNode, Suspense } from 'react'
import { presetTimes, timePresets } from '../../format/time'
import { Button } from '../../parts/Button'
import { Choice, Field } from '../../parts/Field'
import { TimeField } from '../../parts/TimeField'
import { useFeed } from '../../stores/feed'
import page from '../pages.module.css'
import { PartitionsMenu } from './PartitionsMenu'
import type { From, QueryDraft } from './query-draft'

/** An editor is large; most people search for text. */
const ScriptField = lazy(() => import('./ScriptField'))

const froms: readonly (readonly [From, string])[] = [
  ['newest', 'Newest'],
  ['oldest', 'Oldest'],
  ['live', 'Live'],
  ['offset', 'From offset'],
  ['group', 'Where a group is'],
  ['time', 'Between times'],
]

interface Props {
  readonly draft: QueryDraft
  readonly change: (fields: Partial<QueryDraft>) => void
  /** The most that one of the topics has. */
  readonly partitions: number
  /** The value of a message that is shown: what a filter in JavaScript finds in it. */
  readonly sample: () => string
  readonly children: ReactNode
}

/** Where to begin, which partitions, and what to look for. */
export function QueryBar({ draft, change, partitions, sample, children }: Props) {
  const { from, committed, isScript } = draft
  const start = (chosen: string) => {
    const preset = timePresets.find((known) => known === chosen)
    change(preset ? { from: 'time', ...presetTimes(preset) } : { from: chosen as From })
  }
  return (
    <div className={page.bar}>
      <Choice aria-label="Start from" value={from} onChange={(event) => start(event.target.value)}>
        {froms.map(([id, label]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
        <optgroup label="Times">
          {timePresets.map((preset) => (
            <option key={preset}>{preset}</option>
          ))}
        </optgroup>
      </Choice>
      {from === 'offset' && (
        <Field
          aria-label="Offset"
          type="number"
          min={0}
          value={draft.offset}
          onChange={(event) => change({ offset: event.target.value })}
        />
      )}
      {from === 'time' && (
        <>
          <TimeField
            label="From time"
            placeholder="from the beginning"
            at={draft.fromAt}
            onChange={(fromAt) => change({ fromAt })}
          />
          <TimeField
            label="Until time"
            placeholder="until now"
            at={draft.until}
            onChange={(until) => change({ until })}
          />
        </>
      )}
      {from === 'group' && <GroupChoice draft={draft} change={change} />}
      {partitions > 1 && (
        <PartitionsMenu text={draft.partitions} count={partitions} onChange={(text) => change({ partitions: text })} />
      )}
      <Choice
        aria-label="Isolation"
        title="What a consumer with this isolation level sees"
        value={committed ? 'committed' : 'all'}
        onChange={(event) => change({ committed: event.target.value === 'committed' })}
      >
        <option value="all">read_uncommitted</option>
        <option value="committed">read_committed</option>
      </Choice>
      <Button
        aria-pressed={isScript}
        onClick={() => change({ isScript: !isScript })}
        title="Filter by text, or by JavaScript"
      >
        {isScript ? 'JS' : 'Text'}
      </Button>
      {isScript ? (
        <Suspense fallback={<span style={{ flex: 1 }} />}>
          <ScriptField initial={draft.script} sample={sample} onRun={(script) => change({ script })} />
        </Suspense>
      ) : (
        <Field
          type="search"
          style={{ flex: 1, minWidth: 160 }}
          placeholder="Find in key, value, headers   /"
          aria-label="Find"
          value={draft.find}
          onChange={(event) => change({ find: event.target.value })}
        />
      )}
      {children}
    </div>
  )
}

function GroupChoice({ draft, change }: Pick<Props, 'draft' | 'change'>) {
  const { value: groups } = useFeed('groups', undefined)
  return (
    <Choice
      aria-label="Group"
      value={draft.groupId ?? ''}
      onChange={(event) => change({ groupId: event.target.value || null })}
    >
      <option value="">choose a group</option>
      {groups?.map(({ groupId }) => (
        <option key={groupId}>{groupId}</option>
      ))}
    </Choice>
  )
}
