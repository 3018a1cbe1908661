import { type FormEvent, type ReactNode, useState } from 'react'
import type { ChangeName } from '../../src-main/contract/contract'
import { useFeed } from '../stores/feed'
import { shared } from '../texts'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { Field, Labelled } from './Field'
import css from './parts.module.css'
import { useFormAction } from './useFormAction'

/** What an action does to the cluster. */
type Effect =
  /** `typed`: the name that is typed before it runs on a cluster elsewhere; `null`: nothing is lost by it. */
  | { readonly needs: ChangeName; readonly typed: string | null }
  /** It does not change the cluster. */
  | { readonly needs: null; readonly typed?: undefined }

type Props = Effect & {
  readonly title: string
  readonly description: string
  /** The verb on the button. */
  readonly action: string
  readonly look?: 'danger' | 'primary'
  readonly disabled?: boolean
  /** The form has unsaved input. */
  readonly hasDraft?: boolean
  /** Why the effect is not known. */
  readonly problem?: string | null
  /** The dialog closes when it succeeds; its error is shown in the dialog. */
  readonly onConfirm: () => Promise<unknown>
  readonly onClose: () => void
  readonly children?: ReactNode
}

/** Shows what an action will do before it runs. */
export function ConfirmDialog(props: Props) {
  const { title, description, action, look = 'danger', disabled = false, hasDraft = false, problem = null } = props
  const { needs, onConfirm, onClose, children } = props
  const form = useFormAction()
  const { value: status } = useFeed('workspace', undefined)
  const [name, setName] = useState('')
  const typed = (status?.cluster && props.typed) || null
  // Whether a name is to be typed is not known before.
  const isKnown = needs === null || status !== null
  const isReady = isKnown && !disabled && (typed === null || name === typed) && !form.isBusy
  const confirm = async () => {
    if (await form.run(onConfirm)) onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) void confirm()
  }
  return (
    <Dialog
      title={title}
      description={description}
      hasDraft={hasDraft || name !== ''}
      problem={form.problem ?? problem}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{shared.cancel}</Button>
          <Button look={look} {...(needs !== null && { needs })} disabled={!isReady} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    >
      <form className={css.confirmed} onSubmit={submit}>
        {children}
        {typed !== null && (
          <Labelled label={shared.typeName(typed)}>
            <Field value={name} onChange={({ target }) => setName(target.value)} />
          </Labelled>
        )}
        {/* Enter in a field confirms. */}
        <button type="submit" hidden disabled={!isReady} />
      </form>
    </Dialog>
  )
}
