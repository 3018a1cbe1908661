import { useEffect, useState } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Area, Choice, Field, Labelled } from '../../parts/Field'
import { attempt, notify } from '../../stores/notices'

export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

interface Props {
  readonly topic: string
  readonly partitions: number
  /** A message to edit and send again. */
  readonly from: MessageRow | null
  readonly onClose: () => void
}

/** Writes a message. A value that is ticked null is a tombstone, not an empty text. */
export function Produce({ topic, partitions, from, onClose }: Props) {
  const [target, setTarget] = useState(topic)
  const [partition, setPartition] = useState('')
  const [key, setKey] = useState('')
  const [hasKey, setHasKey] = useState(true)
  const [value, setValue] = useState('')
  const [hasValue, setHasValue] = useState(true)
  const [headers, setHeaders] = useState('')
  const [codec, setCodec] = useState<(typeof codecs)[number]>('none')
  const [count, setCount] = useState('1')
  useEffect(() => {
    if (!from) return
    attempt(async () => {
      const detail = await ask('messages.detail', { topic: from.topic, partition: from.partition, offset: from.offset })
      setHasKey(detail.key.kind !== 'null')
      setKey(detail.key.kind === 'null' ? '' : detail.key.text)
      setHasValue(detail.value.kind !== 'null')
      setValue(detail.value.kind === 'null' ? '' : detail.value.text)
      setHeaders(
        detail.headers
          .map((header) => `${header.key}: ${header.value.kind === 'null' ? '' : header.value.text}`)
          .join('\n'),
      )
    })
  }, [from])
  const send = async () => {
    await attempt(async () => {
      const { partition: to, offset } = await ask('messages.produce', {
        topic: target,
        partition: partition === '' ? null : Number(partition),
        key: hasKey ? key : null,
        value: hasValue ? value : null,
        headers: headers
          .split('\n')
          .map((line) => /^\s*([^:]+):\s?(.*)$/.exec(line))
          .flatMap((match) => (match ? [{ key: match[1] as string, value: match[2] as string }] : [])),
        codec,
        count: Number(count),
      })
      notify({ kind: 'done', text: `Written to ${target}-${to} at offset ${integer(offset)}.` })
    })
  }
  return (
    <Dialog
      title={from ? 'Edit and send again' : `Produce to ${topic}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" onClick={send}>
            Send
          </Button>
        </>
      }
    >
      {from && (
        <Labelled label="Topic">
          <Field value={target} onChange={(event) => setTarget(event.target.value)} />
        </Labelled>
      )}
      <Labelled label="Key">
        <Field value={key} disabled={!hasKey} onChange={(event) => setKey(event.target.value)} />
      </Labelled>
      <label className="quiet">
        <input type="checkbox" checked={!hasKey} onChange={(event) => setHasKey(!event.target.checked)} /> no key
      </label>
      <Labelled label="Value">
        <Area
          rows={8}
          value={value}
          disabled={!hasValue}
          onChange={(event) => setValue(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
        />
      </Labelled>
      <label className="quiet">
        <input type="checkbox" checked={!hasValue} onChange={(event) => setHasValue(!event.target.checked)} /> null (a
        tombstone)
      </label>
      <Labelled label="Headers, one name: value per line">
        <Area rows={2} value={headers} onChange={(event) => setHeaders(event.target.value)} />
      </Labelled>
      <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr 1fr', gap: 12 }}>
        <Labelled label="Partition">
          <Choice value={partition} onChange={(event) => setPartition(event.target.value)}>
            <option value="">by key</option>
            {Array.from({ length: partitions }, (_, number) => (
              <option key={number} value={number}>
                {number}
              </option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label="Compression">
          <Choice value={codec} onChange={(event) => setCodec(event.target.value as (typeof codecs)[number])}>
            {codecs.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label="How many">
          <Field type="number" min={1} max={1000} value={count} onChange={(event) => setCount(event.target.value)} />
        </Labelled>
      </div>
    </Dialog>
  )
}
