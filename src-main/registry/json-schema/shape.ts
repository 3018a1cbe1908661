import { isArray, isObject, type Json, JsonNumber, type JsonObject, printJson } from '../json'
import type { JsonSchemaDocument } from './document'

type Criterion = 'allOf' | 'anyOf' | 'oneOf'

/** A schema taken apart as Confluent's comparison sees it: one kind of assertion each, several as `allOf`. */
export type Shape =
  | { readonly kind: 'any' }
  | { readonly kind: 'nothing' }
  | { readonly kind: ValueKind; readonly json: JsonObject; readonly document: JsonSchemaDocument }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'not'; readonly schema: Located }
  | { readonly kind: 'conditional' }
  | { readonly kind: 'combined'; readonly criterion: Criterion; readonly parts: readonly Part[] }

/** A schema, and the document that its references are resolved in. */
export interface Located {
  readonly schema: Json
  readonly document: JsonSchemaDocument
}

/** A branch: a schema, or what was taken out of one. */
export type Part = Located | { readonly shape: Shape; readonly document: JsonSchemaDocument }

type ValueKind = 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array'

const keywordsOf: Readonly<Record<'string' | 'number' | 'object' | 'array', readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  object: [
    'properties',
    'patternProperties',
    'additionalProperties',
    'unevaluatedProperties',
    'required',
    'minProperties',
    'maxProperties',
    'dependencies',
    'dependentRequired',
    'dependentSchemas',
    'propertyNames',
  ],
  array: [
    'items',
    'prefixItems',
    'additionalItems',
    'unevaluatedItems',
    'minItems',
    'maxItems',
    'uniqueItems',
    'contains',
  ],
}

/** References that follow one another at most. */
const maxReferences = 100

/** The schema behind its `$ref`s; beside a `$ref`, draft 7 and earlier ignore everything. */
export function followed({ schema, document }: Located): Located {
  let at: Located = { schema, document }
  for (let i = 0; i < maxReferences; i++) {
    const reference = isObject(at.schema) ? at.schema.get('$ref') : undefined
    if (typeof reference !== 'string') return at
    const hasMore = isObject(at.schema) && at.document.draft > 7 && assertions(at.schema).length > 0
    if (hasMore) return at
    at = at.document.resolve(reference)
  }
  // A reference that leads in a circle asserts nothing.
  return { schema: true, document }
}

export function shapeOf(located: Located): Shape {
  const { schema, document } = followed(located)
  if (typeof schema === 'boolean') return { kind: schema ? 'any' : 'nothing' }
  if (!isObject(schema)) return { kind: 'any' }
  const shapes = assertions(schema)
  const reference = schema.get('$ref')
  const parts: Part[] = shapes.map((make) => ({ shape: make(document), document }))
  if (typeof reference === 'string' && document.draft > 7) {
    const target = document.resolve(reference)
    parts.push(target)
  }
  const [only] = parts
  if (!only) return { kind: 'any' }
  if (parts.length === 1) return 'shape' in only ? simplified(only.shape) : shapeOf(only)
  return { kind: 'combined', criterion: 'allOf', parts }
}

/** A combination of one is that one. */
function simplified(shape: Shape): Shape {
  const only = shape.kind === 'combined' && shape.parts.length === 1 ? shape.parts[0] : undefined
  if (!only) return shape
  return 'shape' in only ? simplified(only.shape) : shapeOf(only)
}

function assertions(json: JsonObject): ((document: JsonSchemaDocument) => Shape)[] {
  const found: ((document: JsonSchemaDocument) => Shape)[] = []
  const kinds = kindsOf(json)
  if (kinds.length === 1 && kinds[0]) {
    const [kind] = kinds
    found.push((document) => ({ kind, json, document }))
  } else if (kinds.length > 1) {
    const criterion = json.has('type') ? 'anyOf' : 'allOf'
    found.push((document) => ({
      kind: 'combined',
      criterion,
      parts: kinds.map((kind) => ({ shape: { kind, json, document }, document })),
    }))
  }
  const listed = json.get('enum')
  if (isArray(listed)) found.push(() => ({ kind: 'enum', values: listed.map(valueText) }))
  const constant = json.get('const')
  if (constant !== undefined) found.push(() => ({ kind: 'enum', values: [valueText(constant)] }))
  const not = json.get('not')
  if (not !== undefined) found.push((document) => ({ kind: 'not', schema: { schema: not, document } }))
  if (json.has('if')) found.push(() => ({ kind: 'conditional' }))
  for (const criterion of ['allOf', 'anyOf', 'oneOf'] as const) {
    const list = json.get(criterion)
    if (!isArray(list)) continue
    found.push((document) => ({
      kind: 'combined',
      criterion,
      parts: list.map((schema) => ({ schema, document })),
    }))
  }
  return found
}

function kindsOf(json: JsonObject): ValueKind[] {
  const type = json.get('type')
  const names = typeof type === 'string' ? [type] : isArray(type) ? type : undefined
  if (names) {
    const kinds = names.map((name) => (name === 'integer' ? 'number' : name)) as ValueKind[]
    return [...new Set(kinds)]
  }
  return (Object.keys(keywordsOf) as (keyof typeof keywordsOf)[]).filter((kind) =>
    keywordsOf[kind].some((keyword) => json.has(keyword)),
  )
}

/** Whether a schema of numbers admits integers only. */
export function isIntegerOnly(json: JsonObject): boolean {
  const type = json.get('type')
  const names = isArray(type) ? type : [type]
  return names.includes('integer') && !names.includes('number')
}

/** 1 and 1.0 are one value; the order of keys is none. */
function valueText(json: Json): string {
  return json instanceof JsonNumber ? String(Number(json.text)) : printJson(json, true)
}
