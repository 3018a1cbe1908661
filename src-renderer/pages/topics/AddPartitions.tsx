import { useState } from 'react'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Field, Labelled } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { notify } from '../../stores/notices'
import { shared } from '../../texts'
import { texts } from './texts'

const maxPartitions = 10_000

/** Adds partitions to a topic, and explains what that means for keys. */
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
  const form = useFormAction()
  const count = Number(text)
  const isValid = Number.isInteger(count) && count > present && count <= maxPartitions
  const add = async () => {
    if (!(await form.run(() => ask('topic.grow', { topic, partitions: count })))) return
    notify({ kind: 'done', text: texts.growth.done(topic, count) })
    onClose()
  }
  return (
    <Dialog
      title={texts.growth.title(topic)}
      description={texts.growth.text(present)}
      problem={form.problem}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{shared.cancel}</Button>
          <Button look="primary" disabled={!isValid || form.isBusy} onClick={() => void add()}>
            {isValid ? texts.growth.add(count - present) : texts.growth.addNone}
          </Button>
        </>
      }
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
          onKeyDown={(event) => event.key === 'Enter' && isValid && void add()}
        />
      </Labelled>
      <p>{texts.growth.keys}</p>
    </Dialog>
  )
}
