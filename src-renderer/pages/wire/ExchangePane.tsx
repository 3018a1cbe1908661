import { Copy, X } from 'lucide-react'
import { useState } from 'react'
import type { ByteSpan, ExchangeDetail, FrameProblem } from '../../../src-main/contract/workspace'
import { bytes } from '../../format/numbers'
import { clockTime } from '../../format/time'
import { Button } from '../../parts/Button'
import { writeClipboard } from '../../parts/clipboard'
import { Pane } from '../../parts/Pane'
import { attempt } from '../../stores/notices'
import { href } from '../../stores/route'
import { useSettings } from '../../stores/settings'
import { shared } from '../../texts'
import { CellText } from '../messages/CellText'
import page from '../pages.module.css'
import { Bytes } from './Bytes'
import { Fields } from './Fields'
import { texts } from './texts'
import css from './wire.module.css'

interface Props {
  readonly detail: ExchangeDetail
  readonly onClose: () => void
}

/** One request and its response: fields beside their bytes, and the records that they carry. */
export function ExchangePane({ detail, onClose }: Props) {
  const width = useSettings(({ paneWidth }) => paneWidth)
  const { api, version, clientId, address, connectionId, correlationId, error, topics } = detail
  const copy = () => void attempt(() => writeClipboard(JSON.stringify(detail, null, 2)), texts.pane.copied)
  return (
    <Pane
      label={texts.pane.label(api, version)}
      width={width}
      onWidth={(paneWidth) => useSettings.setState({ paneWidth })}
    >
      <div className={page.paneHead}>
        <h2>
          {api} v{version}
        </h2>
        <Button look="plain" aria-label={shared.copy} title={texts.pane.copyTitle} onClick={copy}>
          <Copy size={14} />
        </Button>
        <Button look="plain" aria-label={shared.close} onClick={onClose}>
          <X size={14} />
        </Button>
      </div>
      <p className="quiet">
        <a className={page.link} href={href('clients', String(connectionId))}>
          {clientId || texts.pane.noClientId}
        </a>
        , {texts.pane.from(address, correlationId)}, {clockTime(detail.at)}
        {topics.map((topic) => (
          <span key={topic}>
            {', '}
            <a className={page.link} href={href('topics', topic)}>
              {topic}
            </a>
          </span>
        ))}
      </p>
      {error && <p className={page.problem}>✕ {error}</p>}
      {detail.records.length > 0 && <Records detail={detail} />}
      <Frame
        title={texts.pane.request(bytes(detail.requestBytes))}
        span={detail.request}
        hex={detail.requestHex}
        problem={detail.requestProblem}
        none={texts.pane.unreadable}
      />
      <Frame
        title={texts.pane.response(bytes(detail.responseBytes))}
        span={detail.response}
        hex={detail.responseHex}
        problem={detail.responseProblem}
        none={texts.pane.noResponse}
      />
    </Pane>
  )
}

function Records({ detail: { records, moreRecords, api } }: { readonly detail: ExchangeDetail }) {
  return (
    <>
      <h3 className={page.section}>{texts.pane.records(records.length + moreRecords)}</h3>
      <table className={css.records} aria-label={texts.pane.records(records.length)}>
        <tbody>
          {records.map(({ topic, partition, offset, key, value }, i) => (
            <tr key={i}>
              <td>
                {api === 'Produce' ? (
                  texts.pane.place(topic, partition)
                ) : (
                  <a
                    className={page.link}
                    href={`${href('topics', topic, 'messages')}?partition=${partition}&offset=${offset}`}
                  >
                    {texts.pane.placeAt(topic, partition, offset)}
                  </a>
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
  readonly problem: FrameProblem | null
  readonly none: string
}

/** Fields and bytes of a frame; what is chosen in one is marked in the other. */
function Frame({ title, span, hex, problem, none }: FrameProps) {
  const [chosen, setChosen] = useState<{ readonly start: number; readonly end: number } | null>(null)
  const marked = problem ? { start: problem.offset, end: problem.offset + 1 } : chosen
  return (
    <section>
      <h3 className={page.section}>{title}</h3>
      {problem && (
        <p className={page.problem} role="alert">
          ✕ {problem.text}
        </p>
      )}
      {!span && !problem && <p className="quiet">{none}</p>}
      {(span || hex !== '') && (
        <div className={css.frame}>
          {span && <Fields span={span} chosen={chosen} onChoose={setChosen} />}
          {hex !== '' && <Bytes hex={hex} span={span} marked={marked} onChoose={setChosen} />}
        </div>
      )}
    </section>
  )
}
