import { isArray, isObject, type Json, type JsonObject } from '../json'
import type { Difference } from '../kind'
import { type Comparing, difference, type ValueShape } from './difference'
import { limitDifferences, numberOf } from './scalars'
import { type Located, shapeOf } from './shape'

export function arrayDifferences(
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
  const isUnique = update.json.get('uniqueItems') === true && original.json.get('uniqueItems') !== true
  return [
    ...limit('MAX_ITEMS', 'maxItems', true),
    ...limit('MIN_ITEMS', 'minItems', false),
    ...(isUnique
      ? [difference('UNIQUE_ITEMS_ADDED', `${path}/uniqueItems`, 'The %new schema demands unique items')]
      : []),
    ...comparing.compare(
      located(original, itemOf(original.json)),
      located(update, itemOf(update.json)),
      `${path}/items`,
    ),
    ...comparing.compare(
      located(original, original.json.get('contains')),
      located(update, update.json.get('contains')),
      `${path}/contains`,
    ),
    ...limit('MAX_CONTAINS', 'maxContains', true),
    ...limit('MIN_CONTAINS', 'minContains', false),
    ...additionalDifferences(comparing, original, update, path),
    ...tupleDifferences(comparing, original, update, path),
  ]
}

function tupleDifferences(comparing: Comparing, original: ValueShape, update: ValueShape, path: string): Difference[] {
  const [before, after] = [tupleOf(original.json), tupleOf(update.json)]
  const found: Difference[] = []
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const [old, fresh] = [located(original, before[i]), located(update, after[i])]
    const place = `${path}/items/${i}`
    if (old && fresh) found.push(...comparing.compare(old, fresh, place))
    else if (fresh && before.length > 0) found.push(...added(comparing, original, fresh, place))
    else if (old && after.length > 0) found.push(...removed(comparing, update, old, place))
  }
  return found
}

function added(comparing: Comparing, original: ValueShape, fresh: Located, path: string): Difference[] {
  const additional = additionalOf(original.json)
  if (additional === false) return []
  if (isOpen(additional)) {
    if (shapeOf(fresh).kind === 'any') return []
    return [
      difference(
        'ITEM_ADDED_TO_OPEN_CONTENT_MODEL',
        path,
        'The %old schema has an open content model, and the %new one has an item',
      ),
    ]
  }
  if (comparing.compare(located(original, additional), fresh, path).length === 0) return []
  return [
    difference(
      'ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      path,
      'The %old schema has a partially open content model that does not cover the item of the %new one',
    ),
  ]
}

function removed(comparing: Comparing, update: ValueShape, old: Located, path: string): Difference[] {
  const additional = additionalOf(update.json)
  if (isOpen(additional)) return []
  if (additional === false) {
    if (shapeOf(old).kind === 'nothing') return []
    return [
      difference(
        'ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL',
        path,
        'The %new schema has a closed content model and is missing an item of the %old one',
      ),
    ]
  }
  if (comparing.compare(old, located(update, additional), path).length === 0) return []
  return [
    difference(
      'ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      path,
      'The %new schema has a partially open content model that does not cover an item of the %old one',
    ),
  ]
}

function additionalDifferences(
  comparing: Comparing,
  original: ValueShape,
  update: ValueShape,
  path: string,
): Difference[] {
  const [before, after] = [additionalOf(original.json), additionalOf(update.json)]
  const place = `${path}/additionalItems`
  if (before === false || isOpen(after)) return []
  if (after === false)
    return [difference('ADDITIONAL_ITEMS_REMOVED', place, 'The %new schema admits no additional items')]
  if (isOpen(before))
    return [difference('ADDITIONAL_ITEMS_NARROWED', place, 'The %new schema narrows the additional items')]
  return comparing.compare(located(original, before), located(update, after), place)
}

/** The schema of every item; a list of schemas is a tuple, and beside `prefixItems` the schema is of the others. */
function itemOf(json: JsonObject): Json | undefined {
  const items = json.get('items')
  return isArray(items) || json.has('prefixItems') ? undefined : items
}

function tupleOf(json: JsonObject): readonly Json[] {
  const tuple = json.get('prefixItems') ?? json.get('items')
  return isArray(tuple) ? tuple : []
}

function additionalOf(json: JsonObject): Json | undefined {
  const beside = json.has('prefixItems')
    ? json.get('items')
    : isArray(json.get('items'))
      ? json.get('additionalItems')
      : undefined
  return beside ?? json.get('unevaluatedItems')
}

function isOpen(additional: Json | undefined): boolean {
  return additional === undefined || additional === true || (isObject(additional) && additional.size === 0)
}

function located({ document }: ValueShape, schema: Json | undefined): Located | undefined {
  return schema === undefined ? undefined : { schema, document }
}
