import { Copy, GitCompare, Layers, Link, Route, Send, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Cell, MessageDetail } from '../../../src-main/contract/messages'
import { clockTime, exactTime } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { ContextMenu } from '../../parts/ContextMenu'
import { Pane } from '../../parts/Pane'
import parts from '../../parts/parts.module.css'
import { href } from '../../stores/route'
import { useSettings } from '../../stores/settings'
import { shared } from '../../texts'
import page from '../pages.module.css'
import { ConsumedBy } from './ConsumedBy'
import { Diff } from './Diff'
import type { JsonLine } from './json-lines'
import { Headers, Metadata } from './MessageFacts'
import css from './messages.module.css'
import { type Look, PayloadView } from './PayloadView'
import { followId, nodeItems, savePart } from './pane-actions'
import { linkTo, type Place, placeText } from './place'
import { neighboursText } from './query-draft'
import { copyItems, copyText } from './row-menu'
import { texts } from './texts'

const tabs = ['Value', 'Key', 'Headers', 'Metadata', 'Consumed', 'Diff'] as const
type Tab = (typeof tabs)[number]

interface Props {
  readonly place: Place
  /** The list beside it is of several topics. */
  readonly namesTopic: boolean
  /** Another message, to compare this one with. */
  readonly compared: Place | null
  readonly onCompare: (place: Place | null) => void
  readonly onClose: () => void
  readonly onResend: () => void
  readonly onDecode: () => void
  /** Adds a column to the table: `value.customer.id`. */
  readonly onColumn: (column: string) => void
  /** Adds a condition to the filter, as it is typed. */
  readonly onCondition: (text: string) => void
  /** Changes when the message must be read again: its decoder was changed. */
  readonly round: number
}

