import type { Handlers } from '../../contract/server'
import type { WireSource } from '../source/workspace'

type Subject = Pick<Handlers, 'exchanges' | 'exchange.detail'>

/** The wire page: requests and responses are only looked at while a page watches (`embedded/wire.ts`), and the newest are kept so that one can be opened. */
export function wireHandlers(wire: WireSource): Subject {
  return {
    exchanges: (input, outlet) => wire.watch(input?.after ?? 0, (batch, taken) => outlet.push(batch, taken)),
    'exchange.detail': ({ seq }) => wire.detail(seq),
  }
}
