import type { MessageDetail, MessageRow } from '../../../src-main/contract/messages'
import { ask } from '../../host'
import { writeClipboard } from '../../parts/clipboard'
import type { MenuItem } from '../../parts/Menu'
import { attempt } from '../../stores/notices'
import { go } from '../../stores/route'
import { cellText, messageJson } from './message-text'
import { linkTo, type Place, placeText } from './place'
import { neighboursText, type QueryDraft } from './query-draft'
import { texts } from './texts'

export function copyText(text: string, what: string): void {
  void attempt(() => writeClipboard(text), texts.menu.copied(what))
}

/** Tables truncate long values: the message is read first. */
function copyOf({ topic, partition, offset }: Place, what: string, textOf: (detail: MessageDetail) => string): void {
  const text = ask('messages.detail', { topic, partition, offset }).then(textOf)
  void attempt(() => writeClipboard(text), texts.menu.copied(what))
}

/** Copies a key or a value in full: one that the pane truncates is read byte for byte. */
function copyPayload({ topic, partition, offset }: Place, part: 'key' | 'value'): void {
  const text = wholePart({ topic, partition, offset }, part)
  void attempt(() => writeClipboard(text), texts.menu.copied(texts.menu.copiedWhat[part]))
}

async function wholePart(position: Place, part: 'key' | 'value'): Promise<string> {
  const cell = (await ask('messages.detail', position))[part]
  if (cell.kind === 'null' || !cell.cut) return cellText(cell)
  const payload = (await ask('messages.exact', position))[part]
  if (typeof payload !== 'string') throw new Error(texts.menu.tooLarge(cell.sizeBytes))
  return payload
}

/** A message as JSON; with a truncated part it would look complete, so it is refused. */
function wholeJson(detail: MessageDetail): string {
  const cells = [detail.key, detail.value, ...detail.headers.map(({ value }) => value)]
  const cut = cells.find((cell) => cell.kind !== 'null' && cell.cut)
  if (cut && cut.kind !== 'null') throw new Error(texts.menu.tooLarge(cut.sizeBytes))
  return messageJson(detail)
}

export function copyItems(place: Place): readonly MenuItem[] {
  return [
    { label: texts.menu.copyKey, onSelect: () => copyPayload(place, 'key') },
    { label: texts.menu.copyValue, onSelect: () => copyPayload(place, 'value') },
    { label: texts.menu.copyJson, onSelect: () => copyOf(place, texts.menu.copiedWhat.message, wholeJson) },
    {
      label: texts.menu.copyTimestamp,
      onSelect: () => copyOf(place, texts.menu.copiedWhat.timestamp, ({ timestamp }) => String(timestamp)),
    },
    { label: texts.menu.copyLink, onSelect: () => copyText(linkTo(place), texts.menu.copiedWhat.link) },
  ]
}

/** Time before and after a message, for "Around this time". */
const aroundMs = 60_000

interface RowActions {
  readonly change: (fields: Partial<QueryDraft>) => void
  readonly onResend: (row: MessageRow) => void
  readonly onCompare: (row: MessageRow) => void
  readonly onTombstone: (row: MessageRow) => void
  readonly onFollow: (row: MessageRow) => void
}

/** The menu of a row. */
export function rowItems(
  row: MessageRow,
  { change, onResend, onCompare, onTombstone, onFollow }: RowActions,
): readonly (MenuItem | null)[] {
  const { partition, offset, timestamp, key } = row
  const hasId = key.kind !== 'null' && !key.cut && key.text !== ''
  return [
    { label: texts.menu.open, onSelect: () => change({ open: placeText(row) }) },
    null,
    ...copyItems(row),
    null,
    {
      label: texts.menu.fromHere(partition, offset),
      onSelect: () => change({ from: 'offset', offset: String(offset), partitions: String(partition) }),
    },
    {
      label: texts.menu.around,
      disabled: timestamp < 0,
      onSelect: () => change({ from: 'time', fromAt: timestamp - aroundMs, until: timestamp + aroundMs }),
    },
    {
      label: texts.menu.neighbours,
      disabled: timestamp < 0,
      onSelect: () => go('messages', null, null, neighboursText(timestamp, placeText(row))),
    },
    null,
    { label: texts.menu.resend, needs: 'messages.produce', onSelect: () => onResend(row) },
    { label: texts.menu.compare, onSelect: () => onCompare(row) },
    { label: texts.menu.followKey, disabled: !hasId, onSelect: () => onFollow(row) },
    {
      label: texts.menu.tombstone,
      needs: 'messages.produce',
      disabled: row.key.kind === 'null',
      onSelect: () => onTombstone(row),
    },
  ]
}
