import { isArray, type JsonObject } from '../json'
import type { InlineTags } from '../kind'
import { type AvroType, fullName } from './schema'

const property = 'confluent:tags'

/** A type that is used again is looked at once. */
export function avroTags(schema: AvroType): InlineTags[] {
  const found: InlineTags[] = []
  const seen = new Set<AvroType>()
  const add = (path: string, type: InlineTags['type'], properties: JsonObject) => {
    const given = properties.get(property)
    const tags = isArray(given) ? given.filter((tag) => typeof tag === 'string') : []
    if (tags.length > 0) found.push({ path, type, tags })
  }
  const walk = (type: AvroType) => {
    if (seen.has(type)) return
    seen.add(type)
    if (type.kind === 'union') for (const branch of type.branches) walk(branch)
    else if (type.kind === 'array') walk(type.items)
    else if (type.kind === 'map') walk(type.values)
    else if (type.kind === 'record') {
      const name = fullName(type.name)
      add(name, 'sr_record', type.properties)
      for (const field of type.fields) {
        add(`${name}.${field.name}`, 'sr_field', field.properties)
        walk(field.type)
      }
    }
  }
  walk(schema)
  return found
}
