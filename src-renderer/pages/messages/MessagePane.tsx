import { Copy, GitCompare, Link, Send, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Cell, MessageDetail, MessageRow } from '../../../src-main/contract/messages'
import { bytes, integer } from '../../format/numbers'
import { exactTime } from '../../format/time'
import { ask, isDesktop } from '../../host'
import { Button } from '../../parts/Button'
import parts from '../../parts/parts.module.css'
import page from '../pages.module.css'
import { CellText } from './CellText'
import { Diff } from './Diff'
import { JsonTree } from './JsonTree'
import { jsonTree } from './json-tree'
import css from './messages.module.css'
import { isJsonCell, prettyJson } from './pretty'

const tabs = ['Value', 'Key', 'Headers', 'Metadata', 'Diff'] as const
type Tab = (typeof tabs)[number]

/** As a tree that folds, as text with line breaks, as it was written, as bytes. */
type Look = 'tree' | 'text' | 'raw' | 'hex'

interface Props {
  readonly row: MessageRow
  /** Another message that was put aside to compare this one with. */
  readonly compared: MessageRow | null
  readonly onCompare: () => void
  readonly onClose: () => void
  readonly onResend: () => void
}

export function MessagePane({ row, compared, onCompare, onClose, onResend }: Props) {
  const [tab, setTab] = useState<Tab>(compared ? 'Diff' : 'Value')
  const [detail, setDetail] = useState<MessageDetail | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const { topic, partition, offset } = row
  useEffect(() => {
    ask('messages.detail', { topic, partition, offset }).then(setDetail, (error: Error) => setProblem(error.message))
  }, [topic, partition, offset])
  const shown = tab === 'Key' ? detail?.key : detail?.value
  return (
    <aside className={page.pane} aria-label={`Message ${offset} of partition ${partition}`}>
      <div className={css.paneHead}>
        <b className="data">
          {partition} · {integer(offset)}
        </b>
        <span className={page.spacer} />
        {shown && shown.kind !== 'null' && (
          <Button look="plain" onClick={() => navigator.clipboard.writeText(shown.text)} aria-label="Copy" title="Copy">
            <Copy size={14} />
          </Button>
        )}
        <Button
          look="plain"
          onClick={onCompare}
          title="Compare with the message that is chosen next"
          aria-label="Compare with the next"
        >
          <GitCompare size={14} />
        </Button>
        <Button look="plain" onClick={onResend} title="Edit and send again" aria-label="Edit and send again">
          <Send size={14} />
        </Button>
        <Button
          look="plain"
          onClick={() => navigator.clipboard.writeText(linkTo(row))}
          title="Copy a link to this message"
          aria-label="Copy a link"
        >
          <Link size={14} />
        </Button>
        <Button look="plain" onClick={onClose} aria-label="Close">
          <X size={14} />
        </Button>
      </div>
      <div className={css.paneTabs} role="tablist" aria-label="Parts of the message">
        {tabs
          .filter((id) => id !== 'Diff' || compared)
          .map((id) => (
            <button
              key={id}
              type="button"
              role="tab"
              aria-selected={id === tab}
              className={id === tab ? `${parts.tab} ${parts.current}` : parts.tab}
              style={{ background: 'none', border: 0, cursor: 'pointer' }}
              onClick={() => setTab(id)}
            >
              {id}
              {id === 'Headers' && detail && detail.headers.length > 0 ? ` ${detail.headers.length}` : ''}
            </button>
          ))}
      </div>
      {problem && <p>{problem}</p>}
      {detail && tab === 'Value' && (
        <Content
          cell={detail.value}
          hex={detail.valueHex}
          nullText="tombstone: a null value, which deletes this key from a compacted topic"
        />
      )}
      {detail && tab === 'Key' && <Content cell={detail.key} hex={detail.keyHex} nullText="no key" />}
      {detail && tab === 'Headers' && <Headers detail={detail} />}
      {detail && tab === 'Diff' && compared && <Diff before={compared} after={detail} />}
      {detail && tab === 'Metadata' && <Metadata detail={detail} />}
    </aside>
  )
}

