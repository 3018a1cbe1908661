import { counted } from '../../format/numbers'
import { clockTime, exactTime, span } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { download } from '../../parts/download'
import { attempt } from '../../stores/notices'
import { href } from '../../stores/route'
import { Courses } from './Courses'
import look from './detail.module.css'
import { type History, movedIn, type Rebalance } from './history'
import type { RebalanceLine } from './lines'
import { Matrix } from './Matrix'
import type { Roster } from './roster'
import { texts } from './texts'
import { waitOf } from './waits'
import { epochWord } from './words'

/** Details of a rebalance: cause, duration, members that were waited for, phases of each member, and the assignment before and after. */
export function RebalanceDetail({
  groupId,
  line,
  rebalance,
  history,
  roster,
  nowAt,
  onFit,
}: {
  readonly groupId: string
  readonly line: RebalanceLine
  /** `null` while it is read from the journal. */
  readonly rebalance: Rebalance | null
  readonly history: History | null
  readonly roster: Roster
  readonly nowAt: number
  readonly onFit: () => void
}) {
  const save = () =>
    attempt(async () => {
      const text = await ask('rebalances.export', { groupId, from: line.seq, to: line.lastSeq })
      download(`${groupId}-${line.epoch}.txt`, text, 'text/plain')
    })
  return (
    <>
      <div className={look.title}>
        <h2>{line.cause}</h2>
        <div className={look.actions}>
          <Button onClick={onFit}>{texts.detail.zoom}</Button>
          {!line.isNote && (
            <Button onClick={save} disabled={line.toAt === null}>
              {texts.detail.export}
            </Button>
          )}
        </div>
      </div>
      <p className={look.summary}>
        <span className="data" title={exactTime(line.fromAt)}>
          {clockTime(line.fromAt)}
        </span>
        {' · '}
        {line.isNote
          ? texts.detail.notes[isNoteKind(line.kind) ? line.kind : 'replaced']
          : rebalance && history
            ? summary(rebalance, history, roster)
            : texts.timeline.loading}
      </p>
      {line.kind === 'deliveries' && (
        <p>
          <a href={href('groups', groupId, 'deliveries')}>{texts.detail.deliveries}</a>
        </p>
      )}
      {rebalance && history && (
        <div className={look.parts}>
          <section aria-label={texts.detail.phases}>
            <Courses
              rebalance={rebalance}
              lanes={history.lanes}
              roster={roster}
              endAt={rebalance.toAt ?? Math.max(nowAt, rebalance.fromAt)}
            />
          </section>
          <section aria-label={texts.detail.assignment}>
            <Matrix
              before={rebalance.before}
              after={rebalance.after}
              isOver={rebalance.toAt !== null}
              roster={roster}
            />
          </section>
        </div>
      )}
    </>
  )
}

type NoteKind = keyof typeof texts.detail.notes

function isNoteKind(kind: string): kind is NoteKind {
  return Object.hasOwn(texts.detail.notes, kind)
}

/** `generation 7, took 1.24 s, 1.19 s of it waiting for worker-c, 2 partitions moved` */
export function summary(rebalance: Rebalance, history: History, roster: Roster): string {
  const { type, epoch, epochBefore, fromAt, toAt } = rebalance
  const wait = waitOf(rebalance, history.lanes)
  const moved = movedIn(rebalance).size
  const rounds = epoch - epochBefore
  return [
    toAt === null ? texts.detail.running : `${epochWord(type)} ${epoch}`,
    ...(toAt === null ? [] : [texts.detail.took(span(toAt - fromAt))]),
    ...(wait && wait.ms > 0
      ? [texts.detail.waited(span(wait.ms), namesOf(wait.memberIds, roster), wait.isMissing)]
      : []),
    ...(type === 'classic' && rounds > 1 ? [texts.detail.rounds(rounds)] : []),
    ...(toAt === null ? [] : [moved > 0 ? texts.detail.moved(counted(moved, 'partition')) : texts.detail.nothingMoved]),
  ].join(', ')
}

function namesOf(memberIds: readonly string[], roster: Roster): string {
  return memberIds.length > 3
    ? counted(memberIds.length, 'member')
    : memberIds.map((memberId) => roster.name(memberId)).join(' and ')
}
