import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import type { CopySource } from '../source/copies'

type Subject = Pick<Handlers, 'copies' | 'copy.preview' | 'copy.start' | 'copy.stop' | 'copy.resume' | 'copy.forget'>

/**
 * How a copy travels: a page asks what a slice would be (`copy.preview`), starts it, and watches `copies`. It runs on when the page is
 * closed, until it is done or stopped; what was copied stays, and a stopped copy goes on where it stopped.
 */
export function copyHandlers({ live }: Parts, copies: CopySource): Subject {
  return {
    copies: (_, outlet) => live(outlet, () => copies.view(), [copies.changed]),
    'copy.preview': (order) => copies.preview(order),
    'copy.start': async (order) => ({ id: copies.start(order) }),
    'copy.stop': async ({ id }) => copies.stop(id),
    'copy.resume': async ({ id }) => copies.resume(id),
    'copy.forget': async ({ id }) => copies.forget(id),
  }
}
