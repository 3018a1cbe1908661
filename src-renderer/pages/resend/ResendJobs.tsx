import { Pause, Play, X } from 'lucide-react'
import { useState } from 'react'
import type { ResendJob } from '../../../src-main/contract/resend'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { change } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { shared } from '../../texts'
import page from '../pages.module.css'
import css from './resend.module.css'
import { texts } from './texts'

/** Resends of the topics that are shown: running, stopped or failed ones, and those that have ended since this view was opened. */
export function ResendJobs({ topics }: { readonly topics: readonly string[] }) {
  const { value: jobs } = useFeed('resends', undefined)
  const [hidden, setHidden] = useState<ReadonlySet<number> | null>(null)
  // What had ended before is history.
  if (jobs && hidden === null) setHidden(new Set(jobs.filter(({ state }) => state === 'done').map(({ id }) => id)))
  const shown = (jobs ?? []).filter(
    (job) => hidden?.has(job.id) === false && job.topics.some((topic) => topics.includes(topic)),
  )
  if (shown.length === 0) return null
  return (
    <section className={css.jobs} aria-label={texts.jobs}>
      {shown.map((job) => (
        <Job key={job.id} job={job} onHide={() => setHidden(new Set([...(hidden ?? []), job.id]))} />
      ))}
    </section>
  )
}

function Job({ job, onHide }: { readonly job: ResendJob; readonly onHide: () => void }) {
  const { id, state, target, share, problem, perSecond } = job
  const [glyph, color, word] = texts.states[state]
  const sent = job.targets.reduce((sum, { records }) => sum + records, 0)
  const left = job.skipped.reduce((sum, { records }) => sum + records, 0)
  const what = texts.job(job.topics, 'topic' in target ? target.topic : texts.headerTarget(target.header))
  return (
    <div className={css.job}>
      <span className={css.numbers} role="status">
        <span style={{ color }} aria-hidden>
          {glyph}
        </span>{' '}
        {word}
      </span>
      <span className={css.what} title={what}>
        {what}
      </span>
      <progress max={1} value={share} aria-label={what} />
      <span className={`${css.numbers} quiet`}>
        {texts.percent(Math.floor(share * 100))} · {texts.sent(sent)}
        {left > 0 && ` · ${texts.left(left)}`}
        {perSecond !== null && ` · ${texts.limit(perSecond)}`}
      </span>
      {problem ? (
        <span className={css.problem} title={problem} role="alert">
          {problem}
        </span>
      ) : (
        <span className={page.spacer} />
      )}
      {state === 'running' && (
        <Button onClick={() => void attempt(() => ask('resend.stop', { id }))}>
          <Pause size={12} /> {texts.stop}
        </Button>
      )}
      {(state === 'stopped' || state === 'failed') && (
        <>
          <Button needs="resend.resume" onClick={() => void attempt(() => change('resend.resume', { id }))}>
            <Play size={12} /> {texts.resume}
          </Button>
          <Button
            look="plain"
            title={texts.discardTitle}
            onClick={() => void attempt(() => ask('resend.forget', { id }))}
          >
            {texts.discard}
          </Button>
        </>
      )}
      {state === 'done' && (
        <Button look="plain" aria-label={shared.dismiss} onClick={onHide}>
          <X size={14} />
        </Button>
      )}
    </div>
  )
}
