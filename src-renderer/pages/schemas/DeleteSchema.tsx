import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { go } from '../../stores/route'
import { texts } from './texts'

interface Props {
  readonly subject: string
  /** `null`: the whole subject. */
  readonly version: number | null
  readonly permanent: boolean
  readonly onClose: () => void
}

export function DeleteSchema({ subject, version, permanent, onClose }: Props) {
  const what = version === null ? subject : texts.ofVersion(subject, version)
  return (
    <ConfirmDialog
      title={version === null ? texts.delete.subjectTitle(subject) : texts.delete.versionTitle(subject, version)}
      description={permanent ? texts.delete.permanent : texts.delete.soft}
      action={permanent ? texts.delete.forGood : texts.delete.action}
      needs="schema.delete"
      typed={subject}
      onConfirm={async () => {
        await change('schema.delete', { subject, version, permanent })
        notify({ kind: 'done', text: texts.delete.done(what) })
        if (version === null && permanent) go('schemas')
      }}
      onClose={onClose}
    />
  )
}
