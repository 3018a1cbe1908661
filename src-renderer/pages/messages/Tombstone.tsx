import type { MessageRow } from '../../../src-main/contract/messages'
import { ask } from '../../host'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { cellText } from './message-text'
import { texts } from './texts'

interface Props {
  readonly row: MessageRow
  readonly onSent: () => void
  readonly onClose: () => void
}

/** Writes a null value for the key of a message, to the same partition. */
export function Tombstone({ row: { topic, partition, offset, key }, onSent, onClose }: Props) {
  const write = async () => {
    const message = await ask('messages.exact', { topic, partition, offset })
    const tombstone = { topic, partition, timestamp: null, key: message.key, value: null, headers: [] }
    const written = await change('messages.produce', { ...tombstone, codec: 'none', count: 1 })
    notify({ kind: 'done', text: texts.tombstone.written(topic, written.partition, written.offset) })
    onSent()
  }
  return (
    <ConfirmDialog
      title={texts.tombstone.title}
      description={texts.tombstone.about(cellText(key), topic)}
      action={texts.tombstone.action}
      needs="messages.produce"
      typed={topic}
      onConfirm={write}
      onClose={onClose}
    />
  )
}
