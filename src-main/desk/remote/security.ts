import { Emitter } from '../../base/emitter'
import { type AclBinding, createAcl, deleteAcl, describeAcls } from '../../client/admin/acls'
import {
  alterQuota,
  type ClientQuota,
  describeQuotas,
  type QuotaEntity as KafkaQuotaEntity,
} from '../../client/admin/quotas'
import { describeTokens, expireToken } from '../../client/admin/tokens'
import { alterScramUser, describeScramUsers } from '../../client/admin/users'
import type { KafkaClient } from '../../client/client'
import type { AclLine, QuotaEntity, QuotaLine } from '../../contract/security'
import type { SecuritySource } from '../source/security'
import { Fresh } from './fresh'

const maxAgeMs = 10_000

/** ACLs, users, quotas and tokens of a cluster elsewhere. Each is asked for by itself: a cluster may have some and not the others. */
export function remoteSecurity(client: KafkaClient, onError: (error: unknown) => void): SecuritySource {
  const changes = new Emitter<void>(onError)
  const fresh = <T>(ask: () => Promise<T>) => new Fresh(client.clock, maxAgeMs, ask)
  const acls = fresh(async () => (await describeAcls(client)).map(lineOf))
  const users = fresh(async () => (await describeScramUsers(client)).map((user) => ({ ...user, plain: [] })))
  const quotas = fresh(async () => (await describeQuotas(client)).map(quotaLine))
  const tokens = fresh(() => describeTokens(client))
  const changing = async (what: Pick<Fresh<unknown>, 'forget'>, change: Promise<void>) => {
    await change
    what.forget()
    changes.emit()
  }
  return {
    changed: changes.listen,
    acls: () => acls.get(),
    setAcl: (acl, remove) => changing(acls, remove ? deleteAcl(client, aclOf(acl)) : createAcl(client, aclOf(acl))),
    users: () => users.get(),
    setUser: ({ user, mechanism, password }) =>
      changing(users, alterScramUser(client, { name: user, mechanism, password })),
    quotas: () => quotas.get(),
    setQuota: (entity, limits) => changing(quotas, alterQuota(client, kafkaEntity(entity), limits)),
    async tokens() {
      const known = await tokens.get()
      // The secret of a token stays here.
      return { enabled: known !== undefined, tokens: (known ?? []).map(({ hmac, ...line }) => line) }
    },
    async expireToken(tokenId) {
      const token = (await tokens.get())?.find((one) => one.tokenId === tokenId)
      if (!token) throw new Error('This token has expired already.')
      await changing(tokens, expireToken(client, token))
    },
  }
}

function lineOf({ patternType, permission, ...acl }: AclBinding): AclLine {
  return { ...acl, prefixed: patternType === 'PREFIXED', allow: permission === 'ALLOW' }
}

function aclOf({ prefixed, allow, host, ...acl }: AclLine): AclBinding {
  return {
    ...acl,
    host: host || '*',
    patternType: prefixed ? 'PREFIXED' : 'LITERAL',
    permission: allow ? 'ALLOW' : 'DENY',
  }
}

function quotaLine({ entity: { 'client-id': clientId, ...others }, values }: ClientQuota): QuotaLine {
  return { entity: { ...others, ...(clientId === undefined ? {} : { clientId }) }, values }
}

/** The entity by Kafka's names of its parts. */
function kafkaEntity({ clientId, ...others }: QuotaEntity): KafkaQuotaEntity {
  return { ...others, ...(clientId === undefined ? {} : { 'client-id': clientId }) }
}
