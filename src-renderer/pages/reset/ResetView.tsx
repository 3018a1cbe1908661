import { useCallback, useEffect, useState } from 'react'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import type { GroupDetail, ResetLine, ResetPlan, ResetRecord } from '../../../src-main/contract/groups'
import { counted, integer } from '../../format/numbers'
import { ago } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Code } from '../../parts/Copy'
import { Empty } from '../../parts/Empty'
import { Choice, Field } from '../../parts/Field'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import { NextMessage } from './NextMessage'
import { ResetStrip } from './ResetStrip'
import css from './reset.module.css'

type To = InputOf<Contract['reset.plan']>['to']

const ways: readonly (readonly [To['to'], string])[] = [
  ['exact', 'By hand'],
  ['earliest', 'Earliest'],
  ['latest', 'Latest'],
  ['offset', 'Offset'],
  ['time', 'Time'],
  ['back', 'Back by (seconds)'],
  ['shift', 'Shift by'],
  ['group', 'Like another group'],
  ['delete', 'Delete the offsets'],
]

const keyOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }) => `${topic}:${partition}`

/** Moves a group: drag a handle, or say where to; see what it means; apply; undo. */
export function ResetView({ group }: { readonly group: GroupDetail }) {
  const { groupId } = group
  const { value: groups } = useFeed('groups', undefined)
  const [way, setWay] = useState<To['to']>('exact')
  const [value, setValue] = useState('')
  const [other, setOther] = useState<string | null>(null)
  const [byHand, setByHand] = useState<ReadonlyMap<string, number>>(new Map())
  const [looked, setLooked] = useState<string | null>(null)
  const [plan, setPlan] = useState<ResetPlan | null>(null)
  const [history, setHistory] = useState<readonly ResetRecord[]>([])
  const others = groups?.filter((candidate) => candidate.groupId !== groupId) ?? []
  const to = targetOf(way, value, other ?? others[0]?.groupId ?? null, group, byHand)
  const key = JSON.stringify(to)
  const loadHistory = useCallback(
    () => attempt(async () => setHistory(await ask('reset.history', { groupId }))),
    [groupId],
  )
  useEffect(() => {
    let isStale = false
    ask('reset.plan', { groupId, to, partitions: null }).then(
      (next) => !isStale && setPlan(next),
      () => !isStale && setPlan(null),
    )
    return () => {
      isStale = true
    }
  }, [groupId, key, group.members.length, group.lag])
  useEffect(() => void loadHistory(), [loadHistory])
  if (group.partitions.length === 0) return <Empty>This group has no partitions and no offsets to move.</Empty>
  const changed = plan?.lines.filter((line) => line.problem === null && line.next !== line.current) ?? []
  const apply = async () => {
    const fence = group.members.length > 0
    const done = fence
      ? `Moved ${groupId}; its ${counted(group.members.length, 'member')} will join again.`
      : `Moved ${groupId}.`
    if (await attempt(() => ask('reset.apply', { groupId, to, partitions: null, fence }), done)) {
      setByHand(new Map())
      setWay('exact')
      await loadHistory()
    }
  }
  const undo = async ({ id }: ResetRecord) => {
    if (
      await attempt(() => ask('reset.undo', { groupId, id, fence: group.members.length > 0 }), 'The reset is undone.')
    )
      await loadHistory()
  }
  const sum = (of: (line: ResetLine) => number) => integer(changed.reduce((total, line) => total + of(line), 0))
  const shown = plan?.lines.find((line) => keyOf(line) === looked) ?? changed[0]
  const latest = history.find(({ undone, cause }) => !undone && !cause.startsWith('undid'))
  return (
    <div className={css.page}>
      <div className={page.bar}>
        <Choice aria-label="Where to" value={way} onChange={(event) => setWay(event.target.value as To['to'])}>
          {ways.map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Choice>
        {(way === 'offset' || way === 'back' || way === 'shift') && (
          <Field type="number" aria-label="Value" value={value} onChange={(event) => setValue(event.target.value)} />
        )}
        {way === 'time' && (
          <Field
            type="datetime-local"
            step="1"
            aria-label="Time"
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
        {way === 'group' && (
          <Choice
            aria-label="Other group"
            value={other ?? others[0]?.groupId}
            onChange={(event) => setOther(event.target.value)}
          >
            {others.map((candidate) => (
              <option key={candidate.groupId}>{candidate.groupId}</option>
            ))}
          </Choice>
        )}
        <label className={css.file}>
          From a file…
          <input
            type="file"
            accept=".csv,.txt"
            aria-label="File of topic,partition,offset"
            onChange={(event) => {
              const file = event.target.files?.[0]
              if (!file) return
              attempt(async () => {
                setByHand(positionsOf(await file.text()))
                setWay('exact')
              })
            }}
          />
        </label>
        <span className="quiet">
          {way === 'exact'
            ? 'Drag a handle, or use the arrow keys on it: Shift for ten, Page Up and Down for a hundredth.'
            : ''}
        </span>
      </div>
      <div className={css.strips}>
        {plan?.lines.map((line) => (
          <ResetStrip
            key={keyOf(line)}
            line={line}
            onFocus={() => setLooked(keyOf(line))}
            onMove={(offset) => {
              const moved = new Map(
                way === 'exact'
                  ? byHand
                  : plan.lines.flatMap((entry) => (entry.next === null ? [] : [[keyOf(entry), entry.next]])),
              )
              moved.set(keyOf(line), offset)
              setByHand(moved)
              setWay('exact')
            }}
          />
        ))}
      </div>
      {shown && shown.next !== null && (
        <NextMessage
          topic={shown.topic}
          partition={shown.partition}
          offset={shown.next}
          isThere={shown.next < shown.end}
        />
      )}
      <div className={css.footer}>
        <span>
          {changed.length === 0
            ? 'Nothing would change.'
            : `${counted(changed.length, 'partition')}: ${sum(({ replayed }) => replayed)} messages again, ${sum(({ skipped }) => skipped)} skipped`}
        </span>
        <div className={css.command}>{plan && changed.length > 0 && <Code text={plan.command} />}</div>
        {latest && <Button onClick={() => undo(latest)}>Undo “{latest.cause}”</Button>}
        <Button look="primary" disabled={changed.length === 0} onClick={apply}>
          {group.members.length === 0 ? 'Apply' : `Apply now (fences ${counted(group.members.length, 'member')})`}
        </Button>
      </div>
      {history.length > 0 && (
        <details className={css.history}>
          <summary className="quiet">{counted(history.length, 'earlier reset')}</summary>
          {history.map((record) => (
            <p key={record.id} className="quiet">
              {ago(record.at, Date.now())}: {record.cause}, {counted(record.partitions, 'partition')}
              {record.undone ? ', undone' : ''}
            </p>
          ))}
        </details>
      )}
    </div>
  )
}

/** Lines of `topic,partition,offset`, as `kafka-consumer-groups --export` writes them. @throws Error that names the line */
function positionsOf(text: string): Map<string, number> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return new Map(
    lines.map((line, i) => {
      const match = /^\s*"?([^",]+)"?\s*,\s*(\d+)\s*,\s*(\d+)\s*$/.exec(line)
      if (!match) throw new Error(`Line ${i + 1} is not topic,partition,offset: ${line.slice(0, 80)}`)
      return [`${match[1]}:${match[2]}`, Number(match[3])]
    }),
  )
}

function targetOf(
  way: To['to'],
  value: string,
  other: string | null,
  group: GroupDetail,
  byHand: ReadonlyMap<string, number>,
): To {
  const empty = { value: null, groupId: null, offsets: null }
  if (way === 'group') return { ...empty, to: way, groupId: other }
  if (way === 'time') return { ...empty, to: way, value: Date.parse(value) || 0 }
  if (way === 'back') return { ...empty, to: way, value: (Number(value) || 0) * 1000 }
  if (way === 'offset' || way === 'shift') return { ...empty, to: way, value: Math.trunc(Number(value)) || 0 }
  if (way !== 'exact') return { ...empty, to: way }
  // A partition without an offset gets one only when its handle was moved.
  const offsets = group.partitions.flatMap(({ topic, partition, committed }) => {
    const offset = byHand.get(`${topic}:${partition}`) ?? committed
    return offset === null ? [] : [{ topic, partition, offset }]
  })
  return { ...empty, to: way, offsets }
}
