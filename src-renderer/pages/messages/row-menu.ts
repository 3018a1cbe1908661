import type { MessageDetail, MessageRow } from '../../../src-main/contract/messages'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import type { MenuItem } from '../../parts/Menu'
import { attempt } from '../../stores/notices'
import { cellText, messageJson } from './message-text'
import { linkTo, type Place, placeText } from './place'
import type { QueryDraft } from './query-draft'

export function copyText(text: string, what: string): void {
  void attempt(() => navigator.clipboard.writeText(text), `Copied ${what}.`)
}

/** Tables cut what is long: the message is read whole first. */
function copyOf({ topic, partition, offset }: Place, what: string, textOf: (detail: MessageDetail) => string): void {
  void attempt(async () => {
    const detail = await ask('messages.detail', { topic, partition, offset })
    await navigator.clipboard.writeText(textOf(detail))
  }, `Copied ${what}.`)
}

export function copyItems(place: Place): readonly MenuItem[] {
  return [
    { label: 'Copy key', onSelect: () => copyOf(place, 'the key', ({ key }) => cellText(key)) },
    { label: 'Copy value', onSelect: () => copyOf(place, 'the value', ({ value }) => cellText(value)) },
    { label: 'Copy as JSON', onSelect: () => copyOf(place, 'the message', messageJson) },
    {
      label: 'Copy timestamp',
      onSelect: () => copyOf(place, 'the timestamp', ({ timestamp }) => String(timestamp)),
    },
    { label: 'Copy link', onSelect: () => copyText(linkTo(place), 'the link') },
  ]
}

/** Before and behind a message, for what happened around it. */
const aroundMs = 60_000

interface Deeds {
  readonly change: (fields: Partial<QueryDraft>) => void
  readonly onResend: (row: MessageRow) => void
  readonly onCompare: (row: MessageRow) => void
}

/** What can be done with a row. */
export function rowItems(row: MessageRow, { change, onResend, onCompare }: Deeds): readonly (MenuItem | null)[] {
  const { partition, offset, timestamp } = row
  return [
    { label: 'Open', onSelect: () => change({ open: placeText(row) }) },
    null,
    ...copyItems(row),
    null,
    {
      label: `From here: partition ${partition}, offset ${integer(offset)}`,
      onSelect: () => change({ from: 'offset', offset: String(offset), partitions: String(partition) }),
    },
    {
      label: 'Around this time',
      disabled: timestamp < 0,
      onSelect: () => change({ from: 'time', fromAt: timestamp - aroundMs, until: timestamp + aroundMs }),
    },
    null,
    { label: 'Edit and send again…', onSelect: () => onResend(row) },
    { label: 'Compare with the next', onSelect: () => onCompare(row) },
  ]
}
