import { isObject, type Json, JsonError, parseJson, printJson } from '../json'
import type { CompatibilityPolicy, Difference, Parse, ParsedSchema } from '../kind'
import { SchemaError } from '../schema'
import { jsonDifferences } from './compatibility'
import { JsonSchemaDocument } from './document'
import { checkKeywords } from './keywords'

export interface ParsedJsonSchema extends ParsedSchema {
  readonly type: 'JSON'
  readonly document: JsonSchemaDocument
}

export function isJsonSchema(schema: ParsedSchema): schema is ParsedJsonSchema {
  return schema.type === 'JSON'
}

/** A JSON Schema, drafts 4 to 2020-12. References are known under their names, which are URLs; nothing is fetched. @throws SchemaError */
export const parseJsonSchema: Parse = (text, dependencies, { isNew, normalize }): ParsedJsonSchema => {
  const json = readJson(text)
  const others = new Map<string, JsonSchemaDocument>()
  for (const { name, parsed } of dependencies) {
    if (!isJsonSchema(parsed)) throw new SchemaError(`A reference of a JSON Schema is ${parsed.type}`)
    others.set(name, parsed.document)
  }
  const document = new JsonSchemaDocument(json, others)
  if (isNew) checkKeywords(json, document)
  return new JsonSchema(json, document, dependencies, normalize)
}

class JsonSchema implements ParsedJsonSchema {
  readonly type = 'JSON'
  readonly text: string
  readonly name: string | null
  readonly document: JsonSchemaDocument
  readonly dependencies: ParsedSchema['dependencies']

  constructor(
    json: Json,
    document: JsonSchemaDocument,
    dependencies: ParsedSchema['dependencies'],
    normalize: boolean,
  ) {
    this.text = printJson(json, normalize)
    const title = isObject(json) ? json.get('title') : undefined
    this.name = typeof title === 'string' ? title : null
    this.document = document
    this.dependencies = dependencies
  }

  isEqual(other: ParsedSchema): boolean {
    return isJsonSchema(other) && other.text === this.text
  }

  differences(writer: ParsedSchema, policy: CompatibilityPolicy): Difference[] {
    return isJsonSchema(writer) ? jsonDifferences(writer.document, this.document, policy) : []
  }

  resolved(): string {
    return this.text
  }
}

function readJson(text: string): Json {
  try {
    const json = parseJson(text)
    if (isObject(json) || typeof json === 'boolean') return json
  } catch (error) {
    if (error instanceof JsonError) throw new SchemaError(error.message)
    throw error
  }
  throw new SchemaError('A JSON Schema is an object, true or false')
}
