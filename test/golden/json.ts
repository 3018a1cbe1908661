import { covers, type Field, type Fields } from '../../src-main/protocol/schema'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** A decoded struct in the form of the corpus: the fields of the version, tagged ones only when not at their default. */
export function toJson(fields: Fields, version: number, value: Record<string, unknown>): Json {
  const out: { [name: string]: Json } = {}
  for (const [name, field] of Object.entries(fields)) {
    if (!covers(field.options, version)) continue
    const json = fieldToJson(field, version, value[name])
    if (field.type === 'records') out.recordsBase64 = json
    else out[name] = json
  }
  return out
}

function fieldToJson(field: Field, version: number, value: unknown): Json {
  if (value === null) return null
  if (value instanceof Uint8Array) return base64(value)
  if (typeof value === 'bigint')
    return value.toString().replace('-', '').length >= 16 ? value.toString() : Number(value)
  if (Array.isArray(value)) return value.map((item) => fieldToJson(field.item as Field, version, item))
  if (field.type === 'struct') return toJson(field.fields as Fields, version, value as Record<string, unknown>)
  return value as Json
}

/** What to encode for a JSON of the corpus. */
export function fromJson(fields: Fields, json: { [name: string]: Json }): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = field.type === 'records' ? json.recordsBase64 : json[name]
    if (value !== undefined) out[name] = fieldFromJson(field, value)
  }
  return out
}

function fieldFromJson(field: Field, json: Json): unknown {
  if (json === null) return null
  switch (field.type) {
    case 'int64':
      return BigInt(json as string | number)
    case 'bytes':
    case 'records':
      return Buffer.from(json as string, 'base64')
    case 'array':
      return (json as Json[]).map((item) => fieldFromJson(field.item as Field, item))
    case 'struct':
      return fromJson(field.fields as Fields, json as { [name: string]: Json })
    default:
      return json
  }
}

/**
 * The corpus' JSON without what it repeats (`records` and its size beside the base64 form). Tagged fields that it leaves
 * out are at their default and are added, so that both sides show every field.
 */
export function completeJson(
  fields: Fields,
  version: number,
  json: { [name: string]: Json },
  initial: Record<string, unknown>,
): Json {
  const out: { [name: string]: Json } = {}
  for (const [name, field] of Object.entries(fields)) {
    if (!covers(field.options, version)) continue
    const key = field.type === 'records' ? 'recordsBase64' : name
    const given = json[key]
    if (given === undefined) out[key] = fieldToJson(field, version, initial[name])
    else out[key] = complete(field, version, given, initial[name])
  }
  return out
}

function complete(field: Field, version: number, json: Json, initial: unknown): Json {
  if (json === null) return null
  if (field.type === 'array')
    return (json as Json[]).map((item) => complete(field.item as Field, version, item, undefined))
  if (field.type !== 'struct') return json
  return completeJson(
    field.fields as Fields,
    version,
    json as { [name: string]: Json },
    (initial ?? defaultsOf(field)) as Record<string, unknown>,
  )
}

function defaultsOf(field: Field): Record<string, unknown> {
  return defaults(field.fields as Fields)
}

/** Every field at its default, as a decoder gives it for a version that has none of them. */
export function defaults(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, defaultOf(field)]))
}

function defaultOf(field: Field): unknown {
  if (field.options.default !== undefined) return field.options.default
  const zeros: Record<string, unknown> = {
    bool: false,
    int64: 0n,
    string: '',
    uuid: 'AAAAAAAAAAAAAAAAAAAAAA',
    bytes: new Uint8Array(0),
    records: null,
    array: [],
  }
  if (field.type === 'struct') return defaults(field.fields as Fields)
  return field.type in zeros ? zeros[field.type] : 0
}
