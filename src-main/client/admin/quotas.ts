import type { KafkaClient } from '../client'
import { check } from '../failures'

/** What a quota is for, by kind (`user`, `client-id`, `ip`); `null` means all that have none of their own. */
export type QuotaEntity = Readonly<Record<string, string | null>>

export interface ClientQuota {
  readonly entity: QuotaEntity
  readonly values: Readonly<Record<string, number>>
}

/** All quotas (KIP-546). @throws KafkaError */
export async function describeQuotas(client: KafkaClient): Promise<ClientQuota[]> {
  return await client.retry(async () => {
    const answer = await client.ask({ to: 'any' }, 'DescribeClientQuotas', { components: [], strict: false })
    check(answer.errorCode, 'The quotas cannot be read', answer.errorMessage)
    return (answer.entries ?? []).map(({ entity, values }) => ({
      entity: Object.fromEntries(entity.map(({ entityType, entityName }) => [entityType, entityName])),
      values: Object.fromEntries(values.map(({ key, value }) => [key, value])),
    }))
  })
}

/** Sets limits of one entity; `null` removes one. @throws KafkaError */
export async function alterQuota(
  client: KafkaClient,
  entity: QuotaEntity,
  limits: ReadonlyMap<string, number | null>,
): Promise<void> {
  await client.retry(async () => {
    const { entries } = await client.ask({ to: 'controller' }, 'AlterClientQuotas', {
      entries: [
        {
          entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
          ops: [...limits].map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
        },
      ],
      validateOnly: false,
    })
    for (const { errorCode, errorMessage } of entries) check(errorCode, 'The quota cannot be changed', errorMessage)
  })
}
