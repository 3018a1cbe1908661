import { useState } from 'react'
import { counted } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Field, Labelled } from '../../parts/Field'
import { attempt } from '../../stores/notices'

const mostPartitions = 10_000

/** More partitions for a topic: never fewer, and not without a word about keys. */
export function AddPartitions({
  topic,
  present,
  onClose,
}: {
  readonly topic: string
  readonly present: number
  readonly onClose: () => void
}) {
  const [text, setText] = useState(String(present + 1))
  const count = Number(text)
  const isRight = Number.isInteger(count) && count > present && count <= mostPartitions
  const add = async () => {
    const done = `${topic} has ${counted(count, 'partition')}.`
    if (await attempt(() => ask('topic.grow', { topic, partitions: count }), done)) onClose()
  }
  return (
    <Dialog
      title={`Add partitions to ${topic}`}
      description={`It has ${counted(present, 'partition')}. Kafka can add some, and never take them away.`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!isRight} onClick={add}>
            {isRight ? `Add ${count - present}` : 'Add'}
          </Button>
        </>
      }
    >
      <Labelled label="Partitions in all">
        <Field
          autoFocus
          type="number"
          min={present + 1}
          max={mostPartitions}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && isRight && add()}
        />
      </Labelled>
      <p>
        Keys move: a key's new messages may go to another partition than its old ones, so that their order is only kept
        within each. What is written already stays where it is.
      </p>
    </Dialog>
  )
}
