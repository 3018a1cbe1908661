import { type ReactNode, useState } from 'react'
import { Button } from '../../parts/Button'
import { Choice, Field } from '../../parts/Field'
import { useFeed } from '../../stores/feed'
import page from '../pages.module.css'
import { type From, localTime, type QueryDraft } from './useQuery'

const froms: readonly (readonly [From, string])[] = [
  ['newest', 'Newest'],
  ['oldest', 'Oldest'],
  ['live', 'Live'],
  ['offset', 'From offset'],
  ['time', 'Between times'],
  ['group', 'Where a group is'],
]

interface Props {
  readonly draft: QueryDraft
  readonly change: (fields: Partial<QueryDraft>) => void
  /** 0 where several topics are shown: then there is nothing to choose. */
  readonly partitions: number
  readonly children: ReactNode
}

/** Where to begin, which partition, and what to look for. */
export function QueryBar({ draft, change, partitions, children }: Props) {
  const { from, value, until, partition, committed, isScript } = draft
  return (
    <div className={page.bar}>
      <Choice aria-label="Start from" value={from} onChange={(event) => change({ from: event.target.value as From })}>
        {froms.map(([id, label]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </Choice>
      {from === 'offset' && (
        <Field
          aria-label="Offset"
          type="number"
          min={0}
          value={value}
          onChange={(event) => change({ value: event.target.value })}
        />
      )}
      {from === 'time' && (
        <>
          <Field
            aria-label="From time"
            type="datetime-local"
            step="0.001"
            value={value}
            onChange={(event) => change({ value: event.target.value })}
          />
          <Field
            aria-label="Until time"
            type="datetime-local"
            step="0.001"
            value={until === null ? '' : localTime(until)}
            onChange={(event) => change({ until: Date.parse(event.target.value) || null })}
          />
        </>
      )}
      {from === 'group' && <GroupChoice draft={draft} change={change} />}
      {partitions > 1 && (
        <Choice
          aria-label="Partition"
          value={partition ?? ''}
          onChange={(event) => change({ partition: event.target.value === '' ? null : Number(event.target.value) })}
        >
          <option value="">All partitions</option>
          {Array.from({ length: partitions }, (_, number) => (
            <option key={number} value={number}>
              Partition {number}
            </option>
          ))}
        </Choice>
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
        <ScriptField initial={draft.script} onRun={(script) => change({ script })} />
      ) : (
        <Field
          id="find"
          type="search"
          style={{ flex: 1, minWidth: 160 }}
          placeholder="Find in key, value and headers   /"
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

function ScriptField({ initial, onRun }: { readonly initial: string; readonly onRun: (script: string) => void }) {
  const [text, setText] = useState(initial)
  return (
    <>
      <Field
        style={{ flex: 1, minWidth: 160, fontFamily: 'var(--data)', fontSize: 12 }}
        aria-label="JavaScript filter"
        placeholder="value?.total > 100 && partitionID === 0"
        title="key, value, headers, offset, partition, timestamp, topic, keySchemaID, valueSchemaID"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && onRun(text)}
      />
      <Button onClick={() => onRun(text)}>Run</Button>
    </>
  )
}
