import type { CopyPreview } from '../../../src-main/contract/copies'
import css from './copies.module.css'
import { texts } from './texts'

/** What a copy would write. */
export function Planned({ plan }: { readonly plan: CopyPreview }) {
  return (
    <section className={css.planned} aria-label={texts.previewed.label}>
      <table>
        <thead>
          <tr>
            {texts.previewed.columns.map((title) => (
              <th key={title}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {plan.topics.map(({ topic, target, partitions, isThere, offsets, bytes }) => (
            <tr key={topic}>
              <td>{topic}</td>
              <td>
                {target}
                {isThere && <span className="quiet"> {texts.previewed.there}</span>}
              </td>
              <td>{partitions}</td>
              <td>{texts.previewed.messages(offsets)}</td>
              <td>{texts.previewed.size(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {plan.schemas > 0 && <p className="quiet">{texts.previewed.schemas(plan.schemas)}</p>}
      {plan.warnings.map((warning) => (
        <p key={warning} className="quiet">
          {warning}
        </p>
      ))}
    </section>
  )
}
