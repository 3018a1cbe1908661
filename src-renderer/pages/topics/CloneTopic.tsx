import { useState } from 'react'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Field, Labelled } from '../../parts/Field'
import { change } from '../../stores/can'
import { go } from '../../stores/route'
import { texts } from './texts'

/** Creates a topic with the partitions and configs of another one, and with its messages too if wanted. */
export function CloneTopic({ topic, onClose }: { readonly topic: string; readonly onClose: () => void }) {
  const [name, setName] = useState(`${topic}-copy`)
  const [messages, setMessages] = useState(false)
  return (
    <ConfirmDialog
      title={texts.clone.title(topic)}
      description={texts.clone.about}
      action={texts.clone.action}
      look="primary"
      needs="topic.clone"
      typed={null}
      disabled={name.trim() === ''}
      hasDraft={name !== `${topic}-copy`}
      onConfirm={async () => {
        await change('topic.clone', { topic, name: name.trim(), messages })
        // Its progress is shown where the messages come from.
        go('topics', messages ? topic : name.trim())
      }}
      onClose={onClose}
    >
      <Labelled label={texts.creation.name}>
        <Field autoFocus value={name} onChange={(event) => setName(event.target.value)} />
      </Labelled>
      <label>
        <input type="checkbox" checked={messages} onChange={(event) => setMessages(event.target.checked)} />{' '}
        {texts.clone.messages}
      </label>
    </ConfirmDialog>
  )
}
