import { createHash } from 'node:crypto'
import type { Uuid } from '../base/uuid'
import type { Connection } from './serve'

/** Where clients should connect to. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** The one node of our cluster: broker and controller in one. */
export interface Cluster {
  readonly clusterId: Uuid
  readonly nodeId: number
  /** What `--advertise` says for a listener, if anything. */
  readonly advertised: ReadonlyMap<string, Endpoint>
}

/** The id of the one log directory, the workspace: the same for as long as that lives. */
export function directoryIdOf({ clusterId }: Cluster): Uuid {
  return createHash('sha256').update(clusterId).digest().subarray(0, 16).toString('base64url')
}

/**
 * The address that Metadata gives to a client: the one that it dialled, so that `localhost`, a container's name or a forwarded
 * port work without configuration, unless the listener advertises another.
 */
export function endpointFor(cluster: Cluster, connection: Connection): Endpoint {
  return (
    cluster.advertised.get(connection.listener) ?? {
      host: connection.localAddress.replace(/^::ffff:(?=\d+\.)/i, ''),
      port: connection.localPort,
    }
  )
}
