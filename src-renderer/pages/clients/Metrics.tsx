import { useEffect, useState } from 'react'
import type { ClientMetrics } from '../../../src-main/contract/workspace'
import { ago } from '../../format/time'
import { ask } from '../../host'
import page from '../pages.module.css'
import css from './clients.module.css'

/** What the client measured of itself and pushed (KIP-714): read anew with each push. */
export function Metrics({ connectionId, at }: { readonly connectionId: number; readonly at: number }) {
  const [pushed, setPushed] = useState<ClientMetrics | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    let isCurrent = true
    ask('client.metrics', { connectionId }).then(
      (metrics) => {
        if (!isCurrent) return
        setPushed(metrics)
        setProblem(null)
      },
      (error: Error) => isCurrent && setProblem(error.message),
    )
    return () => {
      isCurrent = false
    }
  }, [connectionId, at])
  return (
    <>
      <h3 className={page.section}>Client metrics</h3>
      <p className="quiet">
        {problem ? `They cannot be read: ${problem}` : `Pushed by the client ${ago(at, Date.now())}.`}
      </p>
      <dl className={css.metrics}>
        {pushed?.metrics.map(({ name, labels, unit, value }) => (
          <div key={`${name} ${labels}`}>
            <dt>
              {name} <span className="quiet">{labels}</span>
            </dt>
            <dd>
              {Number.isInteger(Number(value)) ? value : Number(value).toPrecision(4)} {unit}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
