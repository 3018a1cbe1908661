import { X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { ByteSpan, ExchangeDetail, FrameProblem } from '../../../src-main/contract/exchanges'
import { bytes, integer } from '../../format/numbers'
import { clockTime, exactTime } from '../../format/time'
import { Button } from '../../parts/Button'
import { writeClipboard } from '../../parts/clipboard'
import { Menu, type MenuItem } from '../../parts/Menu'
import { Pane } from '../../parts/Pane'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { href } from '../../stores/route'
import { useSettings } from '../../stores/settings'
import { shared } from '../../texts'
import { CellText } from '../messages/CellText'
import page from '../pages.module.css'
import { Bytes } from './Bytes'
import { apiText, exchangeText, kcatCommand } from './exchange-text'
import { type Chosen, Fields } from './Fields'
import { texts } from './texts'
import css from './wire.module.css'

interface Props {
  readonly detail: ExchangeDetail
  readonly onClose: () => void
}

/** One request and its response: fields beside their bytes, and the records that they carry; or why its connection was closed. */
export function ExchangePane({ detail, onClose }: Props) {
  const width = useSettings(({ paneWidth }) => paneWidth)
  const { error, closed } = detail
  const name = apiText(detail)
  return (
    <Pane label={texts.pane.label(name)} width={width} onWidth={(paneWidth) => useSettings.setState({ paneWidth })}>
      <div className={page.paneHead}>
        <h2>{name}</h2>
        <CopyMenu detail={detail} />
        <Button look="plain" aria-label={shared.close} onClick={onClose}>
          <X size={14} />
        </Button>
      </div>
      {error && <p className={page.problem}>✕ {error}</p>}
      {closed && (
        <section className={css.closed} aria-label={texts.pane.closed}>
          <p className={page.problem}>✕ {texts.closed[closed.kind].what}</p>
          <p>{texts.closed[closed.kind].advice}</p>
          <p className="quiet data">{closed.text}</p>
        </section>
      )}
      <ExchangeFacts detail={detail} />
      {detail.records.length > 0 && <Records detail={detail} />}
      <Frame
        title={(detail.api === '' ? texts.pane.received : texts.pane.request)(bytes(detail.requestBytes))}
        span={detail.request}
        hex={detail.requestHex}
        from={detail.requestFrom}
        problem={detail.requestProblem}
        isTold={closed !== null}
        none={texts.pane.unreadable}
      />
      {closed === null && (
        <Frame
          title={texts.pane.response(bytes(detail.responseBytes))}
          span={detail.response}
          hex={detail.responseHex}
          from={0}
          problem={detail.responseProblem}
          isTold={false}
          none={texts.pane.noResponse}
        />
      )}
    </Pane>
  )
}

function CopyMenu({ detail }: { readonly detail: ExchangeDetail }) {
  const { value: status } = useFeed('workspace', undefined)
  const { copyAs } = texts.pane
  const item = (label: string, text: string): MenuItem => ({
    label,
    onSelect: () => void attempt(() => writeClipboard(text), texts.pane.copied(label)),
  })
  const kcat = kcatCommand(detail, status?.addresses[0] ?? 'localhost:9092')
  const items = [
    item(copyAs.text, exchangeText(detail)),
    item(copyAs.json, JSON.stringify(detail, null, 2)),
    ...(kcat === null ? [] : [item(copyAs.kcat, kcat)]),
    item(copyAs.requestHex, detail.requestHex),
    ...(detail.responseHex === '' ? [] : [item(copyAs.responseHex, detail.responseHex)]),
    ...(detail.correlationId === null ? [] : [item(copyAs.correlation, String(detail.correlationId))]),
    item(copyAs.address, detail.address),
  ]
  return <Menu label={texts.pane.copy} items={items} />
}

function ExchangeFacts({ detail }: { readonly detail: ExchangeDetail }) {
  const { facts } = texts.pane
  const { clientId, address, connectionId, correlationId, topics, groupId, places, closed } = detail
  const lines: readonly (readonly [string, ReactNode])[] = [
    [
      facts.client,
      <a key="client" className={page.link} href={href('clients', String(connectionId))}>
        {clientId || texts.pane.noClientId}
      </a>,
    ],
    [facts.address, address],
    [facts.connection, integer(connectionId)],
    ...(correlationId === null ? [] : [[facts.correlation, String(correlationId)] as const]),
    [
      facts.time,
      <span key="time" title={exactTime(detail.at)}>
        {clockTime(detail.at)}
      </span>,
    ],
    ...(closed === null ? [[facts.took, `${integer(detail.tookMs)} ms`] as const] : []),
    ...(topics.length === 0 ? [] : [[facts.topics, <Links key="topics" of={topics.map(topicLink)} />] as const]),
    ...(groupId === null
      ? []
      : [[facts.group, <Links key="group" of={[{ text: groupId, to: href('groups', groupId) }]} />] as const]),
    ...(places.length === 0 ? [] : [[facts.messages, <Links key="places" of={places.map(placeLink)} />] as const]),
  ]
  return (
    <dl className={page.facts}>
      {lines.map(([name, content]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{content}</dd>
        </div>
      ))}
    </dl>
  )
}

interface Target {
  readonly text: string
  readonly to: string
}

const topicLink = (topic: string): Target => ({ text: topic, to: href('topics', topic) })

function placeLink({ topic, partition, offset }: ExchangeDetail['places'][number]): Target {
  return {
    text: texts.pane.placeAt(topic, partition, offset),
    to: `${href('topics', topic, 'messages')}?partition=${partition}&offset=${offset}`,
  }
}

function Links({ of }: { readonly of: readonly Target[] }) {
  return of.map(({ text, to }, i) => (
    <span key={to}>
      {i > 0 && ', '}
      <a className={page.link} href={to}>
        {text}
      </a>
    </span>
  ))
}

function Records({ detail: { records, moreRecords } }: { readonly detail: ExchangeDetail }) {
  return (
    <>
      <h3 className={page.section}>{texts.pane.records(records.length + moreRecords)}</h3>
      <table className={css.records} aria-label={texts.pane.records(records.length)}>
        <tbody>
          {records.map(({ topic, partition, offset, key, value }, i) => (
            <tr key={i}>
              <td>
                {offset === null ? (
                  texts.pane.place(topic, partition)
                ) : (
                  <Links of={[placeLink({ topic, partition, offset })]} />
                )}
              </td>
              <td>
                <CellText cell={key} />
              </td>
              <td>
                <CellText cell={value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {moreRecords > 0 && <p className="quiet">{texts.pane.moreRecords(moreRecords)}</p>}
    </>
  )
}

interface FrameProps {
  readonly title: string
  readonly span: ByteSpan | null
  readonly hex: string
  readonly from: number
  readonly problem: FrameProblem | null
  /** Above the facts already. */
  readonly isTold: boolean
  readonly none: string
}

/** Fields and bytes of a frame; what is chosen in one is marked in the other, and so is what cannot be read. */
function Frame({ title, span, hex, from, problem, isTold, none }: FrameProps) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const hasFields = span !== null && span.children.length > 0
  const problemAt = problem?.offset ?? null
  const shared = { chosen, problemAt, onChoose: setChosen }
  return (
    <section>
      <h3 className={page.section}>{title}</h3>
      {problem && !isTold && (
        <p className={page.problem} role="alert">
          ✕ {problem.text}
        </p>
      )}
      {!hasFields && !problem && <p className="quiet">{none}</p>}
      {(hasFields || hex !== '') && (
        <div className={css.frame}>
          {hasFields && <Fields {...shared} span={span} />}
          {hex !== '' && <Bytes {...shared} hex={hex} from={from} span={span} />}
        </div>
      )}
    </section>
  )
}
