/** What the server spends at most, under the names and defaults of Apache Kafka's broker configs where it has one. */
export interface ServerLimits {
  /** `socket.request.max.bytes`: a longer frame closes its connection before any of it is held. */
  readonly requestMaxBytes: number
  /** `queued.max.request.bytes`: unread and unserved request bytes of all connections together. */
  readonly queuedRequestBytes: number
  /** `max.connections`: connections at once; a further one is closed at once. */
  readonly maxConnections: number
  /** `max.connections.per.ip` */
  readonly maxConnectionsPerIp: number
  /** `connections.max.idle.ms`: a connection that neither asks nor waits for an answer is closed; -1 keeps it. */
  readonly maxIdleMs: number
  /** Connections above `connection_creation_rate` that are kept waiting at once; a further one is closed at once. */
  readonly maxDelayed: number
}

export const defaultLimits: ServerLimits = {
  requestMaxBytes: 104_857_600,
  queuedRequestBytes: 67_108_864,
  maxConnections: 2_147_483_647,
  maxConnectionsPerIp: 2_147_483_647,
  maxIdleMs: 600_000,
  maxDelayed: 1000,
}
