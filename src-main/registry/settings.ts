import { type PlainObject, RegistryError } from './schema'

export const levels = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const
export type Level = (typeof levels)[number]

export const modes = ['READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT', 'FORWARD'] as const
export type Mode = (typeof modes)[number]

/** Settings of a subject, a context or all; what is absent comes from the wider scope. */
export interface Config {
  readonly compatibilityLevel?: Level
  readonly compatibilityGroup?: string
  readonly compatibilityPolicy?: string
  readonly normalize?: boolean
  readonly validateFields?: boolean
  readonly validateRules?: boolean
  readonly validateNewSchemas?: boolean
  readonly alias?: string
  readonly aliasForDeks?: string
  readonly defaultMetadata?: PlainObject
  readonly overrideMetadata?: PlainObject
  readonly defaultRuleSet?: PlainObject
  readonly overrideRuleSet?: PlainObject
}

export const defaultLevel: Level = 'BACKWARD'
export const defaultMode: Mode = 'READWRITE'

const texts = ['compatibilityGroup', 'compatibilityPolicy', 'alias', 'aliasForDeks'] as const
const flags = ['normalize', 'validateFields', 'validateRules', 'validateNewSchemas'] as const
const objects = ['defaultMetadata', 'overrideMetadata', 'defaultRuleSet', 'overrideRuleSet'] as const

/** @throws RegistryError 42203 */
function levelOf(text: unknown): Level {
  const level = typeof text === 'string' ? levels.find((known) => known === text.toUpperCase()) : undefined
  if (level) return level
  throw new RegistryError(
    42203,
    'Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive',
  )
}

/** @throws RegistryError 42204 */
export function modeOf(text: unknown): Mode {
  const mode = typeof text === 'string' ? modes.find((known) => known === text.toUpperCase()) : undefined
  if (mode) return mode
  throw new RegistryError(42204, 'Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.')
}

/**
 * A config with the changes of a PUT: only given keys change, null clears one. `levelKey` is how the level is named: `compatibility` in a
 * request, `compatibilityLevel` in a record.
 *
 * @throws RegistryError 42203
 */
export function changedConfig(
  config: Config,
  body: PlainObject,
  levelKey: 'compatibility' | 'compatibilityLevel' = 'compatibility',
): Config {
  const changed: Record<string, unknown> = { ...config }
  const set = (key: string, given: unknown, value: unknown) => {
    if (given === undefined) return
    if (given === null) delete changed[key]
    else if (value !== undefined) changed[key] = value
  }
  const level = body[levelKey]
  set('compatibilityLevel', level, level === undefined || level === null ? undefined : levelOf(level))
  for (const key of texts) set(key, body[key], typeof body[key] === 'string' ? body[key] : undefined)
  for (const key of flags) set(key, body[key], typeof body[key] === 'boolean' ? body[key] : undefined)
  for (const key of objects) {
    const value = body[key]
    set(key, value, typeof value === 'object' && !Array.isArray(value) ? value : undefined)
  }
  return changed as Config
}
