import { useRef, useState } from 'react'
import type { ConnectionDraft, ConnectionFinding } from '../../../src-main/contract/connections'
import { useHost } from '../../host'
import { Problem } from '../../parts/Dialog'
import { shared } from '../../texts'
import css from './connections.module.css'
import { texts } from './texts'

export interface ConnectionTest {
  readonly findings: readonly ConnectionFinding[]
  readonly isRunning: boolean
  /** It could not be tried at all, and why. */
  readonly problem: string | null
  readonly start: (input: ConnectionDraft) => void
  readonly stop: () => void
}

/** Tries what the form has, step by step. */
export function useTest(): ConnectionTest {
  const [findings, setFindings] = useState<readonly ConnectionFinding[]>([])
  const [isRunning, setRunning] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const end = useRef<() => void>(() => {})
  const stop = () => {
    end.current()
    setRunning(false)
  }
  return {
    findings,
    isRunning,
    problem,
    stop,
    start(input) {
      stop()
      setFindings([])
      const { client } = useHost.getState()
      setProblem(client ? null : shared.brokerNotReady)
      if (!client) return
      setRunning(true)
      end.current = client.feed('connection.test', input, {
        items: (more) => setFindings((all) => [...all, ...more]),
        done: () => setRunning(false),
        failed(message) {
          setRunning(false)
          setProblem(message)
        },
      })
    },
  }
}

export function Findings({ test }: { readonly test: ConnectionTest }) {
  const { findings, isRunning, problem } = test
  const isFine = findings.every(({ passed }) => passed)
  return (
    <div role="status" aria-label={texts.form.test}>
      <ul className={css.findings}>
        {findings.map(({ step, at, passed, text, advice }, i) => (
          <li key={i}>
            <span
              className={passed ? css.good : css.bad}
              title={passed ? texts.test.passedStep : texts.test.failedStep}
            >
              {passed ? '✓' : '✕'}
            </span>
            <span>{step}</span>
            <span>
              <span className="data">{at}</span> {text}
              {advice !== null && <p className={css.note}>{advice}</p>}
            </span>
          </li>
        ))}
      </ul>
      {problem !== null && <Problem text={problem} />}
      {isRunning && <p className="quiet">{texts.test.running}</p>}
      {!isRunning && problem === null && findings.length > 0 && (
        <p className={isFine ? css.good : css.bad}>{isFine ? texts.test.passed : texts.test.failed}</p>
      )}
    </div>
  )
}
