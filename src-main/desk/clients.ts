import type { Core } from '../broker/core'
import type { ClientLine } from '../contract/workspace'

export function clientLines(core: Core): ClientLine[] {
  return [...core.clients.all()].map((client) => {
    const { connection } = client
    const host = connection.remoteAddress.includes(':') ? `[${connection.remoteAddress}]` : connection.remoteAddress
    const used = [...client.topics]
    return {
      connectionId: connection.id,
      clientId: client.clientId ?? '',
      software: `${client.softwareName} ${client.softwareVersion}`.trim(),
      address: `${host}:${connection.remotePort}`,
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
      lastError: client.lastError,
    }
  })
}
