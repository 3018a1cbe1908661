import { errorName } from '../../protocol/errors'
import type { KafkaClient } from '../client'
import { check } from '../failures'

export interface DelegationToken {
  readonly tokenId: string
  /** `User:alice` */
  readonly owner: string
  readonly requester: string
  readonly renewers: readonly string[]
  readonly issuedAt: number
  readonly expiresAt: number
  /** It cannot be renewed beyond this. */
  readonly maxAt: number
  /** The secret by which a token is renewed and ended. */
  readonly hmac: Uint8Array
}

/** Tokens that the authenticated user may see (KIP-48); undefined where the cluster has none. @throws KafkaError */
export async function describeTokens(client: KafkaClient): Promise<DelegationToken[] | undefined> {
  return await client.retry(async () => {
    const answer = await client.ask({ to: 'any' }, 'DescribeDelegationToken', { owners: null })
    if (errorName(answer.errorCode) === 'DELEGATION_TOKEN_AUTH_DISABLED') return undefined
    check(answer.errorCode, 'The delegation tokens cannot be read')
    return answer.tokens.map((token) => {
      const owner = principal(token)
      // Before version 3 the owner has asked for it (KIP-373).
      const requester = token.tokenRequesterPrincipalName
        ? `${token.tokenRequesterPrincipalType}:${token.tokenRequesterPrincipalName}`
        : owner
      return {
        tokenId: token.tokenId,
        owner,
        requester,
        renewers: token.renewers.map(principal),
        issuedAt: Number(token.issueTimestamp),
        expiresAt: Number(token.expiryTimestamp),
        maxAt: Number(token.maxTimestamp),
        hmac: token.hmac,
      }
    })
  })
}

function principal(of: { readonly principalType: string; readonly principalName: string }): string {
  return `${of.principalType}:${of.principalName}`
}

/** Ends a token at once. @throws KafkaError */
export async function expireToken(client: KafkaClient, { hmac }: Pick<DelegationToken, 'hmac'>): Promise<void> {
  await client.retry(async () => {
    // A negative period means now.
    const answer = await client.ask({ to: 'controller' }, 'ExpireDelegationToken', { hmac, expiryTimePeriodMs: -1n })
    check(answer.errorCode, 'The token cannot be expired')
  })
}
