import { randomBytes } from 'node:crypto'
import { Emitter } from '../../base/emitter'
import { usesSasl } from '../../base/security-protocol'
import { UserError } from '../../base/user-error'
import type { Core } from '../../broker/core'
import type { QuotaEntity as KafkaQuotaEntity, QuotaKey } from '../../broker/quotas/quotas'
import { scramHashes } from '../../broker/security/users'
import type { QuotaEntity, QuotaLine, UserLine } from '../../contract/security'
import { cidrProblem } from '../../security/cidr'
import { credentialOf, fewestIterations, type ScramHash, saltPassword } from '../../security/scram'
import type { SecuritySource } from '../source/security'
import { aclLines, aclOf } from './authorizer'
import { listenerLines } from './listeners'
import type { StartFacts } from './start'
import { stored } from './stored'

/** ACLs, users, quotas and tokens of the broker in this process. */
export function embeddedSecurity(core: Core, start: StartFacts, onError: (error: unknown) => void): SecuritySource {
  const { authorizer, users, quotas, tokens } = core
  const changes = new Emitter<void>(onError)
  core.configs.changed(() => changes.emit())
  return {
    changed: changes.listen,
    acls: async () => aclLines(core),
    setAcl: async (acl, remove) => {
      const problem = remove ? undefined : cidrProblem(acl.host)
      if (problem !== undefined) throw new UserError(`${problem}.`)
      await stored(core, () => (remove ? authorizer.remove(aclOf(acl)) : authorizer.add(aclOf(acl))))
    },
    users: async () => userLines(core, start),
    setUser: ({ user, mechanism, password }) =>
      stored(core, () => {
        const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
        if (password === null) {
          users.set(user, hash, null)
          return
        }
        const salt = randomBytes(16)
        const salted = saltPassword(hash, password, salt, fewestIterations)
        users.set(user, hash, credentialOf(hash, salt, fewestIterations, salted))
      }),
    quotas: async () => quotas.all().map(quotaLine),
    setQuota: (entity, limits) =>
      stored(core, () => quotas.alter(kafkaEntity(entity), limits as ReadonlyMap<QuotaKey, number | null>)),
    tokens: async () => ({ enabled: tokens.isEnabled, tokens: tokens.all() }),
    expireToken: (tokenId) =>
      stored(core, () => {
        const token = tokens.find(tokenId)
        if (!token) throw new Error('This token has expired already.')
        tokens.remove(token)
      }),
  }
}

/** Users of SCRAM, which the workspace keeps, and those of PLAIN, which the configuration holds. */
function userLines(core: Core, start: StartFacts): UserLine[] {
  const { users, authentication } = core
  const plain = new Map<string, string[]>()
  for (const { name: listener, securityProtocol } of listenerLines(core, start)) {
    if (!usesSasl(securityProtocol) || !authentication.mechanisms(listener).includes('PLAIN')) continue
    for (const user of authentication.plainUsers(listener).keys()) {
      plain.set(user, [...(plain.get(user) ?? []), listener])
    }
  }
  return [...new Set([...users.names(), ...plain.keys()])].sort().map((name) => ({
    name,
    mechanisms: Object.values(scramHashes).flatMap((hash) => (users.find(name, hash) ? [mechanismOf(hash)] : [])),
    plain: plain.get(name) ?? [],
  }))
}

function mechanismOf(hash: ScramHash): string {
  return `SCRAM-SHA-${hash.slice(3)}`
}

function quotaLine({
  entity: { 'client-id': clientId, ...others },
  values,
}: ReturnType<Core['quotas']['all']>[number]): QuotaLine {
  return { entity: { ...others, ...(clientId === undefined ? {} : { clientId }) }, values }
}

/** The entity by Kafka's names of its parts. */
function kafkaEntity({ clientId, ...others }: QuotaEntity): KafkaQuotaEntity {
  return { ...others, ...(clientId === undefined ? {} : { 'client-id': clientId }) }
}