/** One message in full. The tab stays when another message is opened. */
export function MessagePane(props: Props) {
  const { place, namesTopic, compared, onCompare, onClose, onResend, onDecode, onColumn, onCondition, round } = props
  const width = useSettings(({ paneWidth }) => paneWidth)
  const [chosenTab, setTab] = useState<Tab>('Value')
  const [looks, setLooks] = useState<{ readonly Key: Look | null; readonly Value: Look | null }>({
    Key: null,
    Value: null,
  })
  const [copyAt, setCopyAt] = useState<{ readonly x: number; readonly y: number } | null>(null)
  const { detail, problem, isOfAnother } = useDetail(place, round)
  const hasDiff = compared !== null && placeText(compared) !== placeText(place)
  const tab = chosenTab === 'Diff' && !hasDiff ? 'Value' : chosenTab
  const isComparedItself = compared !== null && !hasDiff
  const compareText = compared ? texts.pane.stopComparing : texts.pane.compare
  const keyId =
    detail && detail.key.kind !== 'null' && !detail.key.cut && detail.key.text !== '' ? detail.key.text : null
  const counts: Readonly<Partial<Record<Tab, number>>> = {
    Headers: detail?.headers.length ?? 0,
    Consumed: detail?.consumedBy.length ?? 0,
  }
  const part = (name: 'key' | 'value', cell: Cell) => ({
    onSave: () => savePart(place, name, cell),
    itemsOf: (line: JsonLine) => nodeItems(line, { part: name, onColumn, onCondition }),
  })
  const payload = { onDecode, onLook: (look: Look) => setLooks((before) => ({ ...before, [tab]: look })) }
  return (
    <Pane
      label={texts.pane.label(place.offset, place.partition)}
      width={width}
      onWidth={(paneWidth) => useSettings.setState({ paneWidth })}
    >
      <div className={css.paneHead}>
        <div className={css.panePlace}>
          {namesTopic && (
            <a className={page.nameLink} href={href('topics', place.topic)}>
              {place.topic}
            </a>
          )}
          <b className="data">{texts.pane.place(place.partition, place.offset)}</b>
          {detail && !isOfAnother && (
            <span className="data quiet" title={exactTime(detail.timestamp)}>
              {clockTime(detail.timestamp)}
              {detail.timestamp >= 0 && (
                <a
                  className={css.neighbours}
                  href={`${href('messages')}?${neighboursText(detail.timestamp, placeText(place))}`}
                  title={texts.menu.neighbours}
                  aria-label={texts.menu.neighbours}
                >
                  <Layers size={12} aria-hidden />
                </a>
              )}
            </span>
          )}
        </div>
        <span className={page.spacer} />
        <Button
          look="plain"
          aria-label={texts.menu.copy}
          aria-haspopup="menu"
          title={texts.menu.copy}
          onClick={(event) => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect()
            setCopyAt({ x: left, y: bottom })
          }}
        >
          <Copy size={14} />
        </Button>
        {keyId !== null && (
          <Button
            look="plain"
            onClick={() => followId(keyId, null)}
            title={texts.json.followKey}
            aria-label={texts.json.followKey}
          >
            <Route size={14} />
          </Button>
        )}
        <Button
          look="plain"
          aria-pressed={compared !== null}
          onClick={() => {
            if (!compared) setTab('Diff')
            onCompare(compared ? null : place)
          }}
          title={compared ? compareText : texts.pane.compareTitle}
          aria-label={compareText}
        >
          <GitCompare size={14} />
        </Button>
        <Button
          look="plain"
          needs="messages.produce"
          onClick={onResend}
          title={texts.pane.resend}
          aria-label={texts.pane.resend}
        >
          <Send size={14} />
        </Button>
        <Button
          look="plain"
          onClick={() => copyText(linkTo(place), texts.menu.copiedWhat.link)}
          title={texts.pane.linkTitle}
          aria-label={texts.pane.link}
        >
          <Link size={14} />
        </Button>
        <Button look="plain" onClick={onClose} aria-label={shared.close}>
          <X size={14} />
        </Button>
      </div>
      {isComparedItself && (
        <p className={css.hint} role="status">
          {texts.pane.chooseOther}
        </p>
      )}
      <div className={css.paneTabs} role="tablist" aria-label={texts.pane.parts}>
        {tabs
          .filter((id) => id !== 'Diff' || hasDiff)
          .map((id) => (
            <button
              key={id}
              type="button"
              role="tab"
              aria-selected={id === tab}
              className={id === tab ? `${parts.tab} ${parts.current}` : parts.tab}
              onClick={() => setTab(id)}
            >
              {texts.pane.tabs[id]}
              {(counts[id] ?? 0) > 0 && <span className="quiet"> {counts[id]}</span>}
            </button>
          ))}
      </div>
      <div className={css.message} aria-busy={isOfAnother}>
        {problem && <p role="alert">{problem}</p>}
        {detail && tab === 'Value' && (
          <PayloadView
            {...payload}
            {...part('value', detail.value)}
            look={looks.Value}
            cell={detail.value}
            hex={detail.valueHex}
            nullText={texts.pane.tombstone}
          />
        )}
        {detail && tab === 'Key' && (
          <PayloadView
            {...payload}
            {...part('key', detail.key)}
            look={looks.Key}
            cell={detail.key}
            hex={detail.keyHex}
            nullText={texts.pane.noKey}
          />
        )}
        {detail && tab === 'Headers' && <Headers detail={detail} />}
        {detail && tab === 'Diff' && compared && <Diff before={compared} after={detail} />}
        {detail && tab === 'Metadata' && <Metadata detail={detail} />}
        {detail && tab === 'Consumed' && <ConsumedBy detail={detail} />}
      </div>
      {copyAt && (
        <ContextMenu label={texts.menu.copy} {...copyAt} items={copyItems(place)} onClose={() => setCopyAt(null)} />
      )}
    </Pane>
  )
}

interface Read {
  readonly detail: MessageDetail | null
  readonly problem: string | null
  /** The message that was read last, while the one at this place is on its way. */
  readonly isOfAnother: boolean
}

/** The last message stays until the next one is read, and says so. */
function useDetail(place: Place, round: number): Read {
  const { topic, partition, offset } = place
  const [read, setRead] = useState<Omit<Read, 'isOfAnother'> & { readonly of: string }>({
    detail: null,
    problem: null,
    of: '',
  })
  useEffect(() => {
    let isGone = false
    const of = placeText({ topic, partition, offset })
    const set = (detail: MessageDetail | null, problem: string | null) => !isGone && setRead({ detail, problem, of })
    ask('messages.detail', { topic, partition, offset }).then(
      (detail) => set(detail, null),
      (error: Error) => set(null, error.message),
    )
    return () => {
      isGone = true
    }
  }, [topic, partition, offset, round])
  return { ...read, isOfAnother: read.of !== placeText(place) }
}
