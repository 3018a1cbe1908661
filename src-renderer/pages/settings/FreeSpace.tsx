import { useState } from 'react'
import type { WorkspaceStatus } from '../../../src-main/contract/workspace'
import { bytes } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { attempt } from '../../stores/notices'
import { Row } from './Row'
import { texts } from './texts'

/** Less is not worth an action. */
const leastBytes = 1_000_000

/** Free space inside the file, and the button that gives it back to the disk. */
export function FreeSpace({ status }: { readonly status: WorkspaceStatus }) {
  const { freeBytes, fileBytes, shrinksInSteps } = status
  const [isBusy, setBusy] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const shrink = async () => {
    setBusy(true)
    await attempt(() => ask('workspace.shrink', undefined), texts.workspace.shrunk)
    setBusy(false)
  }
  return (
    <Row label={texts.workspace.free} note={texts.workspace.freeNote}>
      <span className="data">{texts.workspace.freeOf(bytes(freeBytes), bytes(fileBytes))}</span>
      <Button
        disabled={isBusy || freeBytes < leastBytes}
        onClick={() => (shrinksInSteps ? void shrink() : setAsking(true))}
      >
        {isBusy ? texts.workspace.shrinking : texts.workspace.shrink}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={texts.workspace.rebuildTitle}
          description={texts.workspace.rebuildText(bytes(fileBytes - freeBytes))}
          action={texts.workspace.shrink}
          look="primary"
          needs={null}
          onConfirm={() => ask('workspace.shrink', undefined)}
          onClose={() => setAsking(false)}
        />
      )}
    </Row>
  )
}
