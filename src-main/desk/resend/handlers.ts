import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import type { Resends } from './resends'

type Subject = Pick<
  Handlers,
  'resends' | 'resend.plan' | 'resend.start' | 'resend.stop' | 'resend.resume' | 'resend.forget'
>

/**
 * Resends: messages that are marked or found are written again, to one topic or to the topic that a header names. `selection.ts` says
 * what is read, `routes.ts` where it goes, `run.ts` sends it at a `pace.ts`, `resends.ts` keeps the list.
 */
export function resendHandlers({ live }: Parts, resends: Resends): Subject {
  return {
    resends: (_, outlet) => live(outlet, () => resends.list(), [resends.changed]),
    'resend.plan': (input, outlet) => resends.plan(input, outlet),
    'resend.start': (input) => resends.start(input),
    'resend.stop': ({ id }) => resends.stop(id),
    'resend.resume': ({ id }) => resends.resume(id),
    'resend.forget': ({ id }) => resends.forget(id),
  }
}
