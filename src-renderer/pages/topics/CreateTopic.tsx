import { useState } from 'react'
import { Button } from '../../parts/Button'
import { Dialog, Problem } from '../../parts/Dialog'
import { Area, Choice, Field, Labelled } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { go } from '../../stores/route'
import { shared } from '../../texts'
import { texts } from './texts'
import { readConfigs } from './topic-configs'
import css from './topics.module.css'

const hourMs = 3_600_000

/** `retention.ms`; empty leaves the broker's default. */
const retentions: readonly (readonly [string, string])[] = [
  ['', texts.creation.retentions.default],
  [String(hourMs), texts.creation.retentions.hour],
  [String(24 * hourMs), texts.creation.retentions.day],
  [String(7 * 24 * hourMs), texts.creation.retentions.week],
  [String(30 * 24 * hourMs), texts.creation.retentions.month],
  ['-1', texts.creation.retentions.unlimited],
]

export function CreateTopic({ onClose }: { readonly onClose: () => void }) {
  const [topic, setTopic] = useState('')
  const [partitions, setPartitions] = useState('3')
  const [policy, setPolicy] = useState('delete')
  const [retention, setRetention] = useState('')
  const [more, setMore] = useState('')
  const form = useFormAction()
  const { configs: typed, wrong } = readConfigs(more)
  const isReady = topic !== '' && Number(partitions) >= 1 && wrong.length === 0 && !form.isBusy
  const create = async () => {
    const configs = {
      ...(policy === 'delete' ? {} : { 'cleanup.policy': policy }),
      ...(retention === '' || policy === 'compact' ? {} : { 'retention.ms': retention }),
      ...typed,
    }
    if (await form.run(() => change('topic.create', { topic, partitions: Number(partitions), configs }))) {
      onClose()
      go('topics', topic)
    }
  }
  return (
    <Dialog
      title={texts.creation.title}
      hasDraft={topic !== '' || more !== ''}
      problem={form.problem}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{shared.cancel}</Button>
          <Button look="primary" needs="topic.create" disabled={!isReady} onClick={() => void create()}>
            {texts.creation.create}
          </Button>
        </>
      }
    >
      <Labelled label={texts.creation.name}>
        <Field
          autoFocus
          value={topic}
          onChange={(event) => setTopic(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && isReady && void create()}
        />
      </Labelled>
      <div className={css.creation}>
        <Labelled label={texts.creation.partitions}>
          <Field
            type="number"
            min={1}
            max={10000}
            value={partitions}
            onChange={(event) => setPartitions(event.target.value)}
          />
        </Labelled>
        <Labelled label={texts.creation.cleanup}>
          <Choice value={policy} onChange={(event) => setPolicy(event.target.value)}>
            {texts.creation.policies.map(([id, text]) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label={texts.creation.retention}>
          <Choice
            value={policy === 'compact' ? '-1' : retention}
            disabled={policy === 'compact'}
            onChange={(event) => setRetention(event.target.value)}
          >
            {retentions.map(([ms, text]) => (
              <option key={ms} value={ms}>
                {text}
              </option>
            ))}
          </Choice>
        </Labelled>
      </div>
      <Labelled label={texts.creation.more}>
        <Area
          rows={3}
          placeholder="max.message.bytes=2000000"
          value={more}
          onChange={(event) => setMore(event.target.value)}
        />
      </Labelled>
      {wrong.length > 0 && <Problem text={texts.creation.wrong(wrong)} />}
    </Dialog>
  )
}
