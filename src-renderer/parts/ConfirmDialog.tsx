import { type ReactNode, useState } from 'react'
import { shared } from '../texts'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { Field, Labelled } from './Field'
import { useFormAction } from './useFormAction'

interface Props {
  readonly title: string
  readonly description: string
  /** The verb on the button. */
  readonly action: string
  readonly look?: 'danger' | 'primary'
  readonly disabled?: boolean
  /** A name that has to be typed before the action runs; `null`: none. */
  readonly typed?: string | null
  /** The dialog closes when it succeeds; its error is shown in the dialog. */
  readonly onConfirm: () => Promise<unknown>
  readonly onClose: () => void
  readonly children?: ReactNode
}

/** Shows what an action will do before it runs. */
export function ConfirmDialog(props: Props) {
  const {
    title,
    description,
    action,
    look = 'danger',
    disabled = false,
    typed = null,
    onConfirm,
    onClose,
    children,
  } = props
  const form = useFormAction()
  const [name, setName] = useState('')
  const isTyped = typed === null || name === typed
  const confirm = async () => {
    if (await form.run(onConfirm)) onClose()
  }
  return (
    <Dialog
      title={title}
      description={description}
      problem={form.problem}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{shared.cancel}</Button>
          <Button look={look} disabled={disabled || !isTyped || form.isBusy} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      {typed !== null && (
        <Labelled label={shared.typeName(typed)}>
          <Field value={name} onChange={({ target }) => setName(target.value)} />
        </Labelled>
      )}
    </Dialog>
  )
}
