import type { MessageRow } from '../../../src-main/contract/messages'
import type { ResendSelection } from '../../../src-main/contract/resend'
import { Resend } from '../resend/Resend'
import { Decoders } from './Decoders'
import { Export } from './Export'
import { Produce } from './Produce'
import type { Place } from './place'
import { Tombstone } from './Tombstone'
import { texts } from './texts'
import type { Query } from './useSearch'

/** The dialog that is open above the messages. */
export type OpenDialog =
  /** `place`: a message to edit and send again. */
  | { readonly kind: 'produce'; readonly place: Place | null }
  | { readonly kind: 'import' }
  | { readonly kind: 'tombstone'; readonly row: MessageRow }
  | { readonly kind: 'resend'; readonly selection: ResendSelection; readonly sample: Place | undefined }
  | { readonly kind: 'export' }
  | { readonly kind: 'decode'; readonly topic: string }

interface Props {
  readonly dialog: OpenDialog
  /** `null` where several topics are shown. */
  readonly topic: string | null
  readonly query: Query
  readonly onSent: () => void
  readonly onDecoded: () => void
  readonly onClose: () => void
}

export function MessageDialogs({ dialog, topic, query, onSent, onDecoded, onClose }: Props) {
  switch (dialog.kind) {
    case 'produce':
      return (
        <Produce topic={dialog.place?.topic ?? topic ?? ''} from={dialog.place} onSent={onSent} onClose={onClose} />
      )
    case 'import':
      return <Produce topic={topic ?? ''} from={null} isImport onSent={onSent} onClose={onClose} />
    case 'export':
      return <Export query={query} name={topic ?? texts.export.fileName} onClose={onClose} />
    case 'tombstone':
      return <Tombstone row={dialog.row} onSent={onSent} onClose={onClose} />
    case 'resend':
      return <Resend selection={dialog.selection} sample={dialog.sample} onClose={onClose} />
    case 'decode':
      return <Decoders topic={dialog.topic} onClose={onClose} onChange={onDecoded} />
  }
}
