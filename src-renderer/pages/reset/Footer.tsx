import { useCallback, useEffect, useState } from 'react'
import { causeText } from '../../../src-main/contract/causes'
import type { GroupDetail } from '../../../src-main/contract/groups'
import type { ResetLine, ResetRecord } from '../../../src-main/contract/reset'
import { counted } from '../../format/numbers'
import { ago } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Code } from '../../parts/Copy'
import { download } from '../../parts/download'
import { PageFooter } from '../../parts/PageFooter'
import { change } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { ApplyDialog } from './ApplyDialog'
import { fileOf } from './offsets-file'
import css from './reset.module.css'
import { StreamsState } from './StreamsState'
import { resetOffset, texts } from './texts'
import { UndoDialog } from './UndoDialog'
import type { Reset } from './useReset'

interface Props {
  readonly group: GroupDetail
  readonly reset: Reset
  /** Lines of the reset that waits until the group is empty. */
  readonly waits: readonly ResetLine[]
}

/** The summary of the effect, the equivalent command, and the actions. */
export function Footer({ group, reset, waits }: Props) {
  const { groupId, members, waiting, type } = group
  const { moved, plan, needs, input } = reset
  const [history, setHistory] = useState<readonly ResetRecord[]>([])
  const [undoing, setUndoing] = useState<ResetRecord | null>(null)
  const [confirming, setConfirming] = useState<'now' | 'empty' | null>(null)
  const { value: status } = useFeed('workspace', undefined)
  const load = useCallback(
    () => void attempt(async () => setHistory(await ask('reset.history', { groupId }))),
    [groupId],
  )
  useEffect(load, [load, waiting === null])
  const applied = () => {
    reset.forget()
    load()
  }
  const apply = async () => {
    if (status?.cluster) return setConfirming('now')
    const fence = members.length > 0
    const done = texts.applied(groupId, members.length)
    if (!(await attempt(() => change('reset.apply', { ...input, fence }), done))) return
    applied()
  }
  const wait = async () => {
    if (status?.cluster) return setConfirming('empty')
    if (await attempt(() => change('reset.wait', input))) reset.forget()
  }
  const latest = history.find(({ undone, kind }) => !undone && kind === 'reset')
  const isReady = needs === null && moved.length > 0 && status !== null
  return (
    <PageFooter className={css.footer}>
      {waiting && (
        <div className={css.waiting} role="status">
          <span className={css.waitingGlyph} aria-hidden>
            ◔
          </span>
          <span>
            {waiting.problem
              ? texts.waiting.problem(waiting.to, waiting.problem)
              : texts.waiting.text(groupId, members.length, waiting.to, ago(waiting.since, Date.now()))}{' '}
            {waits.length > 0 && <span className="quiet">{texts.waiting.effect(summaryOf(waits, type))}</span>}
          </span>
          <Button
            onClick={() =>
              attempt(() => ask('reset.cancel', { groupId }), waiting.problem ? undefined : texts.waiting.cancelled)
            }
          >
            {waiting.problem ? texts.waiting.dismiss : texts.waiting.cancel}
          </Button>
        </div>
      )}
      <div className={css.actions}>
        <span role={reset.isProblem ? 'alert' : 'status'} className={needs ? css.needs : undefined}>
          {needs ?? summaryOf(moved, type)}
        </span>
        <span style={{ flex: 1 }} />
        {latest && (
          <Button needs="reset.undo" onClick={() => setUndoing(latest)}>
            {texts.undo(causeText([latest.cause]))}
          </Button>
        )}
        {members.length > 0 && (
          <Button needs="reset.wait" disabled={!isReady} onClick={wait}>
            {texts.applyWhenEmpty}
          </Button>
        )}
        <Button look="primary" needs="reset.apply" disabled={!isReady} onClick={apply}>
          {members.length === 0 ? texts.apply : texts.applyNow(members.length)}
        </Button>
      </div>
      {isReady && <StreamsState groupId={groupId} />}
      {isReady && plan && (
        <div className={css.command}>
          {plan.command === null ? <p className="quiet">{texts.noCommand}</p> : <Code text={plan.command} />}
          <Button disabled={fileOf(moved) === ''} onClick={() => download('offsets.csv', fileOf(moved), 'text/csv')}>
            {texts.save}
          </Button>
        </div>
      )}
      {history.length > 0 && (
        <details>
          <summary className="quiet">{counted(history.length, texts.history)}</summary>
          {history.map((record) => (
            <p key={record.id} className="quiet">
              {texts.historyLine(
                ago(record.at, Date.now()),
                causeText([record.cause]),
                record.partitions,
                record.undone,
              )}
            </p>
          ))}
        </details>
      )}
      {confirming && (
        <ApplyDialog
          groupId={groupId}
          type={type}
          members={members.length}
          when={confirming}
          reset={reset}
          summary={summaryOf(moved, type)}
          onApplied={applied}
          onClose={() => setConfirming(null)}
        />
      )}
      {undoing && (
        <UndoDialog
          group={group}
          record={undoing}
          onClose={() => {
            setUndoing(null)
            load()
          }}
        />
      )}
    </PageFooter>
  )
}

function summaryOf(moved: readonly ResetLine[], type: GroupDetail['type']): string {
  const offset = resetOffset(type)
  if (moved.length === 0) return texts.noChange
  const sum = (of: (line: ResetLine) => number) => moved.reduce((total, line) => total + of(line), 0)
  const replayed = sum((line) => line.replayed)
  const skipped = sum((line) => line.skipped)
  const firsts = moved.flatMap(({ first }) => first ?? [])
  const deleted = moved.filter(({ next }) => next === null).length
  return texts.summary(moved.length, [
    ...(replayed > 0 ? [texts.summaryParts.replayed(replayed)] : []),
    ...(skipped > 0 ? [texts.summaryParts.skipped(skipped, replayed === 0)] : []),
    ...(firsts.length > 0
      ? [
          offset.firsts(
            firsts.length,
            firsts.reduce((sum, { read }) => sum + read, 0),
            firsts.reduce((sum, first) => sum + first.skipped, 0),
          ),
        ]
      : []),
    ...(deleted > 0 ? [offset.deletions(deleted)] : []),
  ])
}