function Content({
  cell,
  hex,
  nullText,
}: {
  readonly cell: Cell
  readonly hex: string | null
  readonly nullText: string
}) {
  const [chosen, setChosen] = useState<Look | null>(null)
  if (cell.kind === 'null') return <p className={page.null}>{nullText}</p>
  const tree = isJsonCell(cell) ? jsonTree(cell.text) : undefined
  const looks: readonly Look[] = tree
    ? ['tree', 'text', 'raw', 'hex']
    : cell.kind === 'binary'
      ? ['hex']
      : ['raw', 'hex']
  const look = chosen !== null && looks.includes(chosen) ? chosen : (looks[0] as Look)
  return (
    <>
      <div className={css.looks}>
        <span className="quiet">
          {cell.kind === 'binary' ? 'bytes' : cell.kind} · {bytes(cell.sizeBytes)}
          {cell.cut ? ' · cut' : ''}
        </span>
        <span className={page.spacer} />
        {looks.length > 1 &&
          looks.map((id) => (
            <button key={id} type="button" aria-pressed={id === look} onClick={() => setChosen(id)}>
              {id}
            </button>
          ))}
      </div>
      {cell.problem && (
        <p className="danger" role="alert">
          {cell.problem}
        </p>
      )}
      {look === 'tree' && tree ? (
        <div className={css.json}>
          <JsonTree node={tree} />
        </div>
      ) : (
        <pre className={page.value}>
          {look === 'hex' ? hexLines(hex ?? '') : look === 'text' ? prettyJson(cell.text) : cell.text}
        </pre>
      )}
    </>
  )
}

/** Opens the app at this message; in a browser the page's own address does. */
function linkTo({ topic, partition, offset }: MessageRow): string {
  const place = `topics/${encodeURIComponent(topic)}/messages?partition=${partition}&offset=${offset}`
  return isDesktop ? `ottla://${place}` : `${location.origin}${location.pathname}#/${place}`
}

/** 16 bytes to a line, as a hex editor shows them. */
function hexLines(hex: string): string {
  const lines: string[] = []
  for (let at = 0; at < hex.length; at += 32) {
    const part = hex.slice(at, at + 32)
    const pairs = part.match(/../g) ?? []
    const text = pairs.map((pair) => {
      const code = Number.parseInt(pair, 16)
      return code >= 32 && code < 127 ? String.fromCharCode(code) : '·'
    })
    lines.push(`${(at / 2).toString(16).padStart(6, '0')}  ${pairs.join(' ').padEnd(47)}  ${text.join('')}`)
  }
  return lines.join('\n')
}

function Headers({ detail }: { readonly detail: MessageDetail }) {
  if (detail.headers.length === 0) return <p className="quiet">This message has no headers.</p>
  return (
    <dl className={page.facts}>
      {detail.headers.map(({ key, value }, i) => (
        <div key={i} style={{ display: 'contents' }}>
          <dt>{key}</dt>
          <dd>
            <CellText cell={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Metadata({ detail }: { readonly detail: MessageDetail }) {
  const { batch } = detail
  const ratio =
    batch.codec === 'none' ? '' : `, ${(batch.unpackedBytes / Math.max(1, batch.sizeBytes - 61)).toFixed(1)} : 1`
  const facts: readonly (readonly [string, string])[] = [
    ['Topic', detail.topic],
    ['Partition', String(detail.partition)],
    ['Offset', integer(detail.offset)],
    [detail.timestampType, exactTime(detail.timestamp)],
    ['Batch', `${integer(batch.baseOffset)} to ${integer(batch.lastOffset)}, ${integer(batch.records)} records`],
    ['Compression', `${batch.codec}, ${bytes(batch.sizeBytes)} in the log${ratio}`],
    ['CRC-32C', batch.crc.toString(16).padStart(8, '0')],
    [
      'Producer',
      batch.producerId === '-1'
        ? 'without id'
        : `${batch.producerId}, epoch ${batch.producerEpoch}, sequence ${batch.baseSequence}`,
    ],
    ['Transaction', batch.transactional ? 'yes' : 'no'],
    ['Leader epoch', String(batch.leaderEpoch)],
    [
      'Next offset',
      detail.next ? `${integer(detail.next.offset)}${detail.next.gap ? `\n${detail.next.gap}` : ''}` : 'none yet',
    ],
  ]
  return (
    <>
      <dl className={page.facts}>
        {facts.map(([name, text]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd style={{ whiteSpace: 'pre-line' }}>{text}</dd>
          </div>
        ))}
      </dl>
      <h3 className={page.section}>Who consumed it</h3>
      {detail.consumedBy.length === 0 && <p className="quiet">No group reads this partition.</p>}
      <dl className={page.facts}>
        {detail.consumedBy.map(({ groupId, state, committed }) => (
          <div key={groupId} style={{ display: 'contents' }}>
            <dt>{groupId}</dt>
            <dd>
              {state === 'delivered' ? 'delivered, not committed' : state}
              {committed === null ? '' : ` (committed ${integer(committed)})`}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
