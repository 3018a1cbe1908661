import type { Cell } from '../../../src-main/contract/messages'
import { fromBase64, utf8 } from '../../format/bytes'
import { ask } from '../../host'
import { download } from '../../parts/download'
import type { MenuItem } from '../../parts/Menu'
import { attempt } from '../../stores/notices'
import { go } from '../../stores/route'
import { canBeTyped, typedCondition } from './conditions'
import { type JsonLine, scalarText } from './json-lines'
import { isJsonCell, xmlOf } from './message-text'
import type { Place } from './place'
import { newest, queryText } from './query-draft'
import { copyText } from './row-menu'
import { texts } from './texts'

/** Shows the messages of all topics that have the same id, in the order of time. @param name header or field; `null` for any */
export function followId(value: string, name: string | null): void {
  go('messages', null, null, queryText({ ...newest, from: 'oldest', follow: value, followName: name ?? '' }))
}

/** Saves a key or a value, whose cell is given, byte for byte. */
export function savePart({ topic, partition, offset }: Place, part: 'key' | 'value', cell: Cell): void {
  void attempt(async () => {
    const payload = (await ask('messages.exact', { topic, partition, offset }))[part]
    if (payload === null) return
    const isText = typeof payload === 'string'
    const extension = isJsonCell(cell) ? 'json' : xmlOf(cell) !== undefined ? 'xml' : isText ? 'txt' : 'bin'
    const content = isText ? utf8(payload) : fromBase64(payload.base64)
    download(
      `${topic}-${partition}-${offset}-${part}.${extension}`,
      new Uint8Array(content),
      'application/octet-stream',
    )
  })
}

interface NodeActions {
  readonly part: 'key' | 'value'
  readonly onColumn: (column: string) => void
  /** Adds a condition to the filter, as it is typed. */
  readonly onCondition: (text: string) => void
}

/** Actions of a field or item of JSON. */
export function nodeItems(
  { path, name, node }: JsonLine,
  { part, onColumn, onCondition }: NodeActions,
): readonly MenuItem[] {
  const id = node.kind === 'scalar' ? scalarText(node.source) : ''
  const only = (isNot: boolean) => {
    const condition = { field: `${part}${path}`, test: 'is', value: id, isNot } as const
    return {
      label: texts.json.only(name ?? part, id, isNot),
      disabled: node.kind !== 'scalar' || !canBeTyped(condition),
      onSelect: () => onCondition(typedCondition(condition)),
    }
  }
  return [
    { label: texts.json.copyPath, onSelect: () => copyText(`${part}${path}`, texts.json.copiedPath) },
    { label: texts.json.copyNode, onSelect: () => copyText(node.source, texts.json.copiedNode) },
    { label: texts.json.addColumn, onSelect: () => onColumn(`${part}${path}`) },
    only(false),
    only(true),
    {
      label: texts.json.follow(name ?? part, id),
      disabled: node.kind !== 'scalar' || id === '' || id === 'null',
      onSelect: () => followId(id, name !== undefined && !/^\d+$/.test(name) ? name : null),
    },
  ]
}
