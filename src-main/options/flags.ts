import { UsageError } from './serve'

/** What one flag takes. Each has a variable as well: `--ui-port` is `OTTLA_UI_PORT`. */
export interface FlagSpec {
  /** What stands for the value in the help; null for a flag that is given or not. */
  readonly value: string | null
  readonly help: string
  /** May be given several times; its variable then holds several values, separated by `separator`. */
  readonly separator?: string
  /** It is given on the command line only. */
  readonly noVariable?: true
}

/** The values given, in order; a flag without a value reads as `['true']`. */
export type FlagValues<Name extends string> = Readonly<Partial<Record<Name, readonly string[]>>>

/**
 * Reads `--flag value`, `--flag=value` and `--flag` from the command line; what is absent there is looked up in the environment.
 *
 * @param words takes the words that are no flags, in order; without it there may be none
 * @throws UsageError for an unknown flag, a missing value or a word that is no flag
 */
export function readFlags<Name extends string>(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  specs: Readonly<Record<Name, FlagSpec>>,
  words?: string[],
): FlagValues<Name> {
  const values: Partial<Record<Name, string[]>> = {}
  for (const name of Object.keys(specs) as Name[]) {
    const given = fromEnvironment(name, specs[name], environment)
    if (given.length > 0) values[name] = given
  }
  const fromCommandLine = new Set<Name>()
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    if (words && !word.startsWith('--')) {
      words.push(word)
      continue
    }
    const [name, inline] = splitFlag(word, specs)
    const spec = specs[name]
    if (spec.value === null && inline !== undefined) throw new UsageError(`--${name} takes no value.`)
    const value = spec.value === null ? 'true' : (inline ?? argv[++i])
    if (value === undefined) throw new UsageError(`--${name} needs a value: --${name} ${spec.value}.`)
    const earlier = fromCommandLine.has(name) ? values[name]! : []
    if (earlier.length > 0 && spec.separator === undefined) throw new UsageError(`--${name} is given twice.`)
    values[name] = [...earlier, value]
    fromCommandLine.add(name)
  }
  return values
}

/** `ui-port` is `OTTLA_UI_PORT`. */
export function variableOf(name: string): string {
  return `OTTLA_${name.toUpperCase().replaceAll('-', '_')}`
}

/** What the user wrote, for a sentence about its value: `--port`, or `OTTLA_PORT` where the flag was not given. */
export function writtenAs(name: string, argv: readonly string[]): string {
  const isFlag = argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`))
  return isFlag ? `--${name}` : variableOf(name)
}

/** Variables that are no flag's, and nearly one's: `OTTLA_PROT` for `OTTLA_PORT`. As pairs of what was written and what was likely meant. */
export function misspelledVariables(
  environment: NodeJS.ProcessEnv,
  specs: Readonly<Record<string, FlagSpec>>,
): readonly (readonly [string, string])[] {
  const known = Object.keys(specs).filter((name) => !specs[name]!.noVariable)
  return Object.keys(environment).flatMap((variable) => {
    const name = /^OTTLA_([A-Z_]+)$/.exec(variable)?.[1]?.toLowerCase().replaceAll('_', '-')
    if (name === undefined || Object.hasOwn(specs, name)) return []
    const near = nearest(name, known)
    return near === undefined ? [] : [[variable, variableOf(near)] as const]
  })
}

function fromEnvironment(name: string, spec: FlagSpec, environment: NodeJS.ProcessEnv): string[] {
  const text = spec.noVariable ? undefined : environment[variableOf(name)]
  if (text === undefined || text === '') return []
  if (spec.value !== null) return spec.separator === undefined ? [text] : text.split(spec.separator).filter(Boolean)
  if (/^(1|true|yes|on)$/i.test(text)) return ['true']
  if (/^(0|false|no|off)$/i.test(text)) return []
  throw new UsageError(`${variableOf(name)} is "${text}"; it can be true or false.`)
}

function splitFlag<Name extends string>(
  word: string,
  specs: Readonly<Record<Name, FlagSpec>>,
): [Name, string | undefined] {
  const match = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word)
  if (!match) throw new UsageError(`"${word}" is not a flag; --help lists them.`)
  const name = match[1]!
  if (!Object.hasOwn(specs, name)) {
    const near = nearest(name, Object.keys(specs))
    throw new UsageError(`There is no flag --${name}${near ? `; did you mean --${near}?` : '; --help lists them.'}`)
  }
  return [name as Name, match[2]]
}

/** The known name that begins as the unknown one does, has the same letters, or differs in one. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const letters = (word: string) => [...word].sort().join('')
  return known.find(
    (other) =>
      other.startsWith(name) || name.startsWith(other) || letters(name) === letters(other) || differsByOne(name, other),
  )
}

function differsByOne(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  const skipA = a.length >= b.length ? 1 : 0
  const skipB = b.length >= a.length ? 1 : 0
  return a.slice(i + skipA) === b.slice(i + skipB)
}
