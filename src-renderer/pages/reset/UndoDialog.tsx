import { useEffect, useState } from 'react'
import { causeText } from '../../../src-main/contract/causes'
import type { GroupDetail } from '../../../src-main/contract/groups'
import { moves, type ResetPlan, type ResetRecord } from '../../../src-main/contract/reset'
import { keyOf } from '../../../src-main/contract/topic-partition'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Problem } from '../../parts/Dialog'
import { messageOf } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import css from './reset.module.css'
import { resetOffset, texts } from './texts'
import { useMostMembers } from './useMostMembers'

const shownLines = 12

interface Props {
  readonly group: GroupDetail
  readonly record: ResetRecord
  readonly onClose: () => void
}

/** Shows what undoing a reset does, before it is done. */
export function UndoDialog({ group, record, onClose }: Props) {
  const { groupId, members, type } = group
  const offset = resetOffset(type)
  const [plan, setPlan] = useState<ResetPlan | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    ask('reset.undoPlan', { groupId, id: record.id }).then(setPlan, (error: unknown) => setProblem(messageOf(error)))
  }, [groupId, record.id])
  const moved = plan?.lines.filter(moves) ?? []
  const mostMembers = useMostMembers(members.length)
  const isEmpty = mostMembers === 0
  return (
    <ConfirmDialog
      title={texts.undoing.title(causeText([record.cause]))}
      description={isEmpty ? offset.restores : offset.fences(mostMembers)}
      action={isEmpty ? texts.undoing.undo : texts.undoing.undoNow(mostMembers)}
      look="primary"
      needs="reset.undo"
      typed={groupId}
      disabled={moved.length === 0}
      onConfirm={async () => {
        await change('reset.undo', { groupId, id: record.id, fence: !isEmpty })
        notify({ kind: 'done', text: texts.undoing.done })
      }}
      onClose={onClose}
    >
      {problem !== null && <Problem text={problem} />}
      {plan && moved.length === 0 && <p className="quiet">{texts.undoing.nothing}</p>}
      {moved.length > 0 && (
        <table className={css.undo}>
          <thead>
            <tr>
              {texts.undoing.columns.map((title, i) => (
                <th key={title} className={i > 0 ? 'number' : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {moved.slice(0, shownLines).map((line) => (
              <tr key={keyOf(line.topic, line.partition)}>
                <td>
                  {line.topic} {line.partition}
                </td>
                <td className="number">{line.current === null ? '—' : integer(line.current)}</td>
                <td className="number">{line.next === null ? '—' : integer(line.next)}</td>
                <td className="number">
                  {line.next === null
                    ? offset.deleted
                    : line.replayed > 0
                      ? texts.effect.replayed(line.replayed)
                      : line.skipped > 0
                        ? texts.effect.skipped(line.skipped)
                        : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {moved.length > shownLines && <p className="quiet">{texts.undoing.more(moved.length - shownLines)}</p>}
    </ConfirmDialog>
  )
}
