import { useState } from 'react'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Area, Choice, Field, Labelled } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import { go } from '../../stores/route'

/** `key=value` lines. */
function configsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .map((line) => /^\s*([^=\s]+)\s*=(.*)$/.exec(line))
      .flatMap((match) => (match ? [[match[1] as string, (match[2] as string).trim()]] : [])),
  )
}

export function CreateTopic({ onClose }: { readonly onClose: () => void }) {
  const [topic, setTopic] = useState('')
  const [partitions, setPartitions] = useState('3')
  const [policy, setPolicy] = useState('delete')
  const [more, setMore] = useState('')
  const create = async () => {
    const configs = { ...(policy === 'delete' ? {} : { 'cleanup.policy': policy }), ...configsOf(more) }
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
          <Button look="primary" disabled={topic === '' || !(Number(partitions) >= 1)} onClick={create}>
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
          onKeyDown={(event) => event.key === 'Enter' && topic !== '' && create()}
        />
      </Labelled>
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
      <Labelled label="More configs, one key=value per line">
        <Area
          rows={3}
          placeholder="retention.ms=3600000"
          value={more}
          onChange={(event) => setMore(event.target.value)}
        />
      </Labelled>
    </Dialog>
  )
}
