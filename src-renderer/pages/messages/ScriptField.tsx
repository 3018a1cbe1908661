import { useState } from 'react'
import { Button } from '../../parts/Button'
import { Field } from '../../parts/Field'

interface Props {
  readonly initial: string
  readonly onRun: (script: string) => void
}

/** A filter in JavaScript: Enter runs it. */
export default function ScriptField({ initial, onRun }: Props) {
  const [text, setText] = useState(initial)
  return (
    <>
      <Field
        data-find
        style={{ flex: 1, minWidth: 160, fontFamily: 'var(--data)', fontSize: 12 }}
        aria-label="JavaScript filter"
        placeholder="value?.total > 100 && partitionID === 0"
        title="key, value, headers, offset, partition, timestamp, topic, keySchemaID, valueSchemaID"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && onRun(text)}
      />
      <Button onClick={() => onRun(text)}>Run</Button>
    </>
  )
}
