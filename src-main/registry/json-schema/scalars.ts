import { type Json, JsonNumber, type JsonObject } from '../json'
import type { Difference } from '../kind'
import { difference } from './difference'

/** A limit that must not become tighter. `upper`: a maximum. */
export function limitDifferences(
  name: string,
  original: number | undefined,
  update: number | undefined,
  path: string,
  upper: boolean,
  keyword: string,
): Difference[] {
  if (update === undefined) return []
  const place = `${path}/${keyword}`
  if (original === undefined) return [difference(`${name}_ADDED`, place, `The %new schema has a ${keyword}`)]
  const isTighter = upper ? update < original : update > original
  if (!isTighter) return []
  const change = upper ? 'DECREASED' : 'INCREASED'
  return [difference(`${name}_${change}`, place, `The ${keyword} of the %new schema is tighter`)]
}

export function numberOf(json: Json | undefined): number | undefined {
  return json instanceof JsonNumber ? Number(json.text) : undefined
}

export function stringDifferences(original: JsonObject, update: JsonObject, path: string): Difference[] {
  const limit = (name: string, keyword: string, upper: boolean) =>
    limitDifferences(name, numberOf(original.get(keyword)), numberOf(update.get(keyword)), path, upper, keyword)
  return [
    ...limit('MAX_LENGTH', 'maxLength', true),
    ...limit('MIN_LENGTH', 'minLength', false),
    ...patternDifferences(original.get('pattern'), update.get('pattern'), path),
  ]
}

function patternDifferences(original: Json | undefined, update: Json | undefined, path: string): Difference[] {
  if (update === undefined || original === update) return []
  const [type, what] =
    original === undefined ? ['PATTERN_ADDED', 'has a pattern'] : ['PATTERN_CHANGED', 'has another pattern']
  return [difference(type as string, `${path}/pattern`, `The %new schema ${what}`)]
}

export function numberDifferences(original: JsonObject, update: JsonObject, path: string): Difference[] {
  const limit = (name: string, keyword: 'maximum' | 'minimum', upper: boolean) =>
    limitDifferences(name, inclusive(original, keyword), inclusive(update, keyword), path, upper, keyword)
  const strict = (name: string, keyword: 'maximum' | 'minimum', upper: boolean) => {
    const exclusiveKeyword = keyword === 'maximum' ? 'exclusiveMaximum' : 'exclusiveMinimum'
    return limitDifferences(
      name,
      exclusive(original, keyword),
      exclusive(update, keyword),
      path,
      upper,
      exclusiveKeyword,
    )
  }
  return [
    ...limit('MAXIMUM', 'maximum', true),
    ...limit('MINIMUM', 'minimum', false),
    ...strict('EXCLUSIVE_MAXIMUM', 'maximum', true),
    ...strict('EXCLUSIVE_MINIMUM', 'minimum', false),
    ...multipleDifferences(numberOf(original.get('multipleOf')), numberOf(update.get('multipleOf')), path),
  ]
}

/** In draft 4 `exclusiveMaximum: true` makes the maximum an exclusive one. */
function exclusive(json: JsonObject, keyword: 'maximum' | 'minimum'): number | undefined {
  const value = json.get(keyword === 'maximum' ? 'exclusiveMaximum' : 'exclusiveMinimum')
  return value === true ? numberOf(json.get(keyword)) : numberOf(value)
}

function inclusive(json: JsonObject, keyword: 'maximum' | 'minimum'): number | undefined {
  const isExclusive = json.get(keyword === 'maximum' ? 'exclusiveMaximum' : 'exclusiveMinimum') === true
  return isExclusive ? undefined : numberOf(json.get(keyword))
}

function multipleDifferences(original: number | undefined, update: number | undefined, path: string): Difference[] {
  const place = `${path}/multipleOf`
  if (update === undefined || original === update) return []
  if (original === undefined) return [difference('MULTIPLE_OF_ADDED', place, 'The %new schema has a multipleOf')]
  if (original % update === 0) return []
  const type = update % original === 0 ? 'MULTIPLE_OF_EXPANDED' : 'MULTIPLE_OF_CHANGED'
  return [difference(type, place, 'The %new schema has another multipleOf')]
}
