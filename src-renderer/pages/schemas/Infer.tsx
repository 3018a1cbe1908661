import { useEffect, useState } from 'react'
import type { SchemaReference } from '../../../src-main/contract/schemas'
import type { InferredSchema } from '../../../src-main/contract/topic-schemas'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { messageOf } from '../../parts/useFormAction'
import { discardDrafts } from '../../stores/drafts'
import { go } from '../../stores/route'
import { shared } from '../../texts'
import { DraftForm } from './DraftForm'
import css from './schemas.module.css'
import { texts } from './texts'

interface Props {
  readonly topic: string
  readonly part: 'key' | 'value'
  readonly onClose: () => void
}

type Kind = 'AVRO' | 'JSON'

const noReferences: readonly SchemaReference[] = []

/** A draft that is inferred from the JSON of a topic, with what is not certain about it. */
export function Infer({ topic, part, onClose }: Props) {
  const [type, setType] = useState<Kind>('AVRO')
  const [inferred, setInferred] = useState<InferredSchema | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isChanged, setChanged] = useState(false)
  useEffect(() => {
    let isOld = false
    setProblem(null)
    ask('topic.infer', { topic, part, type }).then(
      (answer) => !isOld && setInferred(answer),
      (error: unknown) => !isOld && setProblem(messageOf(error)),
    )
    return () => {
      isOld = true
    }
  }, [topic, part, type])
  const subject = `${topic}-${part}`
  const draft = `inferred ${subject}`
  return (
    <Dialog
      title={texts.infer.title(topic)}
      wide
      problem={problem}
      hasDraft={isChanged}
      onDiscard={() => discardDrafts(draft)}
      onClose={onClose}
      actions={<Button onClick={onClose}>{shared.close}</Button>}
    >
      {inferred && (
        <>
          <p className="quiet">{texts.infer.from(inferred.messages, inferred.others)}</p>
          <Notes of={inferred.notes} />
          {inferred.text === null ? (
            <p>{texts.infer.none}</p>
          ) : (
            <DraftForm
              key={inferred.text}
              subject={subject}
              type={type}
              types={texts.infer.kinds}
              onType={(chosen) => setType(chosen === 'JSON' ? 'JSON' : 'AVRO')}
              text={inferred.text}
              references={noReferences}
              draft={`${draft} ${type}`}
              onChanged={setChanged}
              onRegistered={() => {
                onClose()
                go('schemas', subject)
              }}
            />
          )}
        </>
      )}
    </Dialog>
  )
}

function Notes({ of }: { readonly of: InferredSchema['notes'] }) {
  if (of.length === 0) return null
  return (
    <details>
      <summary>{texts.infer.notes(of.length)}</summary>
      <ul className={css.list}>
        {of.map((one, i) => (
          <li key={i}>{texts.infer.note(one)}</li>
        ))}
      </ul>
    </details>
  )
}
