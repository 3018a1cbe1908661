import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, type Call, handler } from '../handler'
import type { DelegationToken } from '../security/tokens'

const firstVersionWithOwner = 3

/** KafkaApis.allowTokenRequests: only who is known may ask, and not by showing a token. */
function mayAsk({ client }: Call): boolean {
  return client.principal !== 'User:ANONYMOUS' && !client.isByToken
}

function principal(written: string): { principalType: string; principalName: string } {
  const at = written.indexOf(':')
  return { principalType: written.slice(0, at), principalName: written.slice(at + 1) }
}

const nothing = {
  principalType: '',
  principalName: '',
  issueTimestampMs: -1n,
  expiryTimestampMs: -1n,
  maxTimestampMs: -1n,
  tokenId: '',
  hmac: new Uint8Array(),
}

/** CreateDelegationToken 0-3 (KIP-48, KIP-373; DelegationTokenControlManager). */
export const createDelegationToken = handler({
  api: 'CreateDelegationToken',
  versions: [0, 3],
  handle(request, call): Answer<'CreateDelegationToken'> {
    const { core, client, version } = call
    const { ownerPrincipalType: type, ownerPrincipalName: name } = request
    const requester = client.principal
    const owner = version >= firstVersionWithOwner && type && name ? `${type}:${name}` : requester
    const told = (token: DelegationToken | null, error: ErrorName): Answer<'CreateDelegationToken'> => {
      if (error !== 'NONE') call.failed(error, `a delegation token for ${owner}`)
      const asked = principal(requester)
      return {
        ...nothing,
        ...principal(owner),
        errorCode: errorCode(error),
        ...(version >= firstVersionWithOwner
          ? { tokenRequesterPrincipalType: asked.principalType, tokenRequesterPrincipalName: asked.principalName }
          : {}),
        ...(token
          ? {
              issueTimestampMs: BigInt(token.issuedAt),
              expiryTimestampMs: BigInt(token.expiresAt),
              maxTimestampMs: BigInt(token.maxAt),
              tokenId: token.tokenId,
              hmac: core.tokens.hmacOf(token.tokenId),
            }
          : {}),
      }
    }
    if (!mayAsk(call)) return told(null, 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED')
    if (owner !== requester && !core.authorizer.allows(client, 'CREATE_TOKENS', 'USER', owner)) {
      return told(null, 'DELEGATION_TOKEN_AUTHORIZATION_FAILED')
    }
    // KafkaApis looks at the renewers, the controller at the rest.
    if (request.renewers.some(({ principalType }) => principalType !== 'User')) {
      return told(null, 'INVALID_PRINCIPAL_TYPE')
    }
    if (!core.tokens.isEnabled) return told(null, 'DELEGATION_TOKEN_AUTH_DISABLED')
    const renewers = request.renewers.map(({ principalName }) => `User:${principalName}`)
    return told(core.tokens.create(owner, requester, renewers, Number(request.maxLifetimeMs)), 'NONE')
  },
  storageFailed: () => ({ ...nothing, errorCode: errorCode('KAFKA_STORAGE_ERROR') }),
})

/** The token with this HMAC, or why there is none for this client. */
function tokenOf(call: Call, hmac: Uint8Array): DelegationToken | ErrorName {
  const { core } = call
  if (!mayAsk(call)) return 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED'
  if (!core.tokens.isEnabled) return 'DELEGATION_TOKEN_AUTH_DISABLED'
  return core.tokens.byHmac(hmac) ?? 'DELEGATION_TOKEN_NOT_FOUND'
}

function mayChange({ client }: Call, { owner, renewers }: DelegationToken): boolean {
  return owner === client.principal || renewers.includes(client.principal)
}

function hasEnded({ at }: Call, { expiresAt, maxAt }: DelegationToken): boolean {
  return expiresAt < at || maxAt < at
}

/** RenewDelegationToken 0-2. A token that has ended is told before the one of somebody else (DelegationTokenControlManager). */
export const renewDelegationToken = handler({
  api: 'RenewDelegationToken',
  versions: [0, 2],
  handle({ hmac, renewPeriodMs }, call): Answer<'RenewDelegationToken'> {
    const token = tokenOf(call, hmac)
    const refused = (error: ErrorName) => ({ errorCode: errorCode(error), expiryTimestampMs: -1n })
    if (typeof token === 'string') return refused(token)
    if (hasEnded(call, token)) return refused('DELEGATION_TOKEN_EXPIRED')
    if (!mayChange(call, token)) return refused('DELEGATION_TOKEN_OWNER_MISMATCH')
    return { errorCode: 0, expiryTimestampMs: BigInt(call.core.tokens.renew(token, Number(renewPeriodMs))) }
  },
  storageFailed: () => ({ errorCode: errorCode('KAFKA_STORAGE_ERROR'), expiryTimestampMs: -1n }),
})

/** ExpireDelegationToken 0-2: a negative period ends it at once. */
export const expireDelegationToken = handler({
  api: 'ExpireDelegationToken',
  versions: [0, 2],
  handle({ hmac, expiryTimePeriodMs }, call): Answer<'ExpireDelegationToken'> {
    const token = tokenOf(call, hmac)
    const refused = (error: ErrorName) => ({ errorCode: errorCode(error), expiryTimestampMs: -1n })
    if (typeof token === 'string') return refused(token)
    if (!mayChange(call, token)) return refused('DELEGATION_TOKEN_OWNER_MISMATCH')
    if (expiryTimePeriodMs < 0n) {
      call.core.tokens.remove(token)
      return { errorCode: 0, expiryTimestampMs: BigInt(call.at) }
    }
    if (hasEnded(call, token)) return refused('DELEGATION_TOKEN_EXPIRED')
    return { errorCode: 0, expiryTimestampMs: BigInt(call.core.tokens.renew(token, Number(expiryTimePeriodMs))) }
  },
  storageFailed: () => ({ errorCode: errorCode('KAFKA_STORAGE_ERROR'), expiryTimestampMs: -1n }),
})

/** DescribeDelegationToken 0-3: one's own tokens, and those that one may describe. */
export const describeDelegationToken = handler({
  api: 'DescribeDelegationToken',
  versions: [0, 3],
  handle({ owners }, call): Answer<'DescribeDelegationToken'> {
    const { core, client, version } = call
    if (!mayAsk(call)) return { errorCode: errorCode('DELEGATION_TOKEN_REQUEST_NOT_ALLOWED'), tokens: [] }
    if (!core.tokens.isEnabled) return { errorCode: errorCode('DELEGATION_TOKEN_AUTH_DISABLED'), tokens: [] }
    const wanted = owners?.map(({ principalType, principalName }) => `${principalType}:${principalName}`)
    const tokens = core.tokens.all().filter(({ tokenId, owner, requester, renewers }) => {
      // TokenInformation.ownerOrRenewer, for those who are asked about too.
      const parties = [owner, requester, ...renewers]
      if (wanted && !wanted.some((principal) => parties.includes(principal))) return false
      return (
        parties.includes(client.principal) ||
        core.authorizer.wouldAllow(client, 'DESCRIBE', 'DELEGATION_TOKEN', tokenId) ||
        core.authorizer.wouldAllow(client, 'DESCRIBE_TOKENS', 'USER', owner)
      )
    })
    return {
      errorCode: 0,
      tokens: tokens.map((token) => {
        const asked = principal(token.requester)
        return {
          ...principal(token.owner),
          ...(version >= firstVersionWithOwner
            ? { tokenRequesterPrincipalType: asked.principalType, tokenRequesterPrincipalName: asked.principalName }
            : {}),
          issueTimestamp: BigInt(token.issuedAt),
          expiryTimestamp: BigInt(token.expiresAt),
          maxTimestamp: BigInt(token.maxAt),
          tokenId: token.tokenId,
          hmac: core.tokens.hmacOf(token.tokenId),
          renewers: token.renewers.map(principal),
        }
      }),
    }
  },
})
