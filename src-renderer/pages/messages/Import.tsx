import { useRef, useState } from 'react'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Choice, Labelled } from '../../parts/Field'
import { attempt, notify } from '../../stores/notices'
import { type Imported, messagesOf } from './import-file'
import { codecs } from './Produce'

/** Messages written with one request: about what a producer's batch holds. */
const perRequest = 500

/** Writes the messages of a file to a topic. */
export function Import({ topic, onClose }: { readonly topic: string; readonly onClose: () => void }) {
  const [messages, setMessages] = useState<readonly Imported[] | null>(null)
  const [keepPartitions, setKeepPartitions] = useState(false)
  const [codec, setCodec] = useState<(typeof codecs)[number]>('none')
  const [written, setWritten] = useState<number | null>(null)
  const isStopped = useRef(false)
  const start = () =>
    attempt(async () => {
      if (!messages) return
      setWritten(0)
      let done = 0
      while (done < messages.length && !isStopped.current) {
        const part = messages
          .slice(done, done + perRequest)
          .map((message) => (keepPartitions ? message : { ...message, partition: null }))
        await ask('messages.import', { topic, codec, messages: part })
        done += part.length
        setWritten(done)
      }
      notify({ kind: 'done', text: `Wrote ${integer(done)} messages to ${topic}.` })
      onClose()
    }).then((good) => !good && setWritten(null))
  const cancel = () => {
    isStopped.current = true
    if (written === null) onClose()
  }
  return (
    <Dialog
      title={`Import into ${topic}`}
      description="JSON Lines or CSV, as an export writes them; of any other file each line is a value."
      onClose={cancel}
      actions={
        <>
          <Button onClick={cancel}>{written === null ? 'Cancel' : 'Stop'}</Button>
          <Button look="primary" disabled={!messages?.length || written !== null} onClick={start}>
            {messages ? `Write ${integer(messages.length)} messages` : 'Write'}
          </Button>
        </>
      }
    >
      <Labelled label="File">
        <input
          type="file"
          accept=".jsonl,.ndjson,.json,.csv,.txt"
          onChange={(event) => {
            const file = event.target.files?.[0]
            if (file) attempt(async () => setMessages(messagesOf(file.name, await file.text())))
          }}
        />
      </Labelled>
      <Labelled label="Compression">
        <Choice value={codec} onChange={(event) => setCodec(event.target.value as (typeof codecs)[number])}>
          {codecs.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Choice>
      </Labelled>
      <label className="quiet">
        <input type="checkbox" checked={keepPartitions} onChange={(event) => setKeepPartitions(event.target.checked)} />{' '}
        to the partitions that the file names, instead of by key
      </label>
      {written !== null && (
        <p className="quiet" role="status">
          {integer(written)} written
        </p>
      )}
    </Dialog>
  )
}
