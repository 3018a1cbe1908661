import { ask } from '../host'
import { ConfirmDialog } from '../parts/ConfirmDialog'
import { useProduction } from '../stores/production'
import { texts } from './texts'

/** Asks once in a session, above whatever form wants to write messages to a cluster in production. */
export function ProductionDialog() {
  const { question } = useProduction()
  if (!question) return null
  const { cluster, answer } = question
  return (
    <ConfirmDialog
      title={texts.production.title(cluster)}
      description={texts.production.text(cluster)}
      action={texts.production.action(cluster)}
      needs={null}
      onConfirm={() => ask('cluster.allowMessages', { name: cluster }).then(() => answer(true))}
      // After it was confirmed, this says nothing more.
      onClose={() => answer(false)}
    />
  )
}
