import type { CopyLine } from '../../../src-main/contract/copies'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { attempt } from '../../stores/notices'
import css from './copies.module.css'
import { texts } from './texts'

/** Copies that run or are over, with their progress. */
export function Copies({ copies }: { readonly copies: readonly CopyLine[] }) {
  if (copies.length === 0) return null
  return (
    <section className={css.copies} aria-label={texts.running}>
      {copies.map((copy) => (
        <Copy key={copy.id} copy={copy} />
      ))}
    </section>
  )
}

function Copy({ copy }: { readonly copy: CopyLine }) {
  const { id, state, offsets, offsetsDone, messages, bytes, to, problem, warnings, filtered, unmasked, groups } = copy
  const share = state === 'done' || offsets === 0 ? (state === 'done' ? 1 : 0) : offsetsDone / offsets
  const facts = [
    texts.copied(messages, bytes, to),
    ...(filtered > 0 ? [texts.filtered(filtered)] : []),
    ...(unmasked > 0 ? [texts.unmasked(unmasked)] : []),
  ]
  return (
    <div className={css.copy}>
      <progress value={share} max={1} aria-label={texts.copied(messages, bytes, to)} />
      <span role="status">
        {texts.state[state]} {state !== 'done' && texts.progress(offsetsDone, offsets)}
      </span>
      <span className="quiet">{facts.join(' · ')}</span>
      {state === 'running' && (
        <Button onClick={() => void attempt(() => ask('copy.stop', { id }))}>{texts.stop}</Button>
      )}
      {(state === 'stopped' || state === 'failed') && (
        <Button onClick={() => void attempt(() => ask('copy.resume', { id }))}>{texts.resume}</Button>
      )}
      {state !== 'running' && (
        <Button look="plain" onClick={() => void attempt(() => ask('copy.forget', { id }))}>
          {texts.forget}
        </Button>
      )}
      {problem !== null && <Problem text={problem} />}
      {groups.length > 0 && <p className="quiet">{texts.groupsCopied(groups)}</p>}
      {warnings.map((warning) => (
        <p key={warning} className="quiet">
          {warning}
        </p>
      ))}
    </div>
  )
}
