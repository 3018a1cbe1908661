import { useState } from 'react'
import type { TrafficPoint } from '../../../src-main/contract/workspace'
import { bytes, compact } from '../../format/numbers'
import { clockTime } from '../../format/time'
import { CopyText } from '../../parts/Copy'
import { useFeed } from '../../stores/feed'
import { Connect } from './Connect'
import { Demo } from './Demo'
import css from './home.module.css'
import { Lately } from './Lately'
import { addressOf, placeOf } from './snippets'
import { TrafficChart } from './TrafficChart'

/** A broker that answers, runs: while there is none, the app says why in place of this page. */
export function HomePage() {
  const { value: status } = useFeed('workspace', undefined)
  const { value: traffic } = useFeed('traffic', undefined)
  const [pointed, setPointed] = useState<TrafficPoint | null>(null)
  if (!status) return null
  const now = pointed ?? traffic?.[traffic.length - 1]
  const listeners = status.listeners.filter(({ problem }) => problem === null)
  return (
    <div className={css.page}>
      <h1 className={css.title}>Kafka is running</h1>
      <p className={css.lead}>
        {status.file
          ? `Everything is kept in ${status.file}`
          : 'Everything is in memory and gone when the broker ends.'}
      </p>
      <div className={css.addresses}>
        {listeners.map((listener, index) => (
          <span key={listener.name} className={css.address}>
            <CopyText text={addressOf(listener)} />
            {index > 0 && <span className="quiet">{listener.name.toLowerCase().replaceAll('_', ' ')}</span>}
          </span>
        ))}
      </div>
      <Demo hasTopics={status.topics > 0} />
      <div className={css.columns}>
        <section aria-label="Traffic and connecting">
          <TrafficChart points={traffic ?? []} onPoint={setPointed} />
          <div className={css.figures}>
            <Figure label="messages in" value={`${compact(now?.inRecords ?? 0)}/s`} color="var(--accent)" />
            <Figure label="bytes in" value={`${bytes(now?.inBytes ?? 0)}/s`} />
            <Figure label="bytes out" value={`${bytes(now?.outBytes ?? 0)}/s`} color="var(--info)" />
            <Figure label="requests" value={`${compact(now?.requests ?? 0)}/s`} />
            {pointed ? (
              <Figure label="then" value={clockTime(pointed.at).slice(-12, -4)} />
            ) : (
              <Figure label="messages behind" value={compact(status.totalLag)} />
            )}
          </div>
          <Connect place={placeOf(status.listeners)} />
        </section>
        <Lately />
      </div>
    </div>
  )
}

/** A number of now; its colour is that of its line in the chart. */
function Figure({ label, value, color }: { readonly label: string; readonly value: string; readonly color?: string }) {
  return (
    <div className={css.figure}>
      <b>{value}</b>
      <span className="quiet">
        {color && <span className={css.swatch} style={{ background: color }} aria-hidden />}
        {label}
      </span>
    </div>
  )
}
