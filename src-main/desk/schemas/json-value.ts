import { isArray, isObject, type Json, JsonNumber, printJson } from '../../registry/json'
import { followed, type Located } from '../../registry/json-schema/shape'

const maxDepth = 100

/**
 * Why a value is not of a JSON Schema, for what people type: types, required and further properties, enums, limits and combinations.
 * Patterns and formats are left to the consumer. undefined: nothing speaks against it.
 */
export function jsonValueProblem(at: Located, value: Json, path = '', depth = 0): string | undefined {
  const { schema, document } = followed(at)
  const where = path === '' ? 'The value' : path
  if (schema === false) return `${where} may not be there`
  if (!isObject(schema) || depth > maxDepth) return undefined
  const inner = (other: Json, item: Json, place: string) =>
    jsonValueProblem({ schema: other, document }, item, place, depth + 1)
  const type = schema.get('type')
  const names = typeof type === 'string' ? [type] : isArray(type) ? type : []
  if (names.length > 0 && !names.some((name) => isOfType(value, name))) return `${where} must be ${names.join(' or ')}`
  const listed = schema.get('enum')
  if (isArray(listed) && !listed.some((one) => isSame(one, value))) {
    return `${where} must be one of ${listed.map((one) => printJson(one)).join(', ')}`
  }
  const constant = schema.get('const')
  if (constant !== undefined && !isSame(constant, value)) return `${where} must be ${printJson(constant)}`
  const problems: (string | undefined)[] = []
  if (value instanceof JsonNumber)
    problems.push(limitProblem(schema, Number(value.text), ['minimum', 'maximum'], where))
  if (typeof value === 'string')
    problems.push(limitProblem(schema, [...value].length, ['minLength', 'maxLength'], `The length of ${where}`))
  if (isArray(value)) {
    problems.push(limitProblem(schema, value.length, ['minItems', 'maxItems'], `The length of ${where}`))
    const items = schema.get('items')
    if (items !== undefined && !isArray(items) && !schema.has('prefixItems')) {
      for (const [i, item] of value.entries()) problems.push(inner(items, item, `${path}[${i}]`))
    }
  }
  if (isObject(value)) problems.push(objectProblem(schema, value, path, inner))
  for (const one of listOf(schema.get('allOf'))) problems.push(inner(one, value, path))
  for (const keyword of ['anyOf', 'oneOf']) {
    const branches = listOf(schema.get(keyword))
    const found = branches.map((one) => inner(one, value, path))
    const fitting = found.filter((problem) => problem === undefined).length
    if (branches.length > 0 && fitting === 0) problems.push(found[0])
    if (keyword === 'oneOf' && fitting > 1) problems.push(`${where} fits more than one of oneOf`)
  }
  return problems.find((problem) => problem !== undefined)
}

function objectProblem(
  schema: ReadonlyMap<string, Json>,
  value: ReadonlyMap<string, Json>,
  path: string,
  inner: (schema: Json, value: Json, path: string) => string | undefined,
): string | undefined {
  const place = (name: string) => (path === '' ? name : `${path}.${name}`)
  const missing = listOf(schema.get('required')).find((name) => typeof name === 'string' && !value.has(name))
  if (missing !== undefined) return `${place(String(missing))} is missing`
  const properties = schema.get('properties')
  const known = isObject(properties) ? properties : new Map<string, Json>()
  const additional = schema.get('additionalProperties')
  for (const [name, item] of value) {
    const property = known.get(name)
    if (property !== undefined) {
      const problem = inner(property, item, place(name))
      if (problem !== undefined) return problem
    } else if (additional === false && !schema.has('patternProperties')) return `${place(name)} is no property of it`
    else if (isObject(additional)) {
      const problem = inner(additional, item, place(name))
      if (problem !== undefined) return problem
    }
  }
  return undefined
}

function limitProblem(
  schema: ReadonlyMap<string, Json>,
  size: number,
  [least, most]: readonly [string, string],
  where: string,
): string | undefined {
  const [min, max] = [schema.get(least), schema.get(most)]
  if (min instanceof JsonNumber && size < Number(min.text)) return `${where} must be at least ${min.text}`
  if (max instanceof JsonNumber && size > Number(max.text)) return `${where} must be at most ${max.text}`
  return undefined
}

function isOfType(value: Json, type: Json): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'number':
      return value instanceof JsonNumber
    case 'integer':
      return value instanceof JsonNumber && Number.isInteger(Number(value.text))
    case 'array':
      return isArray(value)
    case 'object':
      return isObject(value)
    default:
      return typeof value === type
  }
}

function isSame(a: Json, b: Json): boolean {
  if (a instanceof JsonNumber && b instanceof JsonNumber) return Number(a.text) === Number(b.text)
  return printJson(a, true) === printJson(b, true)
}

function listOf(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : []
}
