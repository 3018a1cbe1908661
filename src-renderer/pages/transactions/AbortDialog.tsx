import { useEffect, useState } from 'react'
import { keyOf } from '../../../src-main/contract/topic-partition'
import type { AbortPlan, TransactionLine } from '../../../src-main/contract/workspace'
import { ask } from '../../host'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Problem } from '../../parts/Dialog'
import { messageOf } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { texts } from './texts'
import css from './transactions.module.css'

const shownPartitions = 12

/** Shows what an abort does before it is done: what stays invisible, and what is delivered then. */
export function AbortDialog({ line, onClose }: { readonly line: TransactionLine; readonly onClose: () => void }) {
  const { transactionalId } = line
  const [plan, setPlan] = useState<AbortPlan | null | undefined>(undefined)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    ask('transaction.abortPlan', { transactionalId }).then(setPlan, (error: unknown) => setProblem(messageOf(error)))
  }, [transactionalId])
  const partitions = plan?.partitions ?? []
  return (
    <ConfirmDialog
      title={texts.abort.title(transactionalId)}
      description={texts.abort.text}
      action={texts.abort.action}
      needs="transaction.abort"
      typed={transactionalId}
      disabled={plan === null}
      onConfirm={async () => {
        await change('transaction.abort', { transactionalId })
        notify({ kind: 'done', text: texts.abort.done(transactionalId) })
      }}
      onClose={onClose}
    >
      {problem !== null && <Problem text={problem} />}
      {plan === null && <p className="quiet">{texts.abort.over}</p>}
      {plan && partitions.length === 0 && <p className="quiet">{texts.abort.wroteNothing}</p>}
      {partitions.length > 0 && (
        <table className={css.plan}>
          <thead>
            <tr>
              {texts.abort.columns.map((title, i) => (
                <th key={title} className={i === 1 || i === 2 ? 'number' : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {partitions.slice(0, shownPartitions).map(({ topic, partition, written, heldBack, others }) => (
              <tr key={keyOf(topic, partition)}>
                <td>
                  {topic} {partition}
                </td>
                <td className="number">{written === null ? '–' : texts.abort.count(written)}</td>
                <td className="number">{texts.abort.count(Math.max(0, heldBack - (written ?? 0)))}</td>
                <td className="quiet">{others.length > 0 ? texts.abort.stillHeld(others) : texts.abort.delivered}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {partitions.length > shownPartitions && (
        <p className="quiet">{texts.pane.more(partitions.length - shownPartitions)}</p>
      )}
      {plan?.offsets?.map(({ groupId, partitions: count }) => (
        <p key={groupId}>{texts.abort.offsets(groupId, count)}</p>
      ))}
      <p className="quiet">{texts.abort.fenced}</p>
    </ConfirmDialog>
  )
}
