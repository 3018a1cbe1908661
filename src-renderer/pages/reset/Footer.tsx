import { useCallback, useEffect, useState } from 'react'
import { causeText } from '../../../src-main/contract/causes'
import type { GroupDetail } from '../../../src-main/contract/groups'
import type { ResetLine, ResetRecord } from '../../../src-main/contract/reset'
import { counted, integer } from '../../format/numbers'
import { ago } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Code } from '../../parts/Copy'
import { attempt } from '../../stores/notices'
import { fileOf } from './offsets-file'
import css from './reset.module.css'
import { UndoDialog } from './UndoDialog'
import type { Reset } from './useReset'

/** What it comes to, the same as a command, and the deeds. */
export function Footer({ group, reset }: { readonly group: GroupDetail; readonly reset: Reset }) {
  const { groupId, members, waiting } = group
  const { moved, plan, needs, input } = reset
  const [history, setHistory] = useState<readonly ResetRecord[]>([])
  const [undoing, setUndoing] = useState<ResetRecord | null>(null)
  const load = useCallback(
    () => void attempt(async () => setHistory(await ask('reset.history', { groupId }))),
    [groupId],
  )
  useEffect(load, [load, waiting === null])
  const apply = async () => {
    const fence = members.length > 0
    const done = fence
      ? `Moved ${groupId}; its ${counted(members.length, 'member')} will join again.`
      : `Moved ${groupId}.`
    if (!(await attempt(() => ask('reset.apply', { ...input, fence }), done))) return
    reset.forget()
    load()
  }
  const wait = async () => {
    if (await attempt(() => ask('reset.wait', input))) reset.forget()
  }
  const latest = history.find(({ undone, kind }) => !undone && kind === 'reset')
  const isReady = needs === null && moved.length > 0
  return (
    <div className={css.footer}>
      {waiting && (
        <div className={css.waiting} role="status">
          <span className={css.waitingGlyph} aria-hidden>
            ◔
          </span>
          <span>
            {waiting.problem
              ? `Could not be moved to ${waiting.to}: ${waiting.problem}`
              : `Waits until ${groupId} is empty (${counted(members.length, 'member')} now), then moves it to ${waiting.to}. Asked for ${ago(waiting.since, Date.now())}.`}
          </span>
          <Button
            onClick={() =>
              attempt(() => ask('reset.cancel', { groupId }), waiting.problem ? undefined : 'The reset is cancelled.')
            }
          >
            {waiting.problem ? 'Forget' : 'Cancel the reset'}
          </Button>
        </div>
      )}
      <div className={css.deeds}>
        <span role={reset.isProblem ? 'alert' : 'status'} className={needs ? css.needs : undefined}>
          {needs ?? summaryOf(moved)}
        </span>
        <span style={{ flex: 1 }} />
        {latest && <Button onClick={() => setUndoing(latest)}>Undo “{causeText([latest.cause])}”…</Button>}
        {members.length > 0 && (
          <Button disabled={!isReady} onClick={wait}>
            Apply when empty
          </Button>
        )}
        <Button look="primary" disabled={!isReady} onClick={apply}>
          {members.length === 0 ? 'Apply' : `Apply now (fences ${counted(members.length, 'member')})`}
        </Button>
      </div>
      {isReady && plan && (
        <div className={css.command}>
          <Code text={plan.command} />
          <Button disabled={fileOf(moved) === ''} onClick={() => save('offsets.csv', fileOf(moved))}>
            Save offsets.csv
          </Button>
        </div>
      )}
      {history.length > 0 && (
        <details>
          <summary className="quiet">{counted(history.length, 'earlier reset')}</summary>
          {history.map((record) => (
            <p key={record.id} className="quiet">
              {ago(record.at, Date.now())}: {causeText([record.cause])}, {counted(record.partitions, 'partition')}
              {record.undone ? ', undone' : ''}
            </p>
          ))}
        </details>
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
    </div>
  )
}

function summaryOf(moved: readonly ResetLine[]): string {
  if (moved.length === 0) return 'Nothing would change.'
  const sum = (of: (line: ResetLine) => number) => moved.reduce((total, line) => total + of(line), 0)
  const parts = [
    [sum(({ replayed }) => replayed), 'again'],
    [sum(({ skipped }) => skipped), 'skipped'],
  ] as const
  const told = parts
    .filter(([count]) => count > 0)
    .map(([count, word], i) => `${i === 0 ? counted(count, 'message') : integer(count)} ${word}`)
  const first = moved.filter(({ current }) => current === null).length
  const lost = moved.filter(({ next }) => next === null).length
  if (first > 0) told.push(`${integer(first)} without a commit ${first === 1 ? 'gets' : 'get'} one`)
  if (lost > 0) told.push(`${integer(lost)} ${lost === 1 ? 'loses its commit' : 'lose their commits'}`)
  return `${counted(moved.length, 'partition')}${told.length > 0 ? `: ${told.join(', ')}` : ''}`
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
