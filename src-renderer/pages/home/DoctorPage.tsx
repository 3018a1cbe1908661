import { useState } from 'react'
import type { ConnectionFinding } from '../../../src-main/contract/connections'
import { Button } from '../../parts/Button'
import { CopyText } from '../../parts/Copy'
import { Empty } from '../../parts/Empty'
import { useFeed } from '../../stores/feed'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import css from './home.module.css'
import { texts } from './texts'

/** Tries every step of the connections to this broker or cluster, and says what would mend the one that fails. */
export function DoctorPage() {
  const [run, setRun] = useState(0)
  const { value, problem } = useFeed('doctor', { run })
  const failed = value?.findings.filter(({ passed }) => !passed).length ?? 0
  return (
    <>
      <header className={page.header}>
        <a className={page.crumb} href={href('home')}>
          {texts.doctor.home} /
        </a>
        <h1>{texts.doctor.title}</h1>
        <span className={page.spacer} />
        <span role="status" className="quiet">
          {value?.isDone ? texts.doctor.outcome(failed) : texts.doctor.trying}
        </span>
        <Button disabled={value !== null && !value.isDone} onClick={() => setRun(run + 1)}>
          {texts.doctor.again}
        </Button>
      </header>
      {problem !== null && <Empty>{problem}</Empty>}
      <ul className={css.findings} aria-label={texts.doctor.title}>
        {value?.findings.map((finding, i) => (
          <Finding key={`${i} ${finding.at}`} finding={finding} />
        ))}
      </ul>
    </>
  )
}

function Finding({ finding: { step, at, passed, text, advice, rule } }: { readonly finding: ConnectionFinding }) {
  return (
    <li className={css.finding} data-passed={passed}>
      <strong>{passed ? texts.doctor.passed : texts.doctor.failed}</strong>
      <span>{step}</span>
      <span className="data">{at}</span>
      <span>
        {text}
        {advice !== null && <p>{advice}</p>}
        {rule && <CopyText text={`ottla.addresses=${rule}`} />}
      </span>
    </li>
  )
}
