import { Emitter } from '../../base/emitter'
import { parseKey, type TopicPartitionKey } from '../../base/topic-partition'
import type { Client } from '../../broker/clients'
import type { Core } from '../../broker/core'
import type { ClientChange, ClientFacts, ClientSource, PartitionReader } from '../source/clients'

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
    count: async () => new Set([...clients.all()].map(({ clientId }) => clientId ?? '')).size,
    list: async () => [...clients.all()].map(factsOf),
    async readers(topics) {
      const wanted = new Set(topics)
      return [...clients.all()].flatMap((client) => {
        const { clientId, groupIds, connection } = client
        const { remoteAddress } = connection
        return [...client.positions].flatMap(([key, position]): PartitionReader[] => {
          const place = parseKey(key as TopicPartitionKey)
          return wanted.has(place.topic)
            ? [{ ...place, clientId: clientId ?? '', remoteAddress, groupIds, ...position }]
            : []
        })
      })
    },
    writers: async (producerId) =>
      [...clients.all()].filter(({ producerIds }) => producerIds.has(BigInt(producerId))).map(factsOf),
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
