import { desktop } from '../../desktop'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Field } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { useDraft } from '../../stores/drafts'
import { notify } from '../../stores/notices'
import { Row } from './Row'
import { texts } from './texts'

function copyOf(file: string | null): string {
  return (file ?? 'workspace.ottla').replace(/(\.ottla)?$/, ' copy.ottla')
}

/** Saves a copy of the workspace while it is in use. A browser cannot choose a file on the broker's machine, so the path is typed. */
export function SaveCopy({ file }: { readonly file: string | null }) {
  const [path, setPath] = useDraft('copy of the workspace', copyOf(file))
  const form = useFormAction()
  const save = async () => {
    if (await form.run(() => ask('workspace.copy', { path }))) {
      notify({ kind: 'done', text: texts.workspace.copied(path) })
    }
  }
  return (
    <Row
      label={texts.workspace.copy}
      note={desktop ? texts.workspace.copyNote : texts.workspace.copyNote + texts.workspace.copyRemote}
    >
      {!desktop && (
        <Field aria-label={texts.workspace.copyPath} value={path} onChange={(event) => setPath(event.target.value)} />
      )}
      <Button disabled={form.isBusy || path === ''} onClick={() => (desktop ? desktop.saveCopy() : void save())}>
        {form.isBusy ? texts.workspace.copySaving : desktop ? texts.workspace.copySaveAs : texts.workspace.copySave}
      </Button>
      {form.problem !== null && <Problem text={form.problem} />}
    </Row>
  )
}
