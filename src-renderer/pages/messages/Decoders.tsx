import { useEffect, useState } from 'react'
import { type Decoder, type Format, formats } from '../../../src-main/contract/messages'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Area, Choice, Field, Labelled } from '../../parts/Field'
import { attempt } from '../../stores/notices'

const titles: Readonly<Record<Format, string>> = {
  auto: 'Automatic: by looking at the bytes',
  json: 'JSON',
  text: 'Text (UTF-8)',
  integer: 'Integer (1, 2, 4 or 8 bytes, as Java writes it)',
  uuid: 'UUID (16 bytes, or text)',
  hex: 'Hex',
  base64: 'Base64',
  msgpack: 'MessagePack',
  cbor: 'CBOR',
  avro: 'Avro, with a schema',
  protobuf: 'Protobuf, with a schema or without',
  offsets: '__consumer_offsets',
}

interface Props {
  readonly topic: string
  readonly onClose: () => void
  readonly onChange: () => void
}

/** How the keys and values of a topic are read; kept in the workspace. */
export function Decoders({ topic, onClose, onChange }: Props) {
  const [key, setKey] = useState<Decoder | null>(null)
  const [value, setValue] = useState<Decoder | null>(null)
  useEffect(() => {
    void attempt(async () => {
      const chosen = await ask('topic.decoders', { topic })
      setKey(chosen.key)
      setValue(chosen.value)
    })
  }, [topic])
  if (!key || !value) return null
  const save = async () => {
    const done = await attempt(
      () => ask('topic.decode', { topic, key, value }),
      `${topic} is read like this from now on.`,
    )
    if (!done) return
    onChange()
    onClose()
  }
  return (
    <Dialog
      title={`How ${topic} is read`}
      description="A schema stays in this workspace. Values of a schema registry (a zero byte and four of an id in front) are known."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <DecoderChoice label="Keys" decoder={key} onChange={setKey} />
      <DecoderChoice label="Values" decoder={value} onChange={setValue} />
    </Dialog>
  )
}

function DecoderChoice({
  label,
  decoder,
  onChange,
}: {
  readonly label: string
  readonly decoder: Decoder
  readonly onChange: (decoder: Decoder) => void
}) {
  const { format, schema, type } = decoder
  const takesSchema = format === 'avro' || format === 'protobuf'
  const extension = format === 'avro' ? '.avsc' : '.proto'
  return (
    <>
      <Labelled label={label}>
        <Choice
          aria-label={label}
          value={format}
          onChange={(event) => onChange({ format: event.target.value as Format, schema: null, type: null })}
        >
          {formats.map((id) => (
            <option key={id} value={id}>
              {titles[id]}
            </option>
          ))}
        </Choice>
      </Labelled>
      {takesSchema && (
        <>
          <Labelled label={`Schema: choose a file (${extension}), or paste it`}>
            <input
              type="file"
              accept={`${extension},.json,.txt`}
              aria-label={`Schema file for ${label.toLowerCase()}`}
              onChange={async (event) => {
                const text = await event.target.files?.[0]?.text()
                if (text !== undefined) onChange({ ...decoder, schema: text })
              }}
            />
          </Labelled>
          <Area
            rows={5}
            aria-label={`Schema for ${label.toLowerCase()}`}
            value={schema ?? ''}
            onChange={(event) => onChange({ ...decoder, schema: event.target.value || null })}
          />
        </>
      )}
      {format === 'protobuf' && schema !== null && (
        <Labelled label="Message (package.Name); the first of the file when empty">
          <Field value={type ?? ''} onChange={(event) => onChange({ ...decoder, type: event.target.value || null })} />
        </Labelled>
      )}
    </>
  )
}
