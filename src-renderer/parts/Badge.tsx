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
  return (
    <span className={css.badge}>
      <StateGlyph state={state} isHidden />
      {texts.states[state] ?? state}
    </span>
  )
}

/** A state as a glyph, which differs by its form too, where there is no room for the word. Screen readers read the word. */
export function StateGlyph({ state, isHidden = false }: { readonly state: string; readonly isHidden?: boolean }) {
  const [glyph, color] = glyphs[state] ?? ['○', 'var(--quiet)']
  const said = isHidden ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': texts.states[state] ?? state }
  return (
    <span style={{ color }} {...said}>
      {glyph}
    </span>
  )
}
