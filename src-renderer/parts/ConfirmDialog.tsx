import type { ReactNode } from 'react'
import { shared } from '../texts'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { useFormAction } from './useFormAction'

interface Props {
  readonly title: string
  readonly description: string
  /** The verb on the button. */
  readonly action: string
  readonly look?: 'danger' | 'primary'
  readonly disabled?: boolean
  /** The dialog closes when it succeeds; its error is shown in the dialog. */
  readonly onConfirm: () => Promise<unknown>
  readonly onClose: () => void
  readonly children?: ReactNode
}

/** Shows what an action will do before it runs. */
export function ConfirmDialog(props: Props) {
  const { title, description, action, look = 'danger', disabled = false, onConfirm, onClose, children } = props
  const form = useFormAction()
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
          <Button look={look} disabled={disabled || form.isBusy} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  )
}
