import type { WriteFailure } from '../../../src-main/contract/workspace'
import { axisTimes } from '../../format/time'
import { href } from '../../stores/route'
import css from './home.module.css'
import { texts } from './texts'

/** Stays above everything else on Home while the workspace cannot be written: what happened, why, and what to do. */
export function WritesFail({
  failure: { since, why },
  file,
}: {
  readonly failure: WriteFailure
  readonly file: string | null
}) {
  return (
    <section className={css.writesFail} role="alert">
      <h2>{texts.writesFail.title(why)}</h2>
      <p>{texts.writesFail.what(axisTimes([since])[0] ?? '', file)}</p>
      <p>{texts.writesFail.advice}</p>
      <p>
        <a href={href('topics')}>{texts.writesFail.topics}</a>{' '}
        <a href={href('settings')}>{texts.writesFail.settings}</a>
      </p>
    </section>
  )
}
