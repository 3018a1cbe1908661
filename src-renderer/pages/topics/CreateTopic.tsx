import { useState } from 'react'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Area, Choice, Field, Labelled } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import { go } from '../../stores/route'
import { readConfigs } from './topic-configs'
import css from './topics.module.css'

const hourMs = 3_600_000

/** How long old records are kept; empty is the broker's default. */
const retentions: readonly (readonly [string, string])[] = [
  ['', 'as the broker has it'],
  [String(hourMs), '1 hour'],
  [String(24 * hourMs), '1 day'],
  [String(7 * 24 * hourMs), '7 days'],
  [String(30 * 24 * hourMs), '30 days'],
  ['-1', 'for ever'],
]

export function CreateTopic({ onClose }: { readonly onClose: () => void }) {
  const [topic, setTopic] = useState('')
  const [partitions, setPartitions] = useState('3')
  const [policy, setPolicy] = useState('delete')
  const [retention, setRetention] = useState('')
  const [more, setMore] = useState('')
  const { configs: typed, wrong } = readConfigs(more)
  const isReady = topic !== '' && Number(partitions) >= 1 && wrong.length === 0
  const create = async () => {
    const configs = {
      ...(policy === 'delete' ? {} : { 'cleanup.policy': policy }),
      ...(retention === '' || policy === 'compact' ? {} : { 'retention.ms': retention }),
      ...typed,
    }
    if (await attempt(() => ask('topic.create', { topic, partitions: Number(partitions), configs }))) {
      onClose()
      go('topics', topic)
    }
  }
  return (
    <Dialog
      title="Create topic"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!isReady} onClick={create}>
            Create
          </Button>
        </>
      }
    >
      <Labelled label="Name">
        <Field
          autoFocus
          value={topic}
          onChange={(event) => setTopic(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && isReady && create()}
        />
      </Labelled>
      <div className={css.fields}>
        <Labelled label="Partitions">
          <Field
            type="number"
            min={1}
            max={10000}
            value={partitions}
            onChange={(event) => setPartitions(event.target.value)}
          />
        </Labelled>
        <Labelled label="Cleanup">
          <Choice value={policy} onChange={(event) => setPolicy(event.target.value)}>
            <option value="delete">delete old records</option>
            <option value="compact">compact: keep the newest of each key</option>
            <option value="compact,delete">compact and delete</option>
          </Choice>
        </Labelled>
        <Labelled label="Keep records">
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
      <Labelled label="More configs, one key=value per line">
        <Area
          rows={3}
          placeholder="max.message.bytes=2000000"
          value={more}
          onChange={(event) => setMore(event.target.value)}
        />
      </Labelled>
      {wrong.length > 0 && (
        <p className={css.problem} role="alert">
          Not key=value: {wrong.join(', ')}
        </p>
      )}
    </Dialog>
  )
}
