import { useState } from 'react'
import { desktop } from '../../desktop'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Field } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import { Row } from './Row'

/** A copy of the workspace while it is in use. A browser cannot choose a file of the broker's machine: its path is typed. */
export function SaveCopy({ file }: { readonly file: string | null }) {
  const [path, setPath] = useState((file ?? 'workspace.ottla').replace(/(\.ottla)?$/, ' copy.ottla'))
  const [saving, setSaving] = useState(false)
  const save = async () => {
    setSaving(true)
    await attempt(() => ask('workspace.copy', { path }), `A copy is saved to ${path}.`)
    setSaving(false)
  }
  return (
    <Row
      label="Save a copy"
      note={`Everything in the workspace as it is now, as a file of its own. Clients go on meanwhile.${desktop ? '' : ' The path is one on the machine of the broker.'}`}
    >
      {!desktop && (
        <Field aria-label="Path of the copy" value={path} onChange={(event) => setPath(event.target.value)} />
      )}
      <Button disabled={saving || path === ''} onClick={() => (desktop ? desktop.saveCopy() : void save())}>
        {saving ? 'Saving…' : desktop ? 'Save a copy…' : 'Save'}
      </Button>
    </Row>
  )
}
