import { lazy, type ReactNode, Suspense } from 'react'
import { presetTimes, timePresets } from '../../format/time'
import { Choice, Field } from '../../parts/Field'
import { TimeField } from '../../parts/TimeField'
import { useFeed } from '../../stores/feed'
import page from '../pages.module.css'
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
  /** The value of a visible message, for the completion of field names. */
  readonly sample: () => string
  readonly children: ReactNode
}

/** Start, partitions and filter of the messages. */
export function QueryBar({ draft, change, partitions, sample, children }: Props) {
  const { from, isScript } = draft
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
      <div className={isScript ? `${css.find} ${css.findScript}` : css.find}>
        <Choice
          aria-label={texts.query.filter}
          value={isScript ? 'script' : 'text'}
          onChange={(event) => change({ isScript: event.target.value === 'script' })}
        >
          <option value="text">{texts.query.filters.text}</option>
          <option value="script">{texts.query.filters.script}</option>
        </Choice>
        {isScript ? (
          <Suspense fallback={<span style={{ flex: 1 }} />}>
            <ScriptField initial={draft.script} sample={sample} onRun={(script) => change({ script })} />
          </Suspense>
        ) : (
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

function GroupChoice({ draft, change }: Pick<Props, 'draft' | 'change'>) {
  const { value: groups } = useFeed('groups', undefined)
  return (
    <Choice
      aria-label={texts.query.group}
      value={draft.groupId ?? ''}
      onChange={(event) => change({ groupId: event.target.value || null })}
    >
      <option value="">{texts.query.chooseGroup}</option>
      {groups?.map(({ groupId }) => (
        <option key={groupId}>{groupId}</option>
      ))}
    </Choice>
  )
}
