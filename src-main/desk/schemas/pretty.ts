import { isArray, isObject, type Json, JsonError, parseJson, printJson } from '../../registry/json'
import type { SchemaType } from '../../registry/schema'

/** The text of a schema for people: JSON in lines, every number and the order of keys as they are. */
export function prettyText(type: SchemaType, text: string): string {
  if (type === 'PROTOBUF') return text
  try {
    return lines(parseJson(text), '')
  } catch (error) {
    if (error instanceof JsonError) return text
    throw error
  }
}

/** A list or an object that is short stays in its line. */
const shortest = 72

function lines(json: Json, indent: string): string {
  const short = printJson(json)
  const inner = `${indent}  `
  if (isArray(json) && (short.length > shortest || json.some((item) => isObject(item)))) {
    return json.length === 0 ? '[]' : `[\n${json.map((item) => inner + lines(item, inner)).join(',\n')}\n${indent}]`
  }
  if (isObject(json) && json.size > 0) {
    const entries = [...json].map(([key, item]) => `${inner}${JSON.stringify(key)}: ${lines(item, inner)}`)
    return `{\n${entries.join(',\n')}\n${indent}}`
  }
  return isArray(json) ? `[${json.map((item) => printJson(item)).join(', ')}]` : short
}
