import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { type Answer, type Call, handler } from '../handler'
import { storageFailure } from '../kafka-failure'
import { addressOf } from '../quotas/hosts'
import { type EntityType, entityTypes, type Quota, type QuotaEntity, type QuotaKey, quotaKeys } from '../quotas/quotas'

const [matchExact, matchDefault, matchAny] = [0, 1, 2]

function isEntityType(type: string): type is EntityType {
  return entityTypes.some((known) => known === type)
}

/** DescribeClientQuotas 0-1 (KIP-546; ClientQuotasImage.describe). */
export const describeClientQuotas = handler({
  api: 'DescribeClientQuotas',
  versions: [0, 1],
  handle({ components, strict }, { core, client }): Answer<'DescribeClientQuotas'> {
    const refused = (error: ErrorName, errorMessage: string | null) => ({
      errorCode: errorCode(error),
      errorMessage,
      entries: null,
    })
    if (!allowsOnCluster({ core, client }, 'DESCRIBE_CONFIGS')) {
      return refused('CLUSTER_AUTHORIZATION_FAILED', null)
    }
    for (const { entityType, matchType } of components) {
      if (entityType === '') return refused('INVALID_REQUEST', 'Invalid empty entity type.')
      if (!isEntityType(entityType)) {
        return refused('UNSUPPORTED_VERSION', `Unsupported entity type ${entityType}`)
      }
      if (![matchExact, matchDefault, matchAny].includes(matchType)) {
        return refused('INVALID_REQUEST', `Unknown match type: ${matchType}`)
      }
    }
    const types = components.map(({ entityType }) => entityType)
    if (new Set(types).size < types.length) return refused('INVALID_REQUEST', 'Entity type used more than once.')
    if (types.includes('ip') && types.length > 1) {
      return refused(
        'INVALID_REQUEST',
        'Invalid entity filter component combination, IP filter component should not be used with user or clientId filter component.',
      )
    }
    const isWanted = ({ entity }: Quota) =>
      (!strict || Object.keys(entity).length === components.length) &&
      components.every(({ entityType, matchType, match }) => {
        const type = entityType as EntityType
        if (!(type in entity)) return false
        if (matchType === matchExact) return entity[type] === match
        return matchType === matchAny || entity[type] === null
      })
    return {
      errorCode: 0,
      errorMessage: '',
      entries: core.quotas
        .all()
        .filter(isWanted)
        .map(({ entity, values }) => ({
          entity: inKafkasOrder(Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName }))),
          values: Object.entries(values).map(([key, value]) => ({ key, value })),
        })),
    }
  },
})

/** AlterClientQuotas 0-1 (ClientQuotaControlManager): each entity by itself. Hosts are looked up, as Kafka's controller does it. */
export const alterClientQuotas = handler({
  api: 'AlterClientQuotas',
  versions: [0, 1],
  handle(request, call): Answer<'AlterClientQuotas'> | Promise<Answer<'AlterClientQuotas'>> {
    const hosts = new Set(request.entries.flatMap(({ entity }) => hostsOf(entity)))
    if (hosts.size === 0 || !allowsOnCluster(call, 'ALTER_CONFIGS')) return alter(request, call, new Map())
    return (async () => {
      const addresses: Addresses = new Map()
      // One after the other: the threads of the process are not all kept waiting by a slow resolver.
      for (const host of hosts) addresses.set(host, await addressOf(host))
      const answer = alter(request, call, addresses)
      await call.core.commits.settled
      return answer
    })()
  },
  storageFailed: ({ entries }) => ({
    entries: entries.map(({ entity }) => ({
      errorCode: errorCode(storageFailure.error),
      errorMessage: storageFailure.message,
      entity,
    })),
  }),
})

type AlteredEntity = RequestOf<'AlterClientQuotas'>['entries'][number]['entity']
/** Addresses of hosts that limits are set for; `undefined` for one that has none. */
type Addresses = Map<string, string | undefined>

