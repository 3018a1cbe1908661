import { useEffect, useState } from 'react'
import { causeText } from '../../../src-main/contract/causes'
import type { GroupDetail } from '../../../src-main/contract/groups'
import { moves, type ResetPlan, type ResetRecord } from '../../../src-main/contract/reset'
import { counted, integer } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { attempt } from '../../stores/notices'
import css from './reset.module.css'

const shownLines = 12

/** What taking a reset back does, before it is done. */
export function UndoDialog({
  group,
  record,
  onClose,
}: {
  readonly group: GroupDetail
  readonly record: ResetRecord
  readonly onClose: () => void
}) {
  const { groupId, members } = group
  const [plan, setPlan] = useState<ResetPlan | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    ask('reset.undoPlan', { groupId, id: record.id }).then(setPlan, (error: Error) => setProblem(error.message))
  }, [groupId, record.id])
  const moved = plan?.lines.filter(moves) ?? []
  const undo = async () => {
    const fence = members.length > 0
    if (await attempt(() => ask('reset.undo', { groupId, id: record.id, fence }), 'The reset is undone.')) onClose()
  }
  const told = members.length === 0 ? 'Every partition gets what it had before.' : fenceWords(members.length)
  return (
    <Dialog
      title={`Undo “${causeText([record.cause])}”?`}
      description={told}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!plan} onClick={undo}>
            {members.length === 0 ? 'Undo' : `Undo now (fences ${counted(members.length, 'member')})`}
          </Button>
        </>
      }
    >
      {problem && <p role="alert">{problem}</p>}
      {plan && moved.length === 0 && <p className="quiet">Every partition is where it was before.</p>}
      {moved.length > 0 && (
        <table className={css.undo}>
          <thead>
            <tr>
              <th>Partition</th>
              <th className="number">Now</th>
              <th className="number">Afterwards</th>
              <th className="number">What happens</th>
            </tr>
          </thead>
          <tbody>
            {moved.slice(0, shownLines).map(({ topic, partition, current, next, replayed, skipped }) => (
              <tr key={`${topic}:${partition}`}>
                <td>
                  {topic} {partition}
                </td>
                <td className="number">{current === null ? '—' : integer(current)}</td>
                <td className="number">{next === null ? '—' : integer(next)}</td>
                <td className="number">
                  {next === null
                    ? 'loses its commit'
                    : replayed > 0
                      ? `replays ${integer(replayed)}`
                      : skipped > 0
                        ? `skips ${integer(skipped)}`
                        : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {moved.length > shownLines && <p className="quiet">And {moved.length - shownLines} more.</p>}
    </Dialog>
  )
}

export function fenceWords(members: number): string {
  return `This fences ${counted(members, 'member')}: late commits are refused, and they join again and read from there.`
}
