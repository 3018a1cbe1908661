import { useEffect, useState } from 'react'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import { Choice, Field, Labelled } from '../../parts/Field'
import { attempt, notify } from '../../stores/notices'
import { type HeaderDraft, HeaderRows } from './HeaderRows'
import { checkSendable } from './import-requests'
import { PayloadField } from './PayloadField'
import type { Target } from './Produce'
import { draftOf, emptyDraft, nullDraft, payloadOf } from './payload-draft'
import type { Place } from './place'

/** One message, or some copies of it. What is sent are the bytes that came, unless they were edited. */
export function useOne(target: Target, from: Place | null) {
  const [key, setKey] = useState(nullDraft)
  const [value, setValue] = useState(emptyDraft)
  const [headers, setHeaders] = useState<readonly HeaderDraft[]>([])
  const [partition, setPartition] = useState('')
  const [count, setCount] = useState('1')
  const [isRead, setRead] = useState(from === null)
  useEffect(() => {
    if (!from) return
    const { topic, partition: of, offset } = from
    void attempt(async () => {
      const message = await ask('messages.exact', { topic, partition: of, offset })
      setKey(draftOf(message.key))
      setValue(draftOf(message.value))
      setHeaders(message.headers.map((header, id) => ({ id, key: header.key, value: draftOf(header.value) })))
      setRead(true)
    })
  }, [from])
  // Another topic may not have it.
  const chosen = partition !== '' && Number(partition) < target.partitions ? partition : ''
  const send = () =>
    attempt(async () => {
      const message = {
        topic: target.topic,
        partition: chosen === '' ? null : Number(chosen),
        key: payloadOf(key),
        value: payloadOf(value),
        headers: headers.map((header) => ({ key: header.key, value: payloadOf(header.value) })),
        codec: target.codec,
        count: Number(count),
      }
      checkSendable(message)
      const { partition: to, offset } = await ask('messages.produce', message)
      const what = message.count === 1 ? 'Written' : `${integer(message.count)} copies written`
      const where = message.count === 1 ? 'at' : 'from'
      notify({ kind: 'done', text: `${what} to ${target.topic}-${to} ${where} offset ${integer(offset)}.` })
    })
  const form = (
    <>
      <PayloadField label="Key" rows={1} draft={key} onChange={setKey} nullText="null: no key" />
      <PayloadField label="Value" rows={8} draft={value} onChange={setValue} nullText="null: a tombstone" />
      <HeaderRows headers={headers} onChange={setHeaders} />
    </>
  )
  const where = (
    <>
      <Labelled label="Partition">
        <Choice aria-label="Partition" value={chosen} onChange={(event) => setPartition(event.target.value)}>
          <option value="">{key.form === 'null' ? 'any' : 'by key'}</option>
          {Array.from({ length: target.partitions }, (_, number) => (
            <option key={number} value={number}>
              {number}
            </option>
          ))}
        </Choice>
      </Labelled>
      <Labelled label="Copies">
        <Field type="number" min={1} max={10_000} value={count} onChange={(event) => setCount(event.target.value)} />
      </Labelled>
    </>
  )
  return { form, where, send, isReady: isRead && target.topic !== '' }
}
