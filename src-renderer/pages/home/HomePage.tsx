import { useState } from 'react'
import type { TrafficPoint, WorkspaceStatus } from '../../../src-main/contract/workspace'
import { bytes, compact } from '../../format/numbers'
import { axisTimes } from '../../format/time'
import { CopyText } from '../../parts/Copy'
import { useFeed } from '../../stores/feed'
import { href, useRoute } from '../../stores/route'
import { Connect } from './Connect'
import { Demo } from './Demo'
import { DoctorPage } from './DoctorPage'
import css from './home.module.css'
import { RecentActivity } from './RecentActivity'
import { addressOf, placeOf } from './snippets'
import { TrafficChart } from './TrafficChart'
import { texts } from './texts'
import { WritesFail } from './WritesFail'

/** Addresses, traffic, snippets and recent activity. While there is no broker, the app shows why in place of this page. */
export function HomePage() {
  const { subject } = useRoute()
  return subject === 'doctor' ? <DoctorPage /> : <Overview />
}

function Overview() {
  const { value: status } = useFeed('workspace', undefined)
  const { value: lag } = useFeed('workspace.lag', undefined)
  const { value: traffic } = useFeed('traffic', undefined)
  const [pointed, setPointed] = useState<TrafficPoint | null>(null)
  if (!status) {
    return (
      <div className={css.page}>
        <h1 className={css.title}>{texts.running}</h1>
      </div>
    )
  }
  const isElsewhere = status.cluster != null
  const now = pointed ?? traffic?.[traffic.length - 1]
  const listeners = status.listeners.filter(({ problem }) => problem === null)
  return (
    <div className={css.page}>
      {status.writeFailure && <WritesFail failure={status.writeFailure} file={status.file} />}
      <h1 className={css.title}>{status.cluster?.name ?? texts.running}</h1>
      <p className={css.lead}>
        {leadOf(status)} {isElsewhere && <a href={href('home', 'doctor')}>{texts.doctor.check}</a>}
      </p>
      <div className={css.addresses}>
        {listeners.map((listener, index) => (
          <span key={listener.name} className={css.address}>
            <CopyText text={addressOf(listener)} />
            {index > 0 && <span className="quiet">{listener.name.toLowerCase().replaceAll('_', ' ')}</span>}
          </span>
        ))}
        {status.registryUrl && (
          <span className={css.address}>
            <CopyText text={status.registryUrl} />
            <span className="quiet">{texts.registry}</span>
          </span>
        )}
      </div>
      <Demo hasTopics={status.topics > 0} />
      <div className={css.columns}>
        <section aria-label={texts.trafficSection}>
          <TrafficChart points={traffic ?? []} hasBytes={!isElsewhere} onPoint={setPointed} />
          <div className={css.figures}>
            <Figure label={texts.figures.messagesIn} value={`${compact(now?.inRecords ?? 0)}/s`} color="var(--info)" />
            {/* A cluster elsewhere does not tell these. */}
            {!isElsewhere && (
              <>
                <Figure label={texts.figures.bytesIn} value={`${bytes(now?.inBytes ?? 0)}/s`} />
                <Figure label={texts.figures.bytesOut} value={`${bytes(now?.outBytes ?? 0)}/s`} color="var(--quiet)" />
                <Figure label={texts.figures.requests} value={`${compact(now?.requests ?? 0)}/s`} />
              </>
            )}
            {pointed ? (
              <Figure label={texts.figures.at} value={axisTimes([pointed.at])[0] ?? ''} />
            ) : (
              <Figure
                label={texts.figures.totalLag}
                value={lag ? compact(lag.total) : '–'}
                title={lag && lag.uncommitted > 0 ? texts.uncommitted(lag.uncommitted) : undefined}
              />
            )}
          </div>
          {!isElsewhere && <Connect place={{ ...placeOf(status.listeners), registryUrl: status.registryUrl }} />}
        </section>
        <RecentActivity empty={isElsewhere ? texts.activity.emptyElsewhere : texts.activity.empty} />
      </div>
    </div>
  )
}

/** Where the data are. */
function leadOf({ cluster, clusterId, file }: WorkspaceStatus): string {
  if (cluster) return texts.elsewhere(clusterId)
  return file ? texts.storedIn(file) : texts.inMemory
}

/** A current value, in the colour of its line in the chart. */
function Figure({
  label,
  value,
  color,
  title,
}: {
  readonly label: string
  readonly value: string
  readonly color?: string
  /** What the value leaves out. */
  readonly title?: string | undefined
}) {
  return (
    <div className={css.figure} title={title}>
      <b className="tabular">
        {value}
        {title !== undefined && '+'}
      </b>
      <span className="quiet">
        {color && <span className={css.swatch} style={{ background: color }} aria-hidden />}
        {label}
      </span>
    </div>
  )
}
