import { useState } from 'react'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Field, Labelled } from '../../parts/Field'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { texts } from './texts'

const maxPartitions = 10_000

interface Props {
  readonly topic: string
  readonly present: number
  readonly onClose: () => void
}

/** Adds partitions to a topic, and explains what that means for keys. */
export function AddPartitions({ topic, present, onClose }: Props) {
  const [text, setText] = useState(String(present + 1))
  const count = Number(text)
  const isValid = Number.isInteger(count) && count > present && count <= maxPartitions
  return (
    <ConfirmDialog
      title={texts.growth.title(topic)}
      description={texts.growth.text(present)}
      action={isValid ? texts.growth.add(count - present) : texts.growth.addNone}
      look="primary"
      needs="topic.grow"
      typed={topic}
      disabled={!isValid}
      hasDraft={count !== present + 1}
      onConfirm={async () => {
        await change('topic.grow', { topic, partitions: count })
        notify({ kind: 'done', text: texts.growth.done(topic, count) })
      }}
      onClose={onClose}
    >
      <Labelled label={texts.growth.label}>
        <Field
          autoFocus
          type="number"
          min={present + 1}
          max={maxPartitions}
          value={text}
          aria-invalid={!isValid}
          onChange={(event) => setText(event.target.value)}
        />
      </Labelled>
      <p>{texts.growth.keys}</p>
    </ConfirmDialog>
  )
}
