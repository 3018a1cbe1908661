import { useFeed } from '../stores/feed'
import css from './app.module.css'
import { texts } from './texts'

/** Names the cluster elsewhere that the pages show, above every page; it cannot be hidden. */
export function Band() {
  const { value: status } = useFeed('workspace', undefined)
  const cluster = status?.cluster
  if (!cluster) return null
  return (
    <aside className={css.band} data-stage={cluster.stage ?? 'unknown'} aria-label={texts.band.label}>
      <strong>{texts.band.stage(cluster.stage)}</strong>
      <span>{cluster.name}</span>
      <span>{cluster.isReadOnly ? texts.band.readOnly : texts.band.writable}</span>
    </aside>
  )
}
