import { RE2JS } from 're2js'
import { isArray, isObject, type Json, type JsonObject } from '../json'
import type { Difference } from '../kind'
import { type Comparing, difference, type ValueShape } from './difference'
import { limitDifferences, numberOf } from './scalars'
import { followed, type Located, shapeOf } from './shape'

/** Longer patterns fit nothing: reading them would take long. */
const maxPatternCharacters = 1000

/** What an object may hold besides its properties: anything, what a schema admits, or nothing. */
type ContentModel = 'open' | 'partiallyOpen' | 'closed'

export function objectDifferences(
  comparing: Comparing,
  original: ValueShape,
  update: ValueShape,
  path: string,
): Difference[] {
  const limit = (name: string, keyword: string, upper: boolean) =>
    limitDifferences(
      name,
      numberOf(original.json.get(keyword)),
      numberOf(update.json.get(keyword)),
      path,
      upper,
      keyword,
    )
  return [
    ...requiredDifferences(original, update, path),
    ...limit('MAX_PROPERTIES', 'maxProperties', true),
    ...limit('MIN_PROPERTIES', 'minProperties', false),
    ...additionalDifferences(comparing, original, update, path),
    ...dependencyDifferences(comparing, original, update, path),
    ...propertyDifferences(comparing, original, update, path),
  ]
}

function propertyDifferences(
  comparing: Comparing,
  original: ValueShape,
  update: ValueShape,
  path: string,
): Difference[] {
  const before = propertiesOf(original)
  const after = propertiesOf(update)
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const place = `${path}/properties/${name}`
    const [old, fresh] = [before.get(name), after.get(name)]
    if (old && fresh) return comparing.compare(old, fresh, place)
    if (fresh) return added(comparing, original, update, name, fresh, place)
    return old ? removed(comparing, update, name, old, place) : []
  })
}

/** What counts is what the old schema let such a property be. */
function added(
  comparing: Comparing,
  original: ValueShape,
  update: ValueShape,
  name: string,
  fresh: Located,
  path: string,
): Difference[] {
  const model = contentModelOf(original.json)
  if (model === 'open') {
    if (shapeOf(fresh).kind === 'any') return []
    const isRequired = requiredOf(update.json).has(name)
    if (comparing.isLenient && (!isRequired || hasDefault(fresh))) return []
    const type = isRequired ? 'REQUIRED' : 'OPTIONAL'
    return [
      difference(
        `${type}_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL`,
        path,
        'The %old schema has an open content model, and the %new one has a property or item',
      ),
    ]
  }
  if (model === 'partiallyOpen') {
    const covering = coveringSchema(comparing, original, name)
    const isCovered = covering !== undefined && comparing.compare(covering, fresh, path).length === 0
    if (!isCovered && !comparing.isLenient) {
      return [
        difference(
          'PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
          path,
          'The %old schema has a partially open content model that does not cover the property or item of the %new one',
        ),
      ]
    }
  }
  if (!requiredOf(update.json).has(name) || hasDefault(fresh)) return []
  return [
    difference(
      'REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL',
      path,
      'The %new schema has a required property without a default that the %old one has not',
    ),
  ]
}

/** What counts is what the new schema lets such a property be. */
function removed(comparing: Comparing, update: ValueShape, name: string, old: Located, path: string): Difference[] {
  const model = contentModelOf(update.json)
  if (model === 'open' || comparing.isLenient) return []
  if (model === 'closed') {
    if (shapeOf(old).kind === 'nothing') return []
    return [
      difference(
        'PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL',
        path,
        'The %new schema has a closed content model and is missing a property or item of the %old one',
      ),
    ]
  }
  const covering = coveringSchema(comparing, update, name)
  if (covering !== undefined && comparing.compare(old, covering, path).length === 0) return []
  return [
    difference(
      'PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      path,
      'The %new schema has a partially open content model that does not cover a property or item of the %old one',
    ),
  ]
}

function requiredDifferences(original: ValueShape, update: ValueShape, path: string): Difference[] {
  const [before, after] = [requiredOf(original.json), requiredOf(update.json)]
  const updated = propertiesOf(update)
  return [...propertiesOf(original).keys()].flatMap((name) => {
    const property = updated.get(name)
    if (!property || before.has(name) || !after.has(name) || hasDefault(property)) return []
    const place = `${path}/required/${name}`
    return [difference('REQUIRED_ATTRIBUTE_ADDED', place, 'The %new schema requires a property that was optional')]
  })
}

