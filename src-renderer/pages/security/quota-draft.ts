import {
  isSameEntity,
  type QuotaEntity,
  type QuotaLimit,
  type QuotaLine,
  quotaLimits,
} from '../../../src-main/contract/security'
import { sizeOf } from '../topics/config-values'

export const quotaKinds = ['user', 'clientId', 'both', 'ip'] as const
export type QuotaKind = (typeof quotaKinds)[number]
export type EntityPart = keyof QuotaEntity

/** One user, client id or address, or all of them that have no quota of their own: the default of Kafka. */
export interface Whom {
  readonly isDefault: boolean
  readonly name: string
}

/** The input of the form "Set quota". */
export interface QuotaDraft extends Readonly<Record<EntityPart, Whom>> {
  readonly kind: QuotaKind
  readonly limit: QuotaLimit
  readonly value: string
}

const nobody: Whom = { isDefault: false, name: '' }
export const emptyQuota: QuotaDraft = {
  kind: 'user',
  user: nobody,
  clientId: nobody,
  ip: nobody,
  limit: 'producer_byte_rate',
  value: '1 MB',
}

/** The parts of an entity, in their order. */
export const partsOf: Readonly<Record<QuotaKind, readonly EntityPart[]>> = {
  user: ['user'],
  clientId: ['clientId'],
  both: ['user', 'clientId'],
  ip: ['ip'],
}

/** An address has a limit of its own, and no other. */
export function limitsOf(kind: QuotaKind): readonly QuotaLimit[] {
  return quotaLimits.filter((limit) => (limit === 'connection_creation_rate') === (kind === 'ip'))
}

/** The limit that is set: the chosen one, where the kind of entity has it. */
export function limitOf({ kind, limit }: QuotaDraft): QuotaLimit {
  const limits = limitsOf(kind)
  return limits.includes(limit) ? limit : (limits[0] ?? limit)
}

/** A part that still needs a name; `null` when there is none. */
export function missingName(draft: QuotaDraft): EntityPart | null {
  return partsOf[draft.kind].find((part) => !draft[part].isDefault && draft[part].name.trim() === '') ?? null
}

/** The limits that Kafka takes fractions for. */
const fractional: readonly QuotaLimit[] = ['request_percentage', 'controller_mutation_rate']
export const isByteRate = (limit: QuotaLimit) => limit.endsWith('_byte_rate')

/** The number of `2.5`, `1000000`, or `1 MB` where it is a rate of bytes; `null` for what Kafka would not take. */
export function amountOf(limit: QuotaLimit, text: string): number | null {
  const typed = text.trim().replace(/\s*\/\s*s(ec(ond)?)?$/i, '')
  const amount = /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : isByteRate(limit) ? sizeOf(typed) : null
  if (amount === null || amount <= 0 || !Number.isFinite(amount)) return null
  return Number.isInteger(amount) || fractional.includes(limit) ? amount : null
}

/** The entity that the form names. */
export function entityOf(draft: QuotaDraft): QuotaEntity {
  const named = partsOf[draft.kind].map((part) => [part, draft[part].isDefault ? null : draft[part].name.trim()])
  return Object.fromEntries(named) as QuotaEntity
}

/** The value that the same entity has for the limit now; `null`: none. */
export function valueNow(quotas: readonly QuotaLine[], entity: QuotaEntity, limit: QuotaLimit): number | null {
  return quotas.find((line) => isSameEntity(line.entity, entity))?.values[limit] ?? null
}

/** By what quotas are sorted: the default comes before the names; an entity without the part comes last. */
export function placeOf(name: string | null | undefined): string {
  return name === undefined ? '2' : name === null ? '0' : `1${name}`
}
