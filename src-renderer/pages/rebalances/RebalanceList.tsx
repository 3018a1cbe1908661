import { useState } from 'react'
import { span, timeOfDay } from '../../format/time'
import { Field } from '../../parts/Field'
import type { Rebalance } from './model'
import css from './rebalances.module.css'

interface Props {
  readonly rebalances: readonly Rebalance[]
  readonly selected: number | null
  readonly onSelect: (rebalance: Rebalance) => void
}

/** All rebalances that are remembered, the newest first. */
export function RebalanceList({ rebalances, selected, onSelect }: Props) {
  const [find, setFind] = useState('')
  const shown = [...rebalances].reverse().filter(({ cause }) => cause.toLowerCase().includes(find.toLowerCase()))
  return (
    <div style={{ display: 'flex', flexDirection: 'column', minHeight: 0 }}>
      <div style={{ padding: '8px 16px 0' }}>
        <Field
          type="search"
          placeholder="Cause"
          aria-label="Find by cause"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
      </div>
      <ul className={css.list}>
        {shown.map((rebalance) => (
          <li key={rebalance.seq}>
            <button type="button" aria-pressed={rebalance.seq === selected} onClick={() => onSelect(rebalance)}>
              <span className="data">{timeOfDay(rebalance.fromAt)}</span>
              <span className="data quiet">{rebalance.epoch}</span>
              <span>{rebalance.cause}</span>
              <span className="number">
                {rebalance.toAt === null ? 'running' : span(rebalance.toAt - rebalance.fromAt)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
