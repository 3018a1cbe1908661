import { Popover } from '../../parts/Popover'
import css from './compare.module.css'
import { type CompareView, type Verdict, verdicts } from './compared'
import { texts } from './texts'
import type { Side } from './useSides'

interface Props {
  readonly view: CompareView
  readonly a: Side
  readonly b: Side
  /** How many have a verdict. */
  readonly countOf: (verdict: Verdict) => number
  readonly onChange: (part: Partial<CompareView>) => void
}

/** Which rows are listed: by verdict, and the two kinds that may be noise. The button tells what is chosen. */
export function ShownRows({ view: { shown, activity, defaults }, a, b, countOf, onChange }: Props) {
  const toggle = (verdict: Verdict, isShown: boolean) =>
    onChange({ shown: verdicts.filter((one) => (one === verdict ? isShown : shown.includes(one))) })
  return (
    <Popover label={texts.showing(shown)} title={texts.show}>
      <fieldset className={css.shown}>
        {verdicts.map((verdict) => (
          <label key={verdict}>
            <input
              type="checkbox"
              checked={shown.includes(verdict)}
              onChange={({ target }) => toggle(verdict, target.checked)}
            />{' '}
            <span className={css.glyph} data-verdict={verdict} aria-hidden>
              {texts.glyphs[verdict]}
            </span>
            {texts.shown(texts.verdict(verdict, a.inText, b.inText), countOf(verdict))}
          </label>
        ))}
        <hr />
        <label title={texts.activityTitle}>
          <input type="checkbox" checked={activity} onChange={({ target }) => onChange({ activity: target.checked })} />{' '}
          {texts.activity}
        </label>
        <label title={texts.defaultsTitle}>
          <input type="checkbox" checked={defaults} onChange={({ target }) => onChange({ defaults: target.checked })} />{' '}
          {texts.defaults}
        </label>
      </fieldset>
    </Popover>
  )
}
