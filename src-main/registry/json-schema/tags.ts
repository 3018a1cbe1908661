import { isArray, isObject, type Json } from '../json'
import type { InlineTags } from '../kind'

const property = 'confluent:tags'
/** Schemas within schemas that are followed. */
const maxDepth = 100

/**
 * Tags of objects and of their properties. A path names what is passed on the way (Confluent's JsonSchema): `object.items.array.object.sku`,
 * `object.card.oneof.1`.
 */
export function jsonTags(root: Json): InlineTags[] {
  const found: InlineTags[] = []
  const add = (path: string, type: InlineTags['type'], schema: Json) => {
    const given = isObject(schema) ? schema.get(property) : undefined
    const tags = isArray(given) ? given.filter((tag) => typeof tag === 'string') : []
    if (tags.length > 0) found.push({ path, type, tags })
  }
  const walk = (schema: Json, scope: string, depth: number) => {
    if (!isObject(schema) || depth > maxDepth) return
    const within = (name: string, inner: Json) => walk(inner, `${scope}${name}.`, depth + 1)
    const properties = schema.get('properties')
    if (schema.get('type') === 'object' || isObject(properties)) {
      add(`${scope}object`, 'sr_record', schema)
      if (isObject(properties)) {
        for (const [name, inner] of properties) {
          add(`${scope}object.${name}`, 'sr_field', inner)
          within(`object.${name}`, inner)
        }
      }
    }
    const items = schema.get('items')
    if (isArray(items)) for (const inner of items) within('array', inner)
    else if (items !== undefined) within('array', items)
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      const branches = schema.get(keyword)
      if (isArray(branches)) for (const [i, inner] of branches.entries()) within(`${keyword.toLowerCase()}.${i}`, inner)
    }
    const not = schema.get('not')
    if (not !== undefined) within('not', not)
  }
  walk(root, '', 0)
  return found
}
