import { useEffect, useState } from 'react'
import type { SchemaReference, SchemaTrial } from '../../../src-main/contract/schemas'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Area, Choice, Field, Labelled } from '../../parts/Field'
import { messageOf, useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { discardDrafts, useDraft } from '../../stores/drafts'
import { notify } from '../../stores/notices'
import page from '../pages.module.css'
import { References } from './References'
import css from './schemas.module.css'
import { texts } from './texts'

interface Props {
  /** `null`: it is typed here. */
  readonly subject: string | null
  readonly type: string
  /** Absent: every type there is. */
  readonly types?: readonly (readonly [type: string, label: string])[]
  /** Another type means another draft. Absent: the text stays as it is. */
  readonly onType?: (type: string) => void
  readonly text: string
  readonly references: readonly SchemaReference[]
  /** Where what was typed is kept while the form is closed. */
  readonly draft: string
  /** Something was typed that is not registered, or all of it was taken back. */
  readonly onChanged?: (isChanged: boolean) => void
  /** Takes back what was typed, where no dialog around the form does. The form is then drawn again. */
  readonly onDiscard?: () => void
  readonly onRegistered: (subject: string) => void
}

const anyType = texts.types.slice(1)

/** Typing pauses this long before the draft is tried. */
const pauseMs = 300

/** A schema in the making: what it would mean is told while it is typed. */
export function DraftForm(props: Props) {
  const { subject, draft, onChanged, onDiscard, onRegistered, onType, types = anyType, ...initial } = props
  const [name, setName] = useDraft(`${draft} subject`, '')
  const [type, setType] = useDraft(`${draft} type`, initial.type)
  const [schema, setSchema] = useDraft(`${draft} text`, initial.text)
  const [references, setReferences] = useDraft(`${draft} references`, initial.references)
  const isChanged = name !== '' || schema !== initial.text || references !== initial.references
  useEffect(() => onChanged?.(isChanged), [onChanged, isChanged])
  const form = useFormAction()
  const wanted = subject ?? name.trim()
  const isEmpty = schema.trim() === '' || wanted === ''
  const trial = useTrial({ subject: wanted, type, schema, references }, isEmpty)
  const register = () =>
    form.run(async () => {
      const { version, id } = await change('schema.register', { subject: wanted, type, schema, references })
      discardDrafts(draft)
      notify({ kind: 'done', text: texts.draft.registered(wanted, version, id) })
      onRegistered(wanted)
    })
  return (
    <div className={css.drafted}>
      <div className={css.draft}>
        <div className={css.editor}>
          <div className={css.row}>
            {subject === null && (
              <Labelled label={texts.draft.subject}>
                <Field
                  value={name}
                  placeholder={texts.draft.subjectHint}
                  onChange={(event) => setName(event.target.value)}
                />
              </Labelled>
            )}
            <Labelled label={texts.type}>
              <Choice value={type} onChange={(event) => (onType ?? setType)(event.target.value)}>
                {types.map(([id, label]) => (
                  <option key={id} value={id}>
                    {label}
                  </option>
                ))}
              </Choice>
            </Labelled>
          </div>
          <Labelled label={texts.draft.schema}>
            <Area value={schema} onChange={(event) => setSchema(event.target.value)} />
          </Labelled>
          <References type={type} references={references} onChange={setReferences} />
          {form.problem !== null && <Problem text={form.problem} />}
          <div>
            <Button
              look="primary"
              needs="schema.register"
              disabled={isEmpty || form.isBusy}
              onClick={() => void register()}
            >
              {texts.draft.register}
            </Button>
            {isChanged && onDiscard && (
              <>
                {' '}
                <Button
                  onClick={() => {
                    discardDrafts(draft)
                    onDiscard()
                  }}
                >
                  {texts.draft.discard}
                </Button>
              </>
            )}
          </div>
        </div>
        <aside aria-label={texts.draft.trial} aria-live="polite">
          <h2 className={page.section}>{texts.draft.trial}</h2>
          {isEmpty ? <p className="quiet">{texts.draft.noText}</p> : <Trial of={trial} />}
        </aside>
      </div>
    </div>
  )
}

/** Confluent's `{errorType:'X', description:'…', additionalInfo:'…'}` as a sentence. */
function plain(message: string): string {
  const [, type, description, detail] =
    /^\{errorType:['"](\w+)['"], description:['"](.*?)['"](?:, additionalInfo:['"](.*)['"])?\}$/s.exec(message) ?? []
  return type ? `${type}: ${description}${detail ? ` (${detail})` : ''}` : message
}

type Draft = Parameters<typeof ask<'schema.try'>>[1]

function useTrial(draft: Draft, isEmpty: boolean): SchemaTrial | string | null {
  const [trial, setTrial] = useState<SchemaTrial | string | null>(null)
  const key = JSON.stringify(draft)
  useEffect(() => {
    if (isEmpty) return
    let isOld = false
    const timer = setTimeout(() => {
      ask('schema.try', JSON.parse(key) as Draft).then(
        (answer) => !isOld && setTrial(answer),
        (error: unknown) => !isOld && setTrial(messageOf(error)),
      )
    }, pauseMs)
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  }, [key, isEmpty])
  return trial
}

function Trial({ of: trial }: { readonly of: SchemaTrial | string | null }) {
  if (trial === null) return <p className="quiet">{texts.draft.waiting}</p>
  const problem = typeof trial === 'string' ? trial : trial.problem
  if (typeof trial === 'string' || problem !== null) return <p className={css.bad}>✕ {problem}</p>
  const { isCompatible, messages, existing, topics, brokenReaders } = trial
  return (
    <>
      <p className={isCompatible ? css.good : css.bad}>
        {isCompatible ? texts.draft.compatible : texts.draft.incompatible}
      </p>
      {existing !== null && <p className="quiet">{texts.draft.existing(existing)}</p>}
      <ul className={css.list}>
        {messages
          .filter((message) => message.includes('errorType'))
          .map((message) => (
            <li key={message}>{plain(message)}</li>
          ))}
      </ul>
      <h3 className={page.section}>{texts.draft.messages}</h3>
      {topics.length === 0 && <p className="quiet">{texts.draft.noMessages}</p>}
      <ul className={css.list}>
        {topics.map(({ topic, part, messages: count, unreadable, why, unknown }) => (
          <li key={`${topic} ${part}`}>
            {topic} {part}:{' '}
            <span className={unreadable > 0 ? css.bad : css.good}>
              {unreadable > 0 ? texts.draft.unreadable(unreadable, count) : texts.draft.readable(count - unknown)}
            </span>
            {why !== null && <div className="quiet">{why}</div>}
            {unknown > 0 && <div className="quiet">{texts.draft.unknown(unknown)}</div>}
          </li>
        ))}
      </ul>
      <h3 className={page.section}>{texts.draft.readers}</h3>
      {brokenReaders.length === 0 && <p className={css.good}>{texts.draft.noBroken}</p>}
      <ul className={css.list}>
        {brokenReaders.map(({ version, why }) => (
          <li key={version}>
            <span className={css.bad}>{texts.draft.broken(version)}</span>
            {why}
          </li>
        ))}
      </ul>
    </>
  )
}
