import { useState } from 'react'
import type { DecodingRegistry as View } from '../../../src-main/contract/decoding-registry'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Area, Choice, Field, FileField, Labelled } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { useFeed } from '../../stores/feed'
import { notify } from '../../stores/notices'
import { shared } from '../../texts'
import css from './schemas.module.css'
import { texts } from './texts'

const { decoding } = texts
const auths = ['none', 'basic', 'bearer'] as const

interface Props {
  /** The broker has a registry itself. */
  readonly hasOwn: boolean
}

/** Says which registry messages are read with, and changes it. */
export function DecodingRegistry({ hasOwn }: Props) {
  const { value: view } = useFeed('registry', undefined)
  const [isOpen, setOpen] = useState(false)
  if (!view) return null
  const { url, auth, hasSecret } = view
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        {url === null ? (hasOwn ? decoding.own : decoding.none) : decoding.other(hostOf(url))}
        {auth !== 'none' && !hasSecret && <span className={css.bad}> ✕ {decoding.lost}</span>}
      </Button>
      {isOpen && <RegistryDialog view={view} hasOwn={hasOwn} onClose={() => setOpen(false)} />}
    </>
  )
}

function hostOf(url: string): string {
  return url.replace(/^https?:\/\//, '')
}

function RegistryDialog({ view, hasOwn, onClose }: Props & { readonly view: View; readonly onClose: () => void }) {
  const [isOther, setOther] = useState(view.url !== null)
  const [draft, setDraft] = useState({ ...view, url: view.url ?? '', secret: '' })
  const [subjects, setSubjects] = useState<number | null>(null)
  const form = useFormAction()
  const isTyped =
    draft.secret !== '' || draft.user !== view.user || draft.ca !== view.ca || draft.url !== (view.url ?? '')
  const { url, auth, user, secret, ca } = draft
  const input = { url: isOther ? url : null, auth, user, secret: secret === '' ? null : secret, ca }
  const change = (part: Partial<typeof draft>) => {
    setDraft((all) => ({ ...all, ...part }))
    setSubjects(null)
  }
  const test = () => form.run(async () => setSubjects((await ask('registry.test', input)).subjects))
  const save = async () => {
    if (!(await form.run(() => ask('registry.choose', input)))) return
    notify({ kind: 'done', text: decoding.saved(isOther ? hostOf(url) : null) })
    onClose()
  }
  return (
    <Dialog
      title={decoding.title}
      description={decoding.about}
      problem={form.problem}
      hasDraft={isOther && isTyped}
      onClose={onClose}
      actions={
        <>
          {isOther && (
            <Button disabled={url.trim() === '' || form.isBusy} onClick={() => void test()}>
              {decoding.test}
            </Button>
          )}
          <Button onClick={onClose}>{shared.cancel}</Button>
          <Button look="primary" disabled={view.fixed !== null || form.isBusy} onClick={() => void save()}>
            {shared.save}
          </Button>
        </>
      }
    >
      {view.fixed !== null && <p className="quiet">{view.fixed}</p>}
      <fieldset className={css.choices} disabled={view.fixed !== null}>
        <legend className="quiet">{decoding.which}</legend>
        {[false, true].map((other) => (
          <label key={String(other)}>
            <input type="radio" name="registry" checked={isOther === other} onChange={() => setOther(other)} />{' '}
            {other ? decoding.otherChoice : hasOwn ? decoding.ownChoice : decoding.noneChoice}
          </label>
        ))}
      </fieldset>
      {isOther && (
        <fieldset className={css.choices} disabled={view.fixed !== null}>
          <Labelled label={decoding.url}>
            <Field
              value={url}
              placeholder={decoding.urlHint}
              onChange={(event) => change({ url: event.target.value })}
            />
          </Labelled>
          <Labelled label={decoding.auth}>
            <Choice value={auth} onChange={(event) => change({ auth: event.target.value as View['auth'], secret: '' })}>
              {auths.map((id) => (
                <option key={id} value={id}>
                  {decoding.auths[id]}
                </option>
              ))}
            </Choice>
          </Labelled>
          {auth === 'basic' && (
            <Labelled label={decoding.user}>
              <Field value={user} onChange={(event) => change({ user: event.target.value })} />
            </Labelled>
          )}
          {auth !== 'none' && (
            <Labelled label={auth === 'basic' ? decoding.password : decoding.token}>
              <Field
                type="password"
                value={secret}
                placeholder={view.hasSecret ? decoding.keptSecret : ''}
                onChange={(event) => change({ secret: event.target.value })}
              />
            </Labelled>
          )}
          <Labelled label={decoding.ca}>
            <Area
              rows={3}
              value={ca}
              placeholder={decoding.caHint}
              onChange={(event) => change({ ca: event.target.value })}
            />
          </Labelled>
          <FileField
            label={decoding.ca}
            accept=".pem,.crt,.cer"
            onFile={(file) => void form.run(async () => change({ ca: file ? await file.text() : '' }))}
          />
          {auth !== 'none' && <p className="quiet">{decoding.secretNote}</p>}
        </fieldset>
      )}
      {subjects !== null && (
        <p className={css.good} role="status">
          {decoding.tested(subjects)}
        </p>
      )}
    </Dialog>
  )
}
