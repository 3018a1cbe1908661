import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import type { Alerts } from './alerts'

type Subject = Pick<Handlers, 'alerts' | 'alert.set' | 'alert.remove' | 'alert.test'>

/** Alerts: `alerts.ts` looks at the rules once a second, `webhook.ts` calls whom they name. */
export function alertHandlers({ live }: Parts, alerts: Alerts): Subject {
  return {
    alerts: (_, outlet) => live(outlet, () => alerts.lines(), [alerts.changed]),
    'alert.set': ({ id, ...rule }) => alerts.set(id, rule),
    'alert.remove': ({ id }) => alerts.remove(id),
    'alert.test': ({ webhook }) => alerts.test(webhook),
  }
}
