import { useEffect, useMemo, useState } from 'react'
import type { PartitionLine } from '../../../src-main/contract/topics'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Problem } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { TimeField } from '../../parts/TimeField'
import { messageOf } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { planDeletion } from './deletion'
import { Impact, useImpact } from './Impact'
import { texts } from './texts'
import css from './topics.module.css'

interface Props {
  readonly topic: string
  readonly partitions: readonly PartitionLine[]
  readonly onClose: () => void
}

/** Deletes the beginning of one partition or of all, up to an offset or a time, and shows before what that takes away. */
export function DeleteRecords({ topic, partitions, onClose }: Props) {
  const [partition, setPartition] = useState<number | null>(null)
  const [kind, setKind] = useState<'time' | 'offset'>('time')
  const [at, setAt] = useState<number | null>(null)
  const [offset, setOffset] = useState('')
  const { offsets, problem } = useOffsetsAt(topic, kind === 'time' ? at : null)
  const impact = useImpact([topic])
  const plan = useMemo(() => {
    const before = (number: number) => {
      if (partition !== null && number !== partition) return undefined
      if (kind === 'time') return offsets?.[number]
      return /^\d+$/.test(offset) ? Number(offset) : undefined
    }
    return planDeletion(partitions, before)
  }, [partitions, partition, kind, offset, offsets])
  const isChosen = kind === 'time' ? offsets !== null : offset !== ''
  const remove = async () => {
    const before = plan.lines.map(({ partition, next }) => ({ partition, offset: next }))
    await change('topic.deleteRecords', { topic, before })
    notify({ kind: 'done', text: texts.deletion.done(topic, plan.offsets) })
  }
  return (
    <ConfirmDialog
      title={texts.deletion.title(topic)}
      description={texts.deletion.text}
      action={plan.offsets > 0 ? texts.deletion.action(plan.offsets) : texts.deletion.none}
      needs="topic.deleteRecords"
      typed={topic}
      disabled={plan.offsets === 0 || plan.outside.length > 0}
      hasDraft={isChosen}
      problem={problem}
      onConfirm={remove}
      onClose={onClose}
    >
      <div className={css.fields}>
        <Labelled label={texts.deletion.partition}>
          <Choice
            autoFocus
            value={partition ?? ''}
            onChange={({ target }) => setPartition(target.value === '' ? null : Number(target.value))}
          >
            <option value="">{texts.deletion.all}</option>
            {partitions.map(({ number }) => (
              <option key={number} value={number}>
                {number}
              </option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label={texts.deletion.before}>
          <Choice value={kind} onChange={({ target }) => setKind(target.value === 'offset' ? 'offset' : 'time')}>
            {texts.deletion.kinds.map(([id, text]) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </Choice>
        </Labelled>
        {kind === 'time' ? (
          <Labelled label={texts.deletion.time}>
            <TimeField
              label={texts.deletion.time}
              placeholder={texts.deletion.timePlaceholder}
              at={at}
              onChange={setAt}
              onInvalid={() => setAt(null)}
            />
          </Labelled>
        ) : (
          <Labelled label={texts.deletion.offset}>
            <Field inputMode="numeric" value={offset} onChange={({ target }) => setOffset(target.value.trim())} />
          </Labelled>
        )}
      </div>
      {plan.outside.length > 0 && <Problem text={texts.deletion.outside(plan.outside)} />}
      {isChosen && plan.offsets === 0 && plan.outside.length === 0 && <p className="quiet">{texts.deletion.nothing}</p>}
      {plan.lines.length > 0 && (
        <section className={css.preview} aria-label={texts.deletion.preview} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {texts.deletion.columns.map((title) => (
                  <th key={title}>{title}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {plan.lines.map(({ partition, start, next }) => (
                <tr key={partition}>
                  <td>{partition}</td>
                  <td>{integer(start)}</td>
                  <td>{integer(next)}</td>
                  <td>{integer(next - start)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {plan.lines.length > 0 && (
        <Impact {...impact} keepsFrom={(_, number) => plan.lines.find(({ partition: of }) => of === number)?.next} />
      )}
      <p className="quiet">{texts.deletion.groups}</p>
    </ConfirmDialog>
  )
}

/** By partition, the first offset at or after a time; `null` while there is no time or no answer. */
function useOffsetsAt(topic: string, at: number | null) {
  const [answer, setAnswer] = useState<{
    at: number
    offsets: readonly number[] | null
    problem: string | null
  } | null>(null)
  useEffect(() => {
    if (at === null) return
    let isWanted = true
    ask('topic.offsetsAt', { topic, at }).then(
      (offsets) => isWanted && setAnswer({ at, offsets, problem: null }),
      (error: unknown) => isWanted && setAnswer({ at, offsets: null, problem: messageOf(error) }),
    )
    return () => {
      isWanted = false
    }
  }, [topic, at])
  return answer !== null && answer.at === at ? answer : { offsets: null, problem: null }
}
