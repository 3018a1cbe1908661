import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import type { ClientSource } from '../source/clients'
import type { ClientRecords } from './clients'

type Subject = Pick<Handlers, 'clients' | 'client.metrics'>

/**
 * How a question about clients travels: the source lists the connections with what each has asked and moved so far; `ClientRecords` takes
 * a sample of that at each beat, so that it can tell rates, and remembers those that left for ten minutes. Metrics that a client pushed
 * (KIP-714) are OpenTelemetry's Protobuf, read in `client-metrics.ts`.
 */
export function clientHandlers({ live }: Parts, clients: ClientSource, records: ClientRecords): Subject {
  return {
    clients: (_, outlet) => live(outlet, () => records.lines(), [records.changed]),
    async 'client.metrics'({ connectionId }) {
      // It loads a reader of Protobuf: few clients push metrics.
      const { clientMetrics } = await import('./client-metrics')
      return await clientMetrics(clients, connectionId)
    },
  }
}
