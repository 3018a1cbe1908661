import { useEffect, useState } from 'react'
import { type Decoder, type Format, formats } from '../../../src-main/contract/messages'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Area, Choice, Field, FileField, Labelled } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { attempt, notify } from '../../stores/notices'
import { shared } from '../../texts'
import css from './messages.module.css'
import { texts } from './texts'

interface Props {
  readonly topic: string
  readonly onClose: () => void
  readonly onChange: () => void
}

/** Chooses the decoders for keys and values of a topic; they are stored in the workspace. */
export function Decoders({ topic, onClose, onChange }: Props) {
  const [key, setKey] = useState<Decoder | null>(null)
  const [value, setValue] = useState<Decoder | null>(null)
  const [isChanged, setChanged] = useState(false)
  const form = useFormAction()
  useEffect(() => {
    void attempt(async () => {
      const chosen = await ask('topic.decoders', { topic })
      setKey(chosen.key)
      setValue(chosen.value)
    })
  }, [topic])
  if (!key || !value) return null
  const changeKey = (decoder: Decoder) => {
    setKey(decoder)
    setChanged(true)
  }
  const changeValue = (decoder: Decoder) => {
    setValue(decoder)
    setChanged(true)
  }
  const save = async () => {
    if (!(await form.run(() => ask('topic.decode', { topic, key, value })))) return
    notify({ kind: 'done', text: texts.decoders.saved(topic) })
    onChange()
    onClose()
  }
  return (
    <Dialog
      title={texts.decoders.title(topic)}
      description={texts.decoders.about}
      hasDraft={isChanged}
      problem={form.problem}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{shared.cancel}</Button>
          <Button look="primary" onClick={save}>
            {shared.save}
          </Button>
        </>
      }
    >
      <DecoderChoice label={texts.decoders.keys} decoder={key} onChange={changeKey} />
      <DecoderChoice label={texts.decoders.values} decoder={value} onChange={changeValue} />
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
              {texts.decoders.formats[id]}
            </option>
          ))}
        </Choice>
      </Labelled>
      {takesSchema && (
        <>
          <div className={css.schemaFile}>
            <span className="quiet">{texts.decoders.schemaFile(extension)}</span>
            <FileField
              label={texts.decoders.schemaFileFor(label)}
              accept={`${extension},.json,.txt`}
              onFile={(file) => {
                if (file) void attempt(async () => onChange({ ...decoder, schema: await file.text() }))
              }}
            />
          </div>
          <Area
            rows={5}
            aria-label={texts.decoders.schemaFor(label)}
            value={schema ?? ''}
            onChange={(event) => onChange({ ...decoder, schema: event.target.value || null })}
          />
        </>
      )}
      {format === 'protobuf' && schema !== null && (
        <Labelled label={texts.decoders.message}>
          <Field value={type ?? ''} onChange={(event) => onChange({ ...decoder, type: event.target.value || null })} />
        </Labelled>
      )}
    </>
  )
}
