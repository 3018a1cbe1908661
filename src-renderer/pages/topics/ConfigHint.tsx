import { Problem } from '../../parts/Dialog'
import type { ReadConfig } from './config-values'
import { texts } from './texts'

/** Below the field of a config: what is wrong with the text, or what Kafka gets for it, and what that means. */
export function ConfigHint({ read: { typed, taken, meaning, wrong } }: { readonly read: ReadConfig }) {
  if (wrong !== null) return <Problem text={texts.config.wrong[wrong]} />
  return (
    <>
      {taken !== typed && <p className="quiet">{texts.config.taken(taken)}</p>}
      {meaning !== null && <p className="quiet">{meaning}</p>}
    </>
  )
}
