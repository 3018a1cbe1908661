import css from './parts.module.css'
import { texts } from './texts'

const glyphs: Readonly<Record<string, readonly [string, string]>> = {
  Stable: ['●', 'var(--good)'],
  Empty: ['○', 'var(--quiet)'],
  Dead: ['✕', 'var(--bad)'],
  PreparingRebalance: ['◐', 'var(--waiting)'],
  CompletingRebalance: ['◑', 'var(--waiting)'],
  NotReady: ['◌', 'var(--waiting)'],
  Assigning: ['◔', 'var(--waiting)'],
  Reconciling: ['◑', 'var(--waiting)'],
  Ongoing: ['◐', 'var(--waiting)'],
  CompleteCommit: ['●', 'var(--good)'],
  CompleteAbort: ['✕', 'var(--bad)'],
}

/** A state as a glyph and a word, never as a colour alone. */
export function StateBadge({ state }: { readonly state: string }) {
  const [glyph, color] = glyphs[state] ?? ['○', 'var(--quiet)']
  return (
    <span className={css.badge}>
      <span style={{ color }} aria-hidden>
        {glyph}
      </span>
      {texts.states[state] ?? state}
    </span>
  )
}
