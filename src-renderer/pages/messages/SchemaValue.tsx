import { useEffect, useRef, useState } from 'react'
import type { SchemaForm as SchemaFormOf } from '../../../src-main/contract/schema-form'
import type { SubjectDetail } from '../../../src-main/contract/schemas'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Area, Choice } from '../../parts/Field'
import { messageOf } from '../../parts/useFormAction'
import { useFeed } from '../../stores/feed'
import { useAllSubjects } from '../../stores/subjects'
import { SubjectChoice } from '../schemas/SubjectChoice'
import css from './messages.module.css'
import { draftOf, type PayloadDraft } from './payload-draft'
import { SchemaForm } from './SchemaForm'
import { texts } from './texts'

interface Props {
  readonly topic: string
  readonly part: 'key' | 'value'
  /** What the message that is sent again says, as JSON; `null`: an example of the schema. */
  readonly initial: { readonly subject: string; readonly json: string } | null
  readonly onChange: (draft: PayloadDraft) => void
  /** Why there are no bytes to send; `null` when there are. */
  readonly onProblem: (problem: string | null) => void
  readonly onClose: () => void
}

const noNames: readonly string[] = []
const remembered = 'schema value'
/** Typing pauses this long before the value is encoded. */
const pauseMs = 200

/** A key or value as JSON that is encoded with a schema of the registry while it is typed. */
export function SchemaValue({ topic, part, initial, onChange, onProblem, onClose }: Props) {
  const subjects = useAllSubjects()
  const names = subjects?.names ?? noNames
  const [chosen, setChosen] = useState(initial?.subject ?? '')
  const expected = `${topic}-${part}`
  const subject = chosen || (names.includes(expected) ? expected : (names[0] ?? ''))
  if (subjects && subject === '') {
    return (
      <p className={css.jsonCheck}>
        {texts.produce.schema.none}{' '}
        <Button look="plain" onClick={onClose}>
          {texts.produce.schema.without}
        </Button>
      </p>
    )
  }
  return (
    <div className={css.schemaPayload}>
      <span className="quiet">{part === 'key' ? texts.produce.key : texts.produce.value}</span>
      <div>
        <div className={css.schemaChoices}>
          <SubjectChoice
            label={texts.produce.schema.subject(part)}
            value={subject}
            names={names}
            onChange={setChosen}
          />
          <Encoding
            key={subject}
            subject={subject}
            json={initial?.subject === subject ? initial.json : null}
            part={part}
            onChange={onChange}
            onProblem={onProblem}
          />
          <Button look="plain" onClick={onClose}>
            {texts.produce.schema.without}
          </Button>
        </div>
      </div>
    </div>
  )
}

interface EncodingProps extends Pick<Props, 'part' | 'onChange' | 'onProblem'> {
  readonly subject: string
  readonly json: string | null
}

function Encoding({ subject, json, part, onChange, onProblem }: EncodingProps) {
  const { value: detail } = useFeed('schema.subject', { subject })
  const [version, setVersion] = useState<number | null>(null)
  const [message, setMessage] = useState<string | null>(null)
  const [text, setText] = useState(json)
  const [problem, setProblem] = useState<string | null>(null)
  const [form, setForm] = useState<SchemaFormOf | null>(null)
  const [isForm, setIsForm] = useState(() => localStorage.getItem(remembered) !== 'json')
  const newest = detail?.latestVersion
  useEffect(() => {
    let isOld = false
    ask('schema.form', { subject, version, message }).then(
      (answer) => !isOld && setForm(answer),
      // The check beside the value says why.
      () => !isOld && setForm(null),
    )
    return () => {
      isOld = true
    }
  }, [subject, version, message, newest])
  const show = (view: 'form' | 'json') => {
    localStorage.setItem(remembered, view)
    setIsForm(view === 'form')
  }
  // The functions of the form are new with every drawing; only what is typed is encoded again.
  const told = useRef({ onChange, onProblem })
  told.current = { onChange, onProblem }
  useEffect(() => {
    if (text !== null) return
    ask('schema.example', { subject, version, message }).then(setText, (error: unknown) => setProblem(messageOf(error)))
  }, [subject, version, message, text])
  useEffect(() => {
    if (text === null) return
    let isOld = false
    const done = (why: string | null) => {
      if (isOld) return
      setProblem(why)
      told.current.onProblem(why)
    }
    told.current.onProblem(texts.produce.schema.encoding)
    const timer = setTimeout(() => {
      ask('schema.encode', { subject, version, message, json: text }).then(
        (encoded) => {
          if (!isOld) told.current.onChange(draftOf(encoded))
          done(null)
        },
        (error: unknown) => done(messageOf(error)),
      )
    }, pauseMs)
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  }, [subject, version, message, text])
  return (
    <>
      <Versions detail={detail} version={version} onVersion={setVersion} message={message} onMessage={setMessage} />
      <fieldset className={css.modes}>
        <legend className={css.hidden}>{texts.produce.schemaForm.views}</legend>
        {(['form', 'json'] as const).map((view) => (
          <label key={view}>
            <input
              type="radio"
              name={`view ${part}`}
              checked={isForm === (view === 'form')}
              onChange={() => show(view)}
            />{' '}
            {view === 'form' ? texts.produce.schemaForm.form : texts.produce.schemaForm.jsonView}
          </label>
        ))}
      </fieldset>
      {isForm && form ? (
        text !== null && <SchemaForm form={form} text={text} onChange={setText} />
      ) : (
        <Area
          aria-label={texts.produce.schema.json(part)}
          rows={part === 'key' ? 2 : 8}
          value={text ?? ''}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {problem !== null && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      <Button look="plain" onClick={() => setText(null)}>
        {texts.produce.schema.example}
      </Button>
    </>
  )
}

interface VersionsProps {
  readonly detail: SubjectDetail | null
  readonly version: number | null
  readonly onVersion: (version: number | null) => void
  readonly message: string | null
  readonly onMessage: (message: string | null) => void
}

/** Chooses the version of a subject, and the message of a Protobuf schema. */
export function Versions({ detail, version, onVersion, message, onMessage }: VersionsProps) {
  const all = detail?.all.filter(({ deleted }) => !deleted) ?? []
  const current = all.find((one) => one.version === version) ?? all[0]
  return (
    <>
      <Choice
        aria-label={texts.produce.schema.version}
        value={version ?? ''}
        onChange={(event) => onVersion(event.target.value === '' ? null : Number(event.target.value))}
      >
        <option value="">{texts.produce.schema.latest}</option>
        {all.map((one) => (
          <option key={one.version} value={one.version}>
            {texts.produce.schema.versionOf(one.version)}
          </option>
        ))}
      </Choice>
      {current && current.messages.length > 1 && (
        <Choice
          aria-label={texts.produce.schema.message}
          value={message ?? ''}
          onChange={(event) => onMessage(event.target.value || null)}
        >
          {current.messages.map((name, i) => (
            <option key={name} value={i === 0 ? '' : name}>
              {name}
            </option>
          ))}
        </Choice>
      )}
    </>
  )
}
