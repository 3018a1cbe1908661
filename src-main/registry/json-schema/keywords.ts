import { isArray, isObject, type Json, JsonNumber, type JsonObject } from '../json'
import { SchemaError } from '../schema'
import type { JsonSchemaDocument } from './document'

const types = new Set(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'])

type Check = (value: Json) => boolean

const isSchema: Check = (value) => typeof value === 'boolean' || isObject(value)
const isSchemaList: Check = (value) => isArray(value) && value.length > 0 && value.every(isSchema)
const isText: Check = (value) => typeof value === 'string'
const isFlag: Check = (value) => typeof value === 'boolean'
const isNumber: Check = (value) => value instanceof JsonNumber
const isCount: Check = (value) => value instanceof JsonNumber && /^\d+(\.0+)?$/.test(value.text)
const isTexts: Check = (value) => isArray(value) && value.every(isText)
const isSchemas: Check = (value) => isObject(value) && [...value.values()].every(isSchema)
const isType: Check = (value) => typeof value === 'string' && types.has(value)

/** What a keyword may hold in any draft from 4 to 2020-12. */
const keywords: Readonly<Record<string, Check>> = {
  $schema: isText,
  $ref: isText,
  title: isText,
  description: isText,
  type: (value) => isType(value) || (isArray(value) && value.length > 0 && value.every(isType)),
  enum: isArray,
  multipleOf: (value) => value instanceof JsonNumber && Number(value.text) > 0,
  maximum: isNumber,
  minimum: isNumber,
  exclusiveMaximum: (value) => isNumber(value) || isFlag(value),
  exclusiveMinimum: (value) => isNumber(value) || isFlag(value),
  maxLength: isCount,
  minLength: isCount,
  pattern: isText,
  items: (value) => isSchema(value) || (isArray(value) && value.every(isSchema)),
  prefixItems: isSchemaList,
  additionalItems: isSchema,
  unevaluatedItems: isSchema,
  contains: isSchema,
  maxItems: isCount,
  minItems: isCount,
  uniqueItems: isFlag,
  maxContains: isCount,
  minContains: isCount,
  properties: isSchemas,
  patternProperties: isSchemas,
  additionalProperties: isSchema,
  unevaluatedProperties: isSchema,
  propertyNames: isSchema,
  required: (value) => isTexts(value) || isFlag(value),
  maxProperties: isCount,
  minProperties: isCount,
  dependencies: (value) => isObject(value) && [...value.values()].every((item) => isSchema(item) || isTexts(item)),
  dependentRequired: (value) => isObject(value) && [...value.values()].every(isTexts),
  dependentSchemas: isSchemas,
  allOf: isSchemaList,
  anyOf: isSchemaList,
  oneOf: isSchemaList,
  not: isSchema,
  if: isSchema,
  else: isSchema,
  definitions: isSchemas,
  $defs: isSchemas,
}

/** Keywords that hold schemas: one, a list, or by name. */
const nested: readonly string[] = [
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
  'contains',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'dependencies',
  'dependentSchemas',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'definitions',
  '$defs',
]

/** Schemas directly within a schema. */
function subschemas(schema: JsonObject): Json[] {
  return nested.flatMap((keyword) => {
    const value = schema.get(keyword)
    if (value === undefined) return []
    if (isArray(value)) return value.filter(isSchema)
    const isByName = ['properties', 'patternProperties', 'dependencies', 'dependentSchemas', 'definitions', '$defs']
    if (isObject(value) && isByName.includes(keyword)) return [...value.values()].filter(isSchema)
    return isSchema(value) ? [value] : []
  })
}

/** Keywords hold what they may, and every `$ref` leads somewhere. @throws SchemaError */
export function checkKeywords(schema: Json, document: JsonSchemaDocument, path = '#'): void {
  if (typeof schema === 'boolean') return
  if (!isObject(schema)) throw new SchemaError(`A schema is an object, true or false; at ${path} it is something else`)
  for (const [keyword, value] of schema) {
    const check = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined
    if (check && !check(value)) throw new SchemaError(`${path}/${keyword} holds what it may not`)
  }
  const reference = schema.get('$ref')
  if (typeof reference === 'string') document.resolve(reference)
  for (const inner of subschemas(schema)) checkKeywords(inner, document, `${path}/…`)
}