function hostsOf(entity: AlteredEntity): string[] {
  return entity.flatMap(({ entityType, entityName }) => (entityType === 'ip' && entityName ? [entityName] : []))
}

function alter(
  { entries, validateOnly }: RequestOf<'AlterClientQuotas'>,
  { core, client }: Call,
  addresses: Addresses,
): Answer<'AlterClientQuotas'> {
  const mayAlter = allowsOnCluster({ core, client }, 'ALTER_CONFIGS')
  return {
    entries: entries.map(({ entity, ops }) => {
      const changes = new Map(ops.map(({ key, value, remove }) => [key, remove ? null : value]))
      const [error, errorMessage] = mayAlter
        ? problemOf(entity, changes, addresses)
        : (['CLUSTER_AUTHORIZATION_FAILED', null] as const)
      if (error === 'NONE' && !validateOnly) {
        const named: QuotaEntity = Object.fromEntries(
          entity.map(({ entityType, entityName }) => [entityType, entityName]),
        )
        core.quotas.alter(named, changes)
        for (const host of hostsOf(entity)) core.quotas.found(host, addresses.get(host) ?? host)
      }
      return { errorCode: errorCode(error), errorMessage, entity: inKafkasOrder(entity) }
    }),
  }
}

/** The client id comes before the user, whatever the request's order: clients compare answers deeply. */
function inKafkasOrder<T extends { readonly entityType: string }>(entity: readonly T[]): T[] {
  return entity.toSorted((a, b) => (a.entityType < b.entityType ? -1 : 1))
}

function problemOf(
  entity: AlteredEntity,
  changes: ReadonlyMap<string, number | null>,
  addresses: Addresses,
): readonly [ErrorName, string | null] {
  if (entity.length === 0) return ['INVALID_REQUEST', 'Invalid empty client quota entity']
  const types = entity.map(({ entityType }) => entityType)
  for (const { entityType, entityName } of entity) {
    if (!isEntityType(entityType)) return ['INVALID_REQUEST', `Unhandled client quota entity type: ${entityType}`]
    if (entityName === '') return ['INVALID_REQUEST', `Empty ${entityType} not supported`]
  }
  if (new Set(types).size < types.length)
    return ['INVALID_REQUEST', 'Invalid client quota entity: a type is used twice']
  if (types.includes('ip') && types.length > 1) {
    return [
      'INVALID_REQUEST',
      'Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId',
    ]
  }
  const unknown = hostsOf(entity).find((host) => addresses.get(host) === undefined)
  if (unknown !== undefined) return ['INVALID_REQUEST', `${unknown} is not a valid IP or resolvable host.`]
  for (const [key, value] of changes) {
    const allowed: readonly string[] | undefined = Object.hasOwn(quotaKeys, key)
      ? quotaKeys[key as QuotaKey]
      : undefined
    if (!allowed || !types.every((type) => allowed.includes(type))) {
      return ['INVALID_REQUEST', `Invalid configuration key ${key}`]
    }
    const why = value === null ? undefined : valueProblem(key as QuotaKey, value)
    if (why !== undefined) return ['INVALID_REQUEST', why]
  }
  return ['NONE', null]
}

/** The largest value of quotas that are whole numbers (QuotaConfig); Kafka compares as doubles. */
const largest: Partial<Record<QuotaKey, readonly [value: number, type: string]>> = {
  producer_byte_rate: [2 ** 63, 'a LONG'],
  consumer_byte_rate: [2 ** 63, 'a LONG'],
  connection_creation_rate: [2 ** 31 - 1, 'an INT'],
}

/** ClientQuotaControlManager.validateQuotaKeyValue. */
function valueProblem(key: QuotaKey, value: number): string | undefined {
  if (!Number.isFinite(value)) return `Quota ${key} must be a finite number`
  if (value <= 0) return `Quota ${key} must be greater than 0`
  const [most, type] = largest[key] ?? []
  if (most === undefined) return undefined
  if (value > most) return `Proposed value for ${key} is too large for ${type}.`
  return value % 1 > 1e-6 ? `${key} cannot be a fractional value.` : undefined
}
