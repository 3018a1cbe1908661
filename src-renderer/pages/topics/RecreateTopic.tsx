import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { Impact, useImpact } from './Impact'
import { texts } from './texts'

interface Props {
  readonly topic: string
  readonly onDone: () => void
  readonly onClose: () => void
}

/** Deletes a topic and creates it with the same partitions and configs; whom that concerns is told before. */
export function RecreateTopic({ topic, onDone, onClose }: Props) {
  const impact = useImpact([topic])
  return (
    <ConfirmDialog
      title={texts.recreation.title(topic)}
      description={texts.recreation.about}
      action={texts.recreation.action}
      needs="topic.recreate"
      typed={topic}
      onConfirm={async () => {
        await change('topic.recreate', { topic })
        notify({ kind: 'done', text: texts.recreation.done(topic) })
        onDone()
      }}
      onClose={onClose}
    >
      <Impact {...impact} />
    </ConfirmDialog>
  )
}
