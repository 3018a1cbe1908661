import { useEffect, useState } from 'react'
import { ask } from '../../host'
import { useCan } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { useAllSubjects } from '../../stores/subjects'
import { SubjectChoice } from '../schemas/SubjectChoice'
import css from './messages.module.css'
import { Versions } from './SchemaValue'
import { texts } from './texts'
import type { Import } from './useImport'

const noNames: readonly string[] = []

/** Chooses the schema that the values of a file are encoded with. */
export function ImportSchema({ many }: { readonly many: Import }) {
  const can = useCan('schema.encodeMany')
  const [isOn, setOn] = useState(false)
  if (can !== true) return null
  return (
    <>
      <label className="quiet">
        <input
          type="checkbox"
          checked={isOn}
          onChange={({ target }) => {
            setOn(target.checked)
            many.setSchema(null)
          }}
        />{' '}
        {texts.import.schema.use}
      </label>
      {isOn && <Chosen many={many} />}
    </>
  )
}

function Chosen({ many: { topic, setSchema } }: { readonly many: Import }) {
  const subjects = useAllSubjects()
  const names = subjects?.names ?? noNames
  const [wanted, setWanted] = useState('')
  const [version, setVersion] = useState<number | null>(null)
  const [message, setMessage] = useState<string | null>(null)
  const expected = `${topic}-value`
  const subject = wanted || (names.includes(expected) ? expected : (names[0] ?? ''))
  const { value: detail } = useFeed('schema.subject', { subject })
  useEffect(() => {
    if (subject === '') return
    let isOld = false
    const encoding = { subject, version, message }
    void attempt(async () => {
      const form = await ask('schema.form', encoding)
      if (!isOld) setSchema({ encoding, form })
    })
    return () => {
      isOld = true
    }
  }, [subject, version, message])
  if (subjects && subject === '') return <p className="quiet">{texts.produce.schema.none}</p>
  return (
    <div className={css.schemaChoices}>
      <SubjectChoice
        label={texts.produce.schema.subject('value')}
        value={subject}
        names={names}
        onChange={(chosen) => {
          setWanted(chosen)
          setVersion(null)
          setMessage(null)
        }}
      />
      <Versions detail={detail} version={version} onVersion={setVersion} message={message} onMessage={setMessage} />
    </div>
  )
}
