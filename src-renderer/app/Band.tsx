import { useEffect, useState } from 'react'
import type { ClusterLabel } from '../../src-main/contract/workspace'
import { ask, useHost } from '../host'
import { Button } from '../parts/Button'
import { ConfirmDialog } from '../parts/ConfirmDialog'
import { Field, Labelled } from '../parts/Field'
import { askCan } from '../stores/can'
import { onCommand } from '../stores/commands'
import { useFeed } from '../stores/feed'
import { attempt } from '../stores/notices'
import css from './app.module.css'
import { texts } from './texts'

/** Names the cluster elsewhere that the pages show, above every page; it cannot be hidden, and stays when the connection is lost. */
export function Band() {
  const { value: status, problem } = useFeed('workspace', undefined)
  const { client, cluster } = useHost()
  const label = client && status ? status.cluster : cluster
  useEffect(() => {
    if (status?.cluster) useHost.setState({ cluster: status.cluster })
  }, [status?.cluster])
  if (!label) return null
  const { name, stage, color, canUnlock } = label
  return (
    <aside className={css.band} data-stage={stage ?? 'unknown'} aria-label={texts.band.label}>
      <strong>{texts.band.stage(stage)}</strong>
      {color && <span className={css.clusterColor} data-color={color} aria-hidden />}
      <span>{name}</span>
      {client && problem === null && <State {...label} />}
      {client && problem !== null && (
        <span role="alert" title={problem}>
          ✕ {texts.band.silent(problem)}
        </span>
      )}
      {client && canUnlock && <Unlock {...label} />}
    </aside>
  )
}

function State({ isReadOnly, unlockedForMs }: ClusterLabel) {
  // What can be done changes with the lock.
  useEffect(askCan, [isReadOnly])
  if (isReadOnly) return <span>{texts.band.readOnly}</span>
  return <span>{unlockedForMs === null ? texts.band.writable : texts.band.unlocked(left(unlockedForMs))}</span>
}

/** `14:59` */
function left(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

function Unlock({ name, stage, isReadOnly }: ClusterLabel) {
  const [isOpen, setOpen] = useState(false)
  useEffect(() => (isReadOnly ? onCommand('unlock', () => setOpen(true)) : undefined), [isReadOnly])
  if (!isReadOnly) {
    const lock = () => ask('cluster.lock', undefined).then(askCan)
    return <Button onClick={() => void attempt(lock)}>{texts.band.lock}</Button>
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>{texts.band.unlock}</Button>
      {isOpen && <UnlockDialog name={name} stage={stage} onClose={() => setOpen(false)} />}
    </>
  )
}

function UnlockDialog({
  name,
  stage,
  onClose,
}: Pick<ClusterLabel, 'name' | 'stage'> & { readonly onClose: () => void }) {
  const [typed, setTyped] = useState('')
  return (
    <ConfirmDialog
      title={texts.band.unlockTitle(name)}
      description={texts.band.unlockText(stage)}
      action={texts.band.unlockAction}
      needs={null}
      disabled={typed.trim() !== name}
      onConfirm={() => ask('cluster.unlock', { name: typed }).then(askCan)}
      onClose={onClose}
    >
      <Labelled label={texts.band.typeName(name)}>
        <Field autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} />
      </Labelled>
    </ConfirmDialog>
  )
}
