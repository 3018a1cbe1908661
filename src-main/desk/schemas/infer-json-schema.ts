import type { InferredNote } from '../../contract/topic-schemas'
import { fieldNotes, isMap, kindsOf, mapValues, type Shape } from './json-shape'

/**
 * A JSON Schema (draft 7) of what was seen. Its objects are closed (`additionalProperties: false`): a registry then lets a later version
 * add an optional property.
 */
export function jsonSchemaOf(shape: Shape, topic: string, notes: InferredNote[]): string {
  const head = { $schema: 'http://json-schema.org/draft-07/schema#', title: topic }
  return JSON.stringify({ ...head, ...schemaOf(shape, '', notes) }, null, 2)
}

function schemaOf(shape: Shape, path: string, notes: InferredNote[]): object {
  const kinds = kindsOf(shape)
  if (kinds.length > 1) notes.push({ kind: 'mixed', path, types: kinds })
  const names = kinds.map((kind) => (kind === 'number' && shape.decimals === 0 ? 'integer' : kind))
  const all = shape.nulls > 0 ? [...names, 'null'] : names
  if (kinds.length === 0) notes.push({ kind: 'unknown', path })
  return {
    ...(kinds.length === 0 ? {} : { type: all.length === 1 ? all[0] : all }),
    ...(shape.objects > 0 ? objectOf(shape, path, notes) : {}),
    ...(shape.lists > 0 ? { items: itemsOf(shape, path, notes) } : {}),
  }
}

function objectOf(shape: Shape, path: string, notes: InferredNote[]): object {
  if (isMap(shape)) return { additionalProperties: schemaOf(mapValues(shape), `${path}{}`, notes) }
  const fields = [...shape.fields].map(([name, field]) => {
    const place = path === '' ? name : `${path}.${name}`
    fieldNotes(shape, field, place, notes)
    return [name, schemaOf(field, place, notes)] as const
  })
  const required = [...shape.fields].flatMap(([name, { values }]) => (values === shape.objects ? [name] : []))
  return {
    properties: Object.fromEntries(fields),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  }
}

function itemsOf({ items }: Shape, path: string, notes: InferredNote[]): object {
  if (items && items.values > 0) return schemaOf(items, `${path}[]`, notes)
  notes.push({ kind: 'unknown', path: `${path}[]` })
  return {}
}