function additionalDifferences(
  comparing: Comparing,
  original: ValueShape,
  update: ValueShape,
  path: string,
): Difference[] {
  const [before, after] = [additionalOf(original.json), additionalOf(update.json)]
  const place = `${path}/additionalProperties`
  if (before === false || isOpen(after)) return []
  if (after === false) {
    if (comparing.isLenient) return []
    return [difference('ADDITIONAL_PROPERTIES_REMOVED', place, 'The %new schema admits no additional properties')]
  }
  if (isOpen(before)) {
    if (comparing.isLenient) return []
    return [difference('ADDITIONAL_PROPERTIES_NARROWED', place, 'The %new schema narrows the additional properties')]
  }
  return comparing.compare(
    { schema: before as Json, document: original.document },
    { schema: after as Json, document: update.document },
    place,
  )
}

function dependencyDifferences(
  comparing: Comparing,
  original: ValueShape,
  update: ValueShape,
  path: string,
): Difference[] {
  const dependencies = dependenciesOf(original.json)
  return [...dependenciesOf(update.json)].flatMap(([name, fresh]) => {
    const place = `${path}/dependencies/${name}`
    const old = dependencies.get(name)
    if (isArray(fresh)) {
      if (!isArray(old)) return [difference('DEPENDENCY_ARRAY_ADDED', place, 'The %new schema has a dependency')]
      const [before, after] = [new Set(old), new Set(fresh)]
      if (fresh.every((item) => before.has(item))) return []
      const isExtended = old.every((item) => after.has(item))
      const type = isExtended ? 'DEPENDENCY_ARRAY_EXTENDED' : 'DEPENDENCY_ARRAY_CHANGED'
      return [difference(type, place, 'The %new schema has a further dependency')]
    }
    if (old === undefined || isArray(old)) {
      return [difference('DEPENDENCY_SCHEMA_ADDED', place, 'The %new schema has a dependency')]
    }
    return comparing.compare(
      { schema: old, document: original.document },
      { schema: fresh, document: update.document },
      place,
    )
  })
}

function contentModelOf(json: JsonObject): ContentModel {
  const additional = additionalOf(json)
  const hasPatterns = patternsOf(json).length > 0
  if (isOpen(additional) && !hasPatterns) return 'open'
  return additional === false && !hasPatterns ? 'closed' : 'partiallyOpen'
}

/** The schema that holds for properties which have none of their own: of a pattern that fits, else of the additional ones. */
function coveringSchema(comparing: Comparing, { json, document }: ValueShape, name: string): Located | undefined {
  for (const { pattern, schema } of patternsOf(json)) {
    if (!comparing.goesOn()) return undefined
    if (pattern?.matcher(name).find()) return { schema, document }
  }
  const additional = additionalOf(json)
  if (additional === false) return undefined
  return { schema: additional ?? true, document }
}

function isOpen(additional: Json | undefined): boolean {
  return additional === undefined || additional === true || (isObject(additional) && additional.size === 0)
}

function additionalOf(json: JsonObject): Json | undefined {
  return json.get('additionalProperties') ?? json.get('unevaluatedProperties')
}

interface Pattern {
  /** null: it is no regular expression that ends in linear time (it looks around, or back), and fits nothing. */
  readonly pattern: RE2JS | null
  readonly schema: Json
}

const readPatterns = new WeakMap<JsonObject, readonly Pattern[]>()

/** The patterns of an object, read once. RE2 reads every text in linear time: one of a hostile schema cannot hold up the broker. */
function patternsOf(json: JsonObject): readonly Pattern[] {
  const patterns = json.get('patternProperties')
  if (!isObject(patterns)) return []
  const known = readPatterns.get(patterns)
  if (known) return known
  const read = [...patterns].map(([text, schema]) => ({ pattern: compiled(text), schema }))
  readPatterns.set(patterns, read)
  return read
}

function compiled(text: string): RE2JS | null {
  if (text.length > maxPatternCharacters) return null
  try {
    return RE2JS.compile(text)
  } catch {
    return null
  }
}

function propertiesOf({ json, document }: ValueShape): Map<string, Located> {
  const properties = json.get('properties')
  const entries = isObject(properties) ? [...properties] : []
  return new Map(entries.map(([name, schema]) => [name, { schema, document }]))
}

const requiredNames = new WeakMap<JsonObject, ReadonlySet<Json>>()

function requiredOf(json: JsonObject): ReadonlySet<Json> {
  const known = requiredNames.get(json)
  if (known) return known
  const required = json.get('required')
  const names = new Set(isArray(required) ? required : [])
  requiredNames.set(json, names)
  return names
}

function hasDefault(property: Located): boolean {
  const { schema } = followed(property)
  return (isObject(schema) && schema.has('default')) || (isObject(property.schema) && property.schema.has('default'))
}

function dependenciesOf(json: JsonObject): Map<string, Json> {
  const keywords = ['dependencies', 'dependentRequired', 'dependentSchemas']
  return new Map(
    keywords.flatMap((keyword) => {
      const value = json.get(keyword)
      return isObject(value) ? [...value] : []
    }),
  )
}
