/** The value types of Kafka's ConfigDef.Type. */
export type ConfigType = 'boolean' | 'string' | 'int' | 'short' | 'long' | 'double' | 'list' | 'class' | 'password'

/** What a value must satisfy beyond its type; `also` is one number allowed outside the range. */
type ConfigRule =
  | { readonly min: number; readonly max?: number; readonly also?: number }
  | { readonly oneOf: readonly string[] }
  /** A whole value, and Kafka's words for one that is none. */
  | { readonly pattern: RegExp; readonly otherwise: string }

/** One config of Kafka as data. Values are text everywhere, as on the wire; `null` means that there is none. */
export type ConfigDefinition = readonly [name: string, type: ConfigType, defaultValue: string | null, rule?: ConfigRule]

const integerRange: Partial<Record<ConfigType, readonly [bigint, bigint]>> = {
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
}

/**
 * Why `value` is not legal for `definition`, in the words of Kafka's ConfigException, or `undefined` when it is.
 */
export function configProblem(definition: ConfigDefinition, value: string | null): string | undefined {
  const [name, type, , rule] = definition
  const invalid = (why: string) => `Invalid value ${value} for configuration ${name}: ${why}`
  if (value === null) return undefined
  const text = value.trim()
  if (type === 'boolean' && !/^(true|false)$/i.test(text)) return invalid('Expected value to be either true or false')
  const range = integerRange[type]
  if (range) {
    if (!/^[+-]?\d+$/.test(text)) return invalid(`Not a number of type ${type.toUpperCase()}`)
    const number = BigInt(text)
    if (number < range[0] || number > range[1]) return invalid(`Not a number of type ${type.toUpperCase()}`)
  }
  if (type === 'double' && (text === '' || !Number.isFinite(Number(text)))) {
    return invalid('Not a number of type DOUBLE')
  }
  if (!rule) return undefined
  if ('oneOf' in rule) {
    const parts = type === 'list' ? text.split(',').map((part) => part.trim()) : [text]
    if (type === 'list' && text === '') return undefined
    const stray = parts.find((part) => !rule.oneOf.includes(part))
    return stray === undefined ? undefined : invalid(`String must be one of: ${rule.oneOf.join(', ')}`)
  }
  if ('pattern' in rule) {
    const why = `Invalid value \`${value}\` for configuration ${name}. ${rule.otherwise}`
    return rule.pattern.test(value) ? undefined : invalid(why)
  }
  const number = Number(text)
  if (number === rule.also) return undefined
  if (number < rule.min) return invalid(`Value must be at least ${rule.min}`)
  if (rule.max !== undefined && number > rule.max) return invalid(`Value must be no more than ${rule.max}`)
  return undefined
}

/** Definitions by name. */
export function byName(definitions: readonly ConfigDefinition[]): ReadonlyMap<string, ConfigDefinition> {
  return new Map(definitions.map((definition) => [definition[0], definition]))
}
