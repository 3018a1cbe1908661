/** Input that a page may not send; the message is for the page's author, or for the person who typed it. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

/** Turns what came over a wire into what it must be, or throws InputError. */
export type Check<T> = (value: unknown, path: string) => T
export type Checked<C> = C extends Check<infer T> ? T : never

function fail(path: string, wanted: string): never {
  throw new InputError(`${path || 'input'} must be ${wanted}`)
}

export const nothing: Check<undefined> = () => undefined

/** Text of at most `max` characters. */
export function text(max = 100_000): Check<string> {
  return (value, path) =>
    typeof value === 'string' && value.length <= max ? value : fail(path, `text of at most ${max} characters`)
}

/** Text of at least one character and at most `max`. */
export function nonEmpty(max: number): Check<string> {
  return (value, path) =>
    typeof value === 'string' && value !== '' && value.length <= max
      ? value
      : fail(path, `text of 1 to ${max} characters`)
}

/** A whole number that is exact in JavaScript. */
export function whole(min = 0, max = Number.MAX_SAFE_INTEGER): Check<number> {
  return (value, path) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? (value as number)
      : fail(path, `a whole number from ${min} to ${max}`)
}

/** A number that is more than nothing, whole or not. */
export const positive: Check<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : fail(path, 'a number above 0')

export const flag: Check<boolean> = (value, path) => (typeof value === 'boolean' ? value : fail(path, 'true or false'))

export function oneOf<const T extends string>(...names: readonly T[]): Check<T> {
  return (value, path) => names.find((name) => name === value) ?? fail(path, `one of ${names.join(', ')}`)
}

export function list<T>(item: Check<T>, max = 100_000): Check<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > max) return fail(path, `a list of at most ${max}`)
    return value.map((entry, i) => item(entry, `${path}[${i}]`))
  }
}

export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value, path) => (value === null || value === undefined ? null : check(value, path))
}

/** What either check allows: the first if `isFirst`, else the second. */
export function either<A, B>(isFirst: (value: unknown) => boolean, first: Check<A>, second: Check<B>): Check<A | B> {
  return (value, path) => (isFirst(value) ? first : second)(value, path)
}

/** Text keys to values of one kind. */
export function map<T>(item: Check<T>, max = 10_000): Check<Readonly<Record<string, T>>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'an object')
    const entries = Object.entries(value)
    if (entries.length > max) return fail(path, `an object of at most ${max} entries`)
    return Object.fromEntries(entries.map(([key, entry]) => [key, item(entry, `${path}.${key}`)]))
  }
}

/** An object with some of these fields. A field that is absent stays absent: it is not `null`. */
export function partial<const F extends Readonly<Record<string, Check<unknown>>>>(
  fields: F,
): Check<{ readonly [K in keyof F]?: Checked<F[K]> }> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'an object')
    const given = value as Readonly<Record<string, unknown>>
    const named = Object.entries(fields).filter(([name]) => given[name] !== undefined)
    const result = Object.fromEntries(named.map(([name, check]) => [name, check(given[name], `${path}.${name}`)]))
    return result as { readonly [K in keyof F]?: Checked<F[K]> }
  }
}

/** An object with exactly these fields; what is not named is dropped. */
export function record<const F extends Readonly<Record<string, Check<unknown>>>>(
  fields: F,
): Check<{ readonly [K in keyof F]: Checked<F[K]> }> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null) return fail(path, 'an object')
    const given = value as Readonly<Record<string, unknown>>
    const result: Record<string, unknown> = {}
    for (const [name, check] of Object.entries(fields)) {
      result[name] = check(given[name], path === '' ? name : `${path}.${name}`)
    }
    return result as { readonly [K in keyof F]: Checked<F[K]> }
  }
}
