import type { ConnectionLine } from '../../../src-main/contract/connections'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Code } from '../../parts/Copy'
import { Dialog } from '../../parts/Dialog'
import { discardDrafts } from '../../stores/drafts'
import { attempt, notify } from '../../stores/notices'
import { go } from '../../stores/route'
import { shared } from '../../texts'
import css from './connections.module.css'
import { texts } from './texts'

export function Swatch({ color }: Pick<ConnectionLine, 'color'>) {
  return <span className={css.swatch} data-color={color ?? 'none'} aria-hidden />
}

export async function duplicate({ id }: Pick<ConnectionLine, 'id'>): Promise<void> {
  await attempt(async () => {
    const copy = await ask('connection.duplicate', { id })
    go('connections', copy.id)
  }, texts.duplicated)
}

export function DeleteConnection({ line, onClose }: { readonly line: ConnectionLine; readonly onClose: () => void }) {
  return (
    <ConfirmDialog
      title={texts.deleteTitle(line.name)}
      description={texts.deleteText}
      action={shared.delete}
      needs={null}
      onConfirm={async () => {
        await ask('connection.delete', { id: line.id })
        discardDrafts(`connection ${line.id}`)
        notify({ kind: 'done', text: texts.deleted(line.name) })
        go('connections')
      }}
      onClose={onClose}
    />
  )
}

/** A browser cannot open a cluster in a window of its own. */
export function OpenElsewhere({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const word = /^[\w.-]+$/.test(name) ? name : `"${name}"`
  return (
    <Dialog
      title={texts.openTitle(name)}
      description={texts.openedElsewhere}
      onClose={onClose}
      actions={<Button onClick={onClose}>{shared.close}</Button>}
    >
      <Code text={`ottla serve --cluster ${word}`} />
    </Dialog>
  )
}
