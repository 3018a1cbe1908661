import { type ReactNode, useCallback, useState } from 'react'
import { Button } from '../../parts/Button'
import { Choice, Field, Labelled } from '../../parts/Field'
import { TimeField } from '../../parts/TimeField'
import { useSubjects } from '../../stores/subjects'
import { HeaderRows } from './HeaderRows'
import { prettyJson } from './json'
import css from './messages.module.css'
import { PayloadField } from './PayloadField'
import type { PayloadDraft } from './payload-draft'
import { filled, fillingOf, UnknownPlaceholder } from './placeholders'
import { SchemaValue } from './SchemaValue'
import { texts } from './texts'
import { mostCopies, type OneMessage } from './useOne'

/** Fields for one message. */
export function OneForm({ one }: { readonly one: OneMessage }) {
  return (
    <>
      <Part one={one} part="key">
        <PayloadField
          label={texts.produce.key}
          rows={1}
          draft={one.key}
          onChange={one.setKey}
          nullText={texts.produce.nullKey}
        />
      </Part>
      <Part one={one} part="value">
        <PayloadField
          label={texts.produce.value}
          isFirst
          rows={8}
          draft={one.value}
          onChange={one.setValue}
          nullText={texts.produce.nullValue}
        />
        <JsonCheck draft={one.value} isFilled={one.isFilled} onChange={one.setValue} />
      </Part>
      <HeaderRows headers={one.headers} onChange={one.setHeaders} />
      <label className={css.fills} title={texts.produce.fillTitle}>
        <input type="checkbox" checked={one.isFilled} onChange={(event) => one.setFilled(event.target.checked)} />
        <span>
          {texts.produce.fill} <span className={`quiet ${css.fillNames}`}>{texts.produce.fillNames}</span>
        </span>
      </label>
    </>
  )
}

/** A key or value: byte for byte, or as JSON that is encoded with a schema. */
function Part({
  one,
  part,
  children,
}: {
  readonly one: OneMessage
  readonly part: 'key' | 'value'
  readonly children: ReactNode
}) {
  const [isEncoded, setEncoded] = useState(false)
  const subjects = useSubjects()
  const { setProblem, setKey, setValue } = one
  const tell = useCallback((problem: string | null) => setProblem(part, problem), [setProblem, part])
  const change = part === 'key' ? setKey : setValue
  const hasSchemas = (subjects?.lines.length ?? 0) > 0
  if (!isEncoded) {
    return (
      <>
        {children}
        {hasSchemas && (
          <p className={css.jsonCheck}>
            <Button look="plain" onClick={() => setEncoded(true)}>
              {texts.produce.schema.use(part)}
            </Button>
          </p>
        )}
      </>
    )
  }
  return (
    <SchemaValue
      topic={one.topic}
      part={part}
      initial={one.registered[part]}
      onChange={change}
      onProblem={tell}
      onClose={() => {
        tell(null)
        setEncoded(false)
      }}
    />
  )
}

/** Text that looks like JSON can be formatted; why it is not valid is a hint, not an error: any text can be sent. */
function JsonCheck({
  draft,
  isFilled,
  onChange,
}: {
  readonly draft: PayloadDraft
  /** What is sent is the text with its placeholders filled. */
  readonly isFilled: boolean
  readonly onChange: (d: PayloadDraft) => void
}) {
  if (draft.form !== 'text' || !/^\s*[[{]/.test(draft.text)) return null
  const problem = jsonProblem(draft.text, isFilled)
  if (problem !== null) return <p className={`${css.jsonCheck} ${css.hint}`}>{problem}</p>
  const pretty = isFilled ? draft.text : prettyJson(draft.text)
  if (pretty === draft.text) return null
  return (
    <p className={css.jsonCheck}>
      <Button look="plain" onClick={() => onChange({ ...draft, text: pretty })}>
        {texts.produce.format}
      </Button>
    </p>
  )
}

function jsonProblem(text: string, isFilled: boolean): string | null {
  try {
    JSON.parse(isFilled ? filled(text, fillingOf(1)) : text)
    return null
  } catch (error) {
    if (error instanceof UnknownPlaceholder) return texts.produce.unknownPlaceholder(error.placeholder)
    return texts.produce.badJson(error instanceof Error ? error.message : String(error))
  }
}

/** Partition and number of copies of one message. */
export function OneTarget({ one, partitions }: { readonly one: OneMessage; readonly partitions: number }) {
  return (
    <>
      <Labelled label={texts.produce.partition}>
        <Choice
          aria-label={texts.produce.partition}
          value={one.partition}
          onChange={(event) => one.setPartition(event.target.value)}
        >
          <option value="">{one.key.form === 'null' ? texts.produce.anyPartition : texts.produce.byKey}</option>
          {Array.from({ length: partitions }, (_, number) => (
            <option key={number} value={number}>
              {number}
            </option>
          ))}
        </Choice>
      </Labelled>
      <Labelled label={texts.produce.timestamp}>
        <TimeField
          label={texts.produce.timestamp}
          placeholder={texts.produce.timestampPlaceholder}
          at={one.timestamp}
          onChange={one.setTimestamp}
        />
      </Labelled>
      <Labelled label={texts.produce.copies}>
        <Field
          type="number"
          min={1}
          max={mostCopies}
          value={one.copies}
          onChange={(event) => one.setCopies(event.target.value)}
        />
      </Labelled>
    </>
  )
}
