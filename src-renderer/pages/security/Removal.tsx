import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'

interface Props {
  readonly title: string
  readonly description: string
  readonly deed: string
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something that cannot be taken back. */
export function Removal({ title, description, deed, onConfirm, onClose }: Props) {
  return (
    <Dialog
      title={title}
      description={description}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            onClick={() => {
              onConfirm()
              onClose()
            }}
          >
            {deed}
          </Button>
        </>
      }
    >
      {null}
    </Dialog>
  )
}
