import type { CompatibilityPolicy, Difference } from '../kind'
import { arrayDifferences } from './arrays'
import { type Comparing, difference } from './difference'
import type { JsonSchemaDocument } from './document'
import { maximumMatching } from './matching'
import { objectDifferences } from './objects'
import { numberDifferences, stringDifferences } from './scalars'
import { followed, isIntegerOnly, type Located, type Part, type Shape, shapeOf } from './shape'

/** Comparisons that are made at most: a hostile pair of schemas must end. */
const maxComparisons = 200_000

/** Why a document that `original` admits may be one that `update` does not (Confluent's SchemaDiff). Empty: backward compatible. */
export function jsonDifferences(
  original: JsonSchemaDocument,
  update: JsonSchemaDocument,
  policy: CompatibilityPolicy,
): Difference[] {
  const comparison = new Comparison(policy)
  const found = comparison.compare(
    { schema: original.root, document: original },
    { schema: update.root, document: update },
    '#',
  )
  if (!comparison.isExhausted) return found
  return [difference('SCHEMA_TOO_COMPLEX', '#', 'The schemas are too large to be compared')]
}

class Comparison implements Comparing {
  readonly isLenient: boolean
  readonly #known = new Map<unknown, Map<unknown, Difference[]>>()
  #left = maxComparisons

  constructor(policy: CompatibilityPolicy) {
    this.isLenient = policy === 'LENIENT'
  }

  get isExhausted(): boolean {
    return this.#left <= 0
  }

  goesOn(): boolean {
    return this.#left-- > 0
  }

  compare(before: Located | undefined, after: Located | undefined, path: string): Difference[] {
    const original = before && followed(before)
    const update = after && followed(after)
    if (!update || this.isExhausted) return []
    if (!original) {
      const isEmpty = shapeOf(update).kind === 'any'
      return isEmpty
        ? []
        : [difference('SCHEMA_ADDED', path, 'The %new schema has a schema which the %old one has not')]
    }
    // Booleans and numbers are values, not objects with an identity: only objects can be part of a cycle.
    const known = this.#known.get(original.schema)?.get(update.schema)
    if (known && typeof original.schema === 'object' && typeof update.schema === 'object') return known
    const ofOriginal = this.#known.get(original.schema) ?? new Map<unknown, Difference[]>()
    this.#known.set(original.schema, ofOriginal)
    // A pair that is being compared is compatible until something says otherwise.
    ofOriginal.set(update.schema, [])
    const found = this.#compareShapes(shapeOf(original), shapeOf(update), path)
    ofOriginal.set(update.schema, found)
    return found
  }

  #compareParts(original: Part, update: Part, path: string): Difference[] {
    if ('schema' in original && 'schema' in update) return this.compare(original, update, path)
    return this.#compareShapes(shapeOfPart(original), shapeOfPart(update), path)
  }

  #compareShapes(original: Shape, update: Shape, path: string): Difference[] {
    if (!this.goesOn()) return []
    if (original.kind === 'nothing' || update.kind === 'any') return []
    if (original.kind === 'combined' && update.kind === 'combined') return this.#compareCombined(original, update, path)
    if (update.kind === 'combined') return this.#compareWithCombined(original, update, path)
    if (original.kind === 'combined') {
      const isNarrowed =
        original.criterion === 'allOf'
          ? original.parts.some((part) => this.#fits(shapeOfPart(part), update, path))
          : original.parts.every((part) => this.#fits(shapeOfPart(part), update, path))
      return isNarrowed ? [] : [typeChanged(path)]
    }
    if (original.kind !== update.kind) return [typeChanged(path)]
    return this.#compareSameKind(original, update, path)
  }

  #compareSameKind(original: Shape, update: Shape, path: string): Difference[] {
    switch (original.kind) {
      case 'string':
        return 'json' in update ? stringDifferences(original.json, update.json, path) : []
      case 'number': {
        if (!('json' in update)) return []
        const isNarrowed = !isIntegerOnly(original.json) && isIntegerOnly(update.json)
        const narrowed = isNarrowed ? [difference('TYPE_NARROWED', path, 'The %new schema admits integers only')] : []
        return [...narrowed, ...numberDifferences(original.json, update.json, path)]
      }
      case 'enum':
        return update.kind === 'enum' ? enumDifferences(original.values, update.values, path) : []
      case 'not': {
        if (update.kind !== 'not') return []
        const isExtended = this.compare(update.schema, original.schema, `${path}/not`).length > 0
        return isExtended ? [difference('NOT_TYPE_EXTENDED', `${path}/not`, 'The %new schema excludes more')] : []
      }
      case 'object':
        return update.kind === 'object' ? objectDifferences(this, original, update, path) : []
      case 'array':
        return update.kind === 'array' ? arrayDifferences(this, original, update, path) : []
      default:
        return []
    }
  }

  /** A plain type may become one branch of several. */
  #compareWithCombined(original: Shape, update: Shape & { readonly kind: 'combined' }, path: string): Difference[] {
    const fits = update.parts.map((part) => this.#fits(original, shapeOfPart(part), path))
    const isExtended = update.criterion === 'allOf' ? fits.every(Boolean) : fits.some(Boolean)
    return isExtended ? [] : [typeChanged(path)]
  }

  #compareCombined(
    original: Shape & { readonly kind: 'combined' },
    update: Shape & { readonly kind: 'combined' },
    path: string,
  ): Difference[] {
    if (original.criterion !== update.criterion && update.criterion !== 'anyOf') {
      return [
        difference(
          'COMBINED_TYPE_CHANGED',
          path,
          `The %new schema combines by ${update.criterion}, the %old one by ${original.criterion}`,
        ),
      ]
    }
    const place = `${path}/${update.criterion}`
    const [before, after] = [original.parts.length, update.parts.length]
    if (update.criterion === 'allOf' && after > before) {
      return [difference('PRODUCT_TYPE_EXTENDED', place, 'The %new schema demands more')]
    }
    if (original.criterion !== 'allOf' && after < before) {
      return [difference('SUM_TYPE_NARROWED', place, 'The %new schema has fewer alternatives')]
    }
    const pairs = maximumMatching(before, after, (i, j) =>
      this.#areCompatible(original.parts[i]!, update.parts[j]!, place),
    )
    if (pairs === undefined) this.#left = 0
    if (pairs === undefined || pairs >= Math.min(before, after)) return []
    return [difference('COMBINED_TYPE_SUBSCHEMAS_CHANGED', place, 'The %new schema has an incompatible subschema')]
  }

  #areCompatible(original: Part, update: Part, path: string): boolean {
    return this.#compareParts(original, update, path).length === 0
  }

  #fits(original: Shape, update: Shape, path: string): boolean {
    return this.#compareShapes(original, update, path).length === 0
  }
}

function shapeOfPart(part: Part): Shape {
  return 'shape' in part ? part.shape : shapeOf(part)
}

function enumDifferences(original: readonly string[], update: readonly string[], path: string): Difference[] {
  const [before, after] = [new Set(original), new Set(update)]
  if (original.every((value) => after.has(value))) return []
  const isNarrowed = update.every((value) => before.has(value))
  return isNarrowed
    ? [difference('ENUM_ARRAY_NARROWED', `${path}/enum`, 'The %new schema has fewer values')]
    : [difference('ENUM_ARRAY_CHANGED', `${path}/enum`, 'The %new schema has other values')]
}

function typeChanged(path: string): Difference {
  return difference(
    'TYPE_CHANGED',
    path,
    'The type of a property or item in the %new schema differs from the %old schema',
  )
}
