import { useEffect, useState } from 'react'
import type { ClientMetrics } from '../../../src-main/contract/workspace'
import { ago } from '../../format/time'
import { ask } from '../../host'
import page from '../pages.module.css'
import css from './clients.module.css'
import { texts } from './texts'

/** Metrics that the client pushed (KIP-714), read again after each push. */
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
      <h3 className={page.section}>{texts.metrics.title}</h3>
      <p className="quiet">{problem ? texts.metrics.problem(problem) : texts.metrics.pushed(ago(at, Date.now()))}</p>
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
