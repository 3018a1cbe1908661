import type { GroupType } from '../../../src-main/contract/groups'
import css from './rebalances.module.css'
import { texts } from './texts'
import { phaseWord, shortPhaseWord } from './words'

const phases = ['stable', 'joining', 'waiting', 'syncing', 'silent'] as const

/** Meaning of the lanes' hatches. */
export function Legend({ type }: { readonly type: GroupType }) {
  return (
    <ul className={css.legend} aria-label={texts.legend}>
      {phases.map((phase) => (
        <li key={phase} title={phaseWord(phase, type)}>
          <i data-phase={phase} className={css.key} />
          {shortPhaseWord(phase, type)}
        </li>
      ))}
      <li>
        <b className={css.cross} aria-hidden>
          ✕
        </b>
        {texts.timeline.gone}
      </li>
    </ul>
  )
}
