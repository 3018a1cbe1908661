import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { ClientError } from './client/failures'
import type { ClientSettings } from './client/settings'
import type { ApiName } from './protocol/api-types'

/** Bytes of a request that are kept; its length is kept always. */
const keptBytes = 4096
/** Requests with secrets in them: only their length is kept. */
const secret: ReadonlySet<ApiName> = new Set<ApiName>([
  'AlterUserScramCredentials',
  'RenewDelegationToken',
  'ExpireDelegationToken',
])

/**
 * A log of everything that is changed in a cluster, as lines of JSON. A request that cannot be logged is not sent.
 *
 * @param cluster the name of the cluster in the log
 */
export function auditLog(file: string, cluster: string, now: () => number): NonNullable<ClientSettings['audit']> {
  return ({ api, version, broker, bytes }) => {
    const kept = secret.has(api) ? {} : { request: bytes.subarray(0, keptBytes).toString('base64') }
    const at = new Date(now()).toISOString()
    const line = JSON.stringify({ at, cluster, broker, api, version, length: bytes.length, ...kept })
    try {
      mkdirSync(dirname(file), { recursive: true })
      appendFileSync(file, `${line}\n`, { mode: 0o600 })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new ClientError('notPermitted', `${api} was not sent: the audit log cannot be written (${why}).`)
    }
  }
}
