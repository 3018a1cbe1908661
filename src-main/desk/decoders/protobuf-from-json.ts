import { Enum, type Field, type Root, Type, util } from 'protobufjs'
import { type Json, JsonNumber, printJson } from '../../registry/json'

type Fields = Record<string, unknown>

/** A message that holds itself more often than this ends in an error. */
const deepest = 100

/**
 * A value of Protobuf's JSON mapping as the fields of a message, as `Type.fromObject` takes them: the way back from `protobufJson`. Fields go
 * by their name or their lowerCamelCase, null is a field that is not set, well-known types may stand as what they mean or as their fields.
 *
 * @throws Error that says which field does not fit
 */
export function protobufFields(root: Root, type: Type, json: Json, depth = 0): Fields {
  if (depth > deepest) throw new Error(`It is nested more than ${deepest} deep`)
  const known = wellKnown[type.fullName]
  const fields = known?.(json, { root, depth })
  if (fields) return fields
  if (!(json instanceof Map)) throw new Error(`${type.name} must be an object, not ${printJson(json)}`)
  const found: Fields = {}
  for (const [name, value] of json as ReadonlyMap<string, Json>) {
    const field = type.fieldsArray.find((one) => one.name === name || util.camelCase(one.name) === name)
    if (!field) throw new Error(`${name} is no field of ${type.fullName.replace(/^\./, '')}`)
    const set = fieldValue(root, field, value, depth)
    if (set !== undefined) found[field.name] = set
  }
  return found
}

function fieldValue(root: Root, field: Field, json: Json, depth: number): unknown {
  field.resolve()
  const one = (item: Json) => single(root, field, item, depth)
  if (json === null)
    return field.resolvedType?.fullName === '.google.protobuf.Value' && !field.repeated ? one(json) : undefined
  if (field.map) {
    if (!(json instanceof Map)) throw new Error(`${field.name} must be an object, not ${printJson(json)}`)
    return Object.fromEntries([...(json as ReadonlyMap<string, Json>)].map(([key, item]) => [key, one(item)]))
  }
  if (!field.repeated) return one(json)
  if (!Array.isArray(json)) throw new Error(`${field.name} must be a list, not ${printJson(json)}`)
  return (json as readonly Json[]).map(one)
}

function single(root: Root, { name, type, resolvedType }: Field, json: Json, depth: number): unknown {
  if (resolvedType instanceof Type) return protobufFields(root, resolvedType, json, depth + 1)
  const refuse = (what: string): never => {
    throw new Error(`${name} must be ${what}, not ${printJson(json)}`)
  }
  if (resolvedType instanceof Enum) {
    if (json instanceof JsonNumber) return Number(json.text)
    return typeof json === 'string' && json in resolvedType.values
      ? json
      : refuse(`one of ${Object.keys(resolvedType.values).join(', ')}`)
  }
  switch (type) {
    case 'bool':
      return typeof json === 'boolean' ? json : refuse('true or false')
    case 'string':
      return typeof json === 'string' ? json : refuse('text')
    case 'bytes':
      return typeof json === 'string' ? json : refuse('text, in base64')
    case 'float':
    case 'double':
      return numeric(json, /^(?:NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/) ?? refuse('a number')
    default:
      // Digits stay text: those of 64 bits are more than a JavaScript number holds.
      return numeric(json, /^-?\d+$/) ?? refuse('a whole number')
  }
}

/** The digits of a number, or of a text that is one (the JSON mapping writes 64 bits so). */
function numeric(json: Json, pattern: RegExp): string | number | undefined {
  const text = json instanceof JsonNumber ? json.text : json
  if (typeof text !== 'string' || !pattern.test(text)) return undefined
  return Number.isSafeInteger(Number(text)) || !/^-?\d+$/.test(text) ? Number(text) : text
}

interface Around {
  readonly root: Root
  readonly depth: number
}

type FromJson = (json: Json, around: Around) => Fields | undefined

const wrapped: FromJson = (json) => {
  if (json instanceof Map) return undefined
  return { value: json instanceof JsonNumber ? (numeric(json, /^/) ?? json.text) : json }
}

/** google.protobuf.* by what they mean; undefined where the value has another form, such as their fields. */
const wellKnown: Readonly<Record<string, FromJson>> = {
  '.google.protobuf.Timestamp': (json) => {
    if (typeof json !== 'string') return undefined
    const [, day, fraction = '', zone] =
      /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(json) ?? []
    const ms = Date.parse(`${day}${zone}`)
    if (Number.isNaN(ms)) throw new Error(`${printJson(json)} is no time such as "2026-11-30T12:00:00Z"`)
    return { seconds: ms / 1000, nanos: Number(fraction.padEnd(9, '0')) }
  },
  '.google.protobuf.Duration': (json) => {
    if (typeof json !== 'string') return undefined
    const [, sign, seconds, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(json) ?? []
    if (seconds === undefined) throw new Error(`${printJson(json)} is no duration such as "1.5s"`)
    return { seconds: `${sign}${seconds}`, nanos: Number(`${sign}${fraction.padEnd(9, '0')}`) }
  },
  '.google.protobuf.FieldMask': (json) =>
    typeof json === 'string' ? { paths: json === '' ? [] : json.split(',') } : undefined,
  '.google.protobuf.Struct': (json) => structOf(json),
  '.google.protobuf.Value': (json) => dynamic(json),
  '.google.protobuf.ListValue': (json) =>
    Array.isArray(json) ? { values: (json as readonly Json[]).map(dynamic) } : undefined,
  '.google.protobuf.Any': anyOf,
  ...Object.fromEntries(
    ['Double', 'Float', 'Int32', 'UInt32', 'Int64', 'UInt64', 'Bool', 'String', 'Bytes'].map((name) => [
      `.google.protobuf.${name}Value`,
      wrapped,
    ]),
  ),
}

function structOf(json: Json): Fields | undefined {
  if (!(json instanceof Map)) return undefined
  return {
    fields: Object.fromEntries([...(json as ReadonlyMap<string, Json>)].map(([key, item]) => [key, dynamic(item)])),
  }
}

/** Names of the JSON mapping, and of the file of the well-known types as protobufjs has it. */
function dynamic(json: Json): Fields {
  if (json === null) return { nullValue: 0 }
  if (typeof json === 'boolean') return { boolValue: json }
  if (typeof json === 'string') return { stringValue: json }
  if (json instanceof JsonNumber) return { numberValue: Number(json.text) }
  if (Array.isArray(json)) return { listValue: { values: (json as readonly Json[]).map(dynamic) } }
  return { structValue: structOf(json) }
}

function anyOf(json: Json, { root, depth }: Around): Fields | undefined {
  if (!(json instanceof Map)) return undefined
  const url = (json as ReadonlyMap<string, Json>).get('@type')
  if (typeof url !== 'string') return undefined
  const found = root.lookup(url.slice(url.lastIndexOf('/') + 1))
  const rest = new Map([...(json as ReadonlyMap<string, Json>)].filter(([key]) => key !== '@type'))
  if (!(found instanceof Type)) return { type_url: url, value: rest.get('value') ?? '' }
  const inner = wellKnown[found.fullName] && rest.has('value') ? (rest.get('value') ?? null) : rest
  return {
    type_url: url,
    value: found.encode(found.fromObject(protobufFields(root, found, inner, depth + 1))).finish(),
  }
}
