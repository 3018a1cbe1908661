import { Emitter } from '../../base/emitter'
import type { Client } from '../../broker/clients'
import type { Core } from '../../broker/core'
import type { ClientChange, ClientFacts, ClientSource } from '../source/clients'

/**
 * Connections of the broker in this process.
 *
 * @param isOfDemo true for a connection of the demo's clients
 */
export function embeddedClients(
  { clients }: Core,
  isOfDemo: (connectionId: number) => boolean,
  onError: (error: unknown) => void,
): ClientSource {
  const factsOf = (client: Client) => ({ ...ownFacts(client), isOfDemo: isOfDemo(client.connection.id) })
  const changes = new Emitter<ClientChange>(onError)
  clients.changed(({ kind, client }) => changes.emit({ kind, client: factsOf(client) }))
  return {
    changed: changes.listen,
    count: async () => clients.count,
    list: async () => [...clients.all()].map(factsOf),
    async positions(clientIds) {
      const wanted = new Set(clientIds)
      const found = new Map<string, Map<string, number>>()
      for (const { clientId, positions } of clients.all()) {
        if (clientId === null || !wanted.has(clientId)) continue
        const known = found.get(clientId) ?? new Map<string, number>()
        found.set(clientId, known)
        for (const [key, offset] of positions) known.set(key, Math.max(known.get(key) ?? -1, offset))
      }
      return found
    },
    telemetry: async (connectionId) => clients.find(connectionId)?.telemetry ?? null,
  }
}

function ownFacts(client: Client): Omit<ClientFacts, 'isOfDemo'> {
  const { connection } = client
  const used = [...client.topics]
  return {
    connectionId: connection.id,
    clientId: client.clientId ?? '',
    softwareName: client.softwareName,
    softwareVersion: client.softwareVersion,
    remoteAddress: connection.remoteAddress,
    remotePort: connection.remotePort,
    listener: connection.listener,
    principal: client.principal,
    connectedAt: connection.connectedAt,
    requests: client.requests,
    bytesIn: client.bytesIn,
    bytesOut: client.bytesOut,
    lastRequestAt: client.lastRequestAt,
    apis: [...client.apis.values()].map(({ name, version, requests }) => ({ name, version, requests })),
    writes: used.flatMap(([topic, { produced }]) => (produced.records > 0 ? [topic] : [])),
    reads: used.flatMap(([topic, { fetched }]) => (fetched.bytes > 0 ? [topic] : [])),
    metricsAt: client.telemetry?.at ?? null,
    lastError: client.lastError,
    throttle: client.throttle,
  }
}
