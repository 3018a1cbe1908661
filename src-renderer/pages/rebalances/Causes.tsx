import { integer } from '../../format/numbers'
import { Field } from '../../parts/Field'
import { type CauseFilter, causeKinds, causeLabels } from './causes'
import type { RebalanceLine } from './lines'
import css from './rebalances.module.css'
import { texts } from './texts'

/** Filters rebalances by cause: chips with counts, and text. */
export function Causes({
  lines,
  filter,
  onChange,
}: {
  readonly lines: readonly RebalanceLine[]
  readonly filter: CauseFilter
  readonly onChange: (filter: CauseFilter) => void
}) {
  const counts = new Map<string, number>()
  for (const { kind } of lines) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return (
    <div className={css.causes}>
      <Field
        type="search"
        placeholder={texts.filter.placeholder}
        aria-label={texts.filter.find}
        value={filter.find}
        onChange={(event) => onChange({ ...filter, find: event.target.value })}
      />
      <fieldset className={css.chips} aria-label={texts.filter.kinds}>
        {causeKinds
          .filter((kind) => counts.has(kind) || filter.kinds.has(kind))
          .map((kind) => (
            <button
              key={kind}
              type="button"
              className={css.chip}
              aria-pressed={filter.kinds.has(kind)}
              onClick={() => {
                const kinds = new Set(filter.kinds)
                if (!kinds.delete(kind)) kinds.add(kind)
                onChange({ ...filter, kinds })
              }}
            >
              {causeLabels[kind]} <b>{integer(counts.get(kind) ?? 0)}</b>
            </button>
          ))}
      </fieldset>
    </div>
  )
}
