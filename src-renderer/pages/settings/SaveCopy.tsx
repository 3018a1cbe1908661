import { useState } from 'react'
import { desktop } from '../../desktop'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Field } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import { Row } from './Row'
import { texts } from './texts'

/** Saves a copy of the workspace while it is in use. A browser cannot choose a file on the broker's machine, so the path is typed. */
export function SaveCopy({ file }: { readonly file: string | null }) {
  const [path, setPath] = useState((file ?? 'workspace.ottla').replace(/(\.ottla)?$/, ' copy.ottla'))
  const [saving, setSaving] = useState(false)
  const save = async () => {
    setSaving(true)
    await attempt(() => ask('workspace.copy', { path }), texts.workspace.copied(path))
    setSaving(false)
  }
  return (
    <Row
      label={texts.workspace.copy}
      note={desktop ? texts.workspace.copyNote : texts.workspace.copyNote + texts.workspace.copyRemote}
    >
      {!desktop && (
        <Field aria-label={texts.workspace.copyPath} value={path} onChange={(event) => setPath(event.target.value)} />
      )}
      <Button disabled={saving || path === ''} onClick={() => (desktop ? desktop.saveCopy() : void save())}>
        {saving ? texts.workspace.copySaving : desktop ? texts.workspace.copySaveAs : texts.workspace.copySave}
      </Button>
    </Row>
  )
}
