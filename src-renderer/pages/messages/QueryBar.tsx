import { lazy, type ReactNode, Suspense } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import { presetTimes, timePresets } from '../../format/time'
import { Choice, Field } from '../../parts/Field'
import { TimeField } from '../../parts/TimeField'
import { useFeed } from '../../stores/feed'
import page from '../pages.module.css'
import { ConditionField } from './ConditionField'
import type { SearchState } from './message-search'
import { cellText } from './message-text'
import { PartitionsMenu } from './PartitionsMenu'
import css from './query.module.css'
import type { From, QueryDraft } from './query-draft'
import { texts } from './texts'

/** The editor is large and most users search for text: it is loaded on demand. */
const ScriptField = lazy(() => import('./ScriptField'))

const froms = Object.entries(texts.query.froms) as readonly (readonly [From, string])[]

interface Props {
  readonly draft: QueryDraft
  readonly change: (fields: Partial<QueryDraft>) => void
  /** The most that one of the topics has. */
  readonly partitions: number
  /** The messages that are shown, for the completion of fields and values. */
  readonly rows: SearchState['rows']
  /** Why a condition makes no sense, as the search tells it. */
  readonly refused: string | null
  readonly children: ReactNode
}

/** Start, partitions and filter of the messages. */
export function QueryBar({ draft, change, partitions, rows, refused, children }: Props) {
  const { from, filterBy } = draft
  const start = (chosen: string) => {
    const preset = timePresets.find((known) => known === chosen)
    change(preset ? { from: 'time', ...presetTimes(preset) } : { from: chosen as From })
  }
  return (
    <div className={page.bar}>
      <span className={css.start}>
        <Choice aria-label={texts.query.startFrom} value={from} onChange={(event) => start(event.target.value)}>
          {froms.map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
          <optgroup label={texts.query.times}>
            {timePresets.map((preset) => (
              <option key={preset}>{preset}</option>
            ))}
          </optgroup>
        </Choice>
      </span>
      {from === 'offset' && (
        <Field
          aria-label={texts.query.offset}
          type="number"
          min={0}
          value={draft.offset}
          onChange={(event) => change({ offset: event.target.value })}
        />
      )}
      {from === 'time' && (
        <>
          <TimeField
            label={texts.query.fromTime}
            placeholder={texts.query.fromPlaceholder}
            at={draft.fromAt}
            onChange={(fromAt) => change({ fromAt })}
          />
          <TimeField
            label={texts.query.untilTime}
            placeholder={texts.query.untilPlaceholder}
            at={draft.until}
            onChange={(until) => change({ until })}
          />
        </>
      )}
      {from === 'group' && <GroupChoice draft={draft} change={change} />}
      {partitions > 1 && (
        <PartitionsMenu text={draft.partitions} count={partitions} onChange={(text) => change({ partitions: text })} />
      )}
      <div className={filterBy === 'text' ? css.find : `${css.find} ${css.findWide}`}>
        <Choice
          aria-label={texts.query.filter}
          value={filterBy}
          onChange={(event) => change({ filterBy: event.target.value as QueryDraft['filterBy'] })}
        >
          {Object.entries(texts.query.filters).map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Choice>
        {filterBy === 'conditions' && (
          <ConditionField
            value={draft.where}
            onChange={(where) => change({ where })}
            rows={() => loaded(rows)}
            refused={refused}
          />
        )}
        {filterBy === 'script' && (
          <Suspense fallback={<span style={{ flex: 1 }} />}>
            <ScriptField
              initial={draft.script}
              sample={() => cellText(rows.at(0)?.value)}
              onRun={(script) => change({ script })}
            />
          </Suspense>
        )}
        {filterBy === 'text' && (
          <Field
            type="search"
            placeholder={texts.query.findPlaceholder}
            aria-label={texts.query.find}
            value={draft.find}
            onChange={(event) => change({ find: event.target.value })}
          />
        )}
      </div>
      {children}
    </div>
  )
}

/** Rows that are in memory, from the first on. */
function* loaded(rows: SearchState['rows']): Generator<MessageRow> {
  for (let index = 0; index < rows.length; index++) {
    const row = rows.at(index)
    if (row) yield row
  }
}

function GroupChoice({ draft, change }: Pick<Props, 'draft' | 'change'>) {
  const { value: groups } = useFeed('groups.names', undefined)
  return (
    <Choice
      aria-label={texts.query.group}
      value={draft.groupId ?? ''}
      onChange={(event) => change({ groupId: event.target.value || null })}
    >
      <option value="">{texts.query.chooseGroup}</option>
      {groups?.map((groupId) => (
        <option key={groupId}>{groupId}</option>
      ))}
    </Choice>
  )
}
