import { Enum, type Field, type Message, type Root, Type } from 'protobufjs'
import { isoInstant } from './instants'

type Fields = Readonly<Record<string, unknown>>
type ToJson = (type: Type, message: Message) => unknown

/** A message that holds itself more often than this ends in an error. */
const deepest = 100

/**
 * Messages as Protobuf's own JSON mapping has them, where that loses nothing: well-known types by what they mean, enums by name, defaults
 * of fields without presence. Field names stay as the schema has them; numbers of 64 bits are exact (bigint).
 */
export function protobufJson(root: Root, isImplicit: (field: Field) => boolean): ToJson {
  const messageJson = (type: Type, message: Fields, depth: number): unknown => {
    if (depth > deepest) throw new Error(`it is nested more than ${deepest} deep`)
    const known = wellKnown[type.fullName]
    if (known) return known(message, { root, json: (inner, fields) => messageJson(inner, fields, depth + 1) })
    const result: Record<string, unknown> = {}
    for (const field of type.fieldsArray) {
      const value = Object.hasOwn(message, field.name) ? message[field.name] : undefined
      const shown = fieldJson(field, value, depth)
      if (shown !== undefined) result[field.name] = shown
    }
    return result
  }
  const fieldJson = (field: Field, value: unknown, depth: number): unknown => {
    if (field.map) {
      if (value === undefined) return isImplicit(field) ? {} : undefined
      return Object.fromEntries(
        Object.entries(value as Fields).map(([key, item]) => [key, valueJson(field, item, depth)]),
      )
    }
    if (field.repeated) {
      if (value === undefined) return isImplicit(field) ? [] : undefined
      return (value as readonly unknown[]).map((item) => valueJson(field, item, depth))
    }
    if (value !== undefined) return valueJson(field, value, depth)
    const hasPresence = field.partOf !== null || field.resolvedType instanceof Type || !isImplicit(field)
    return hasPresence ? undefined : valueJson(field, field.typeDefault, depth)
  }
  const valueJson = (field: Field, value: unknown, depth: number): unknown => {
    const { resolvedType } = field
    if (resolvedType instanceof Type) return messageJson(resolvedType, value as Fields, depth + 1)
    if (resolvedType instanceof Enum) return resolvedType.valuesById[value as number] ?? value
    if (field.type === 'bytes') return typeof value === 'string' || Array.isArray(value) ? new Uint8Array() : value
    return scalar(value)
  }
  return (type, message) => messageJson(type, message as unknown as Fields, 0)
}

/** protobufjs gives 64 bits as Long. */
function scalar(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'low' in value ? BigInt(String(value)) : value
}

const whole = (value: unknown): bigint => BigInt(String(value ?? 0))

interface Around {
  readonly root: Root
  readonly json: (type: Type, fields: Fields) => unknown
}

/** google.protobuf.*, by what they mean (JSON mapping of Protobuf). What has no such form is shown as its fields. */
const wellKnown: Readonly<Record<string, (message: Fields, around: Around) => unknown>> = {
  '.google.protobuf.Timestamp': ({ seconds, nanos }) => {
    const at = whole(seconds) * 1_000_000_000n + whole(nanos)
    const text = isoInstant(at, 1_000_000n, 'Z')
    return text ? text.replace(/(\.\d{3})0{6}Z$/, '$1Z') : { seconds: whole(seconds), nanos: Number(nanos ?? 0) }
  },
  '.google.protobuf.Duration': ({ seconds, nanos }) => {
    const all = whole(seconds) * 1_000_000_000n + whole(nanos)
    const [sign, size] = all < 0n ? ['-', -all] : ['', all]
    const fraction = String(size % 1_000_000_000n)
      .padStart(9, '0')
      .replace(/0+$/, '')
    return `${sign}${size / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}s`
  },
  '.google.protobuf.Empty': () => ({}),
  '.google.protobuf.FieldMask': ({ paths = [] }) => (paths as readonly string[]).join(','),
  '.google.protobuf.Struct': ({ fields = {} }) =>
    Object.fromEntries(Object.entries(fields as Fields).map(([key, value]) => [key, dynamic(value as Fields)])),
  '.google.protobuf.Value': (message) => dynamic(message),
  '.google.protobuf.ListValue': ({ values = [] }) => (values as readonly Fields[]).map(dynamic),
  '.google.protobuf.Any': packed,
  ...Object.fromEntries(
    ['DoubleValue', 'FloatValue', 'Int32Value', 'UInt32Value'].map((name) => [name, 0 as unknown]).map(wrapper),
  ),
  ...Object.fromEntries(['Int64Value', 'UInt64Value'].map((name) => [name, 0n as unknown]).map(wrapper)),
  ...Object.fromEntries(
    [
      ['BoolValue', false as unknown],
      ['StringValue', ''],
      ['BytesValue', new Uint8Array()],
    ].map(wrapper),
  ),
}

function wrapper([name, usual]: readonly unknown[]) {
  return [`.google.protobuf.${String(name)}`, ({ value }: Fields) => scalar(value ?? usual)] as const
}

/** google.protobuf.Value: one of null, number, text, boolean, struct and list. */
function dynamic(value: Fields): unknown {
  const [kind, inner] = Object.entries(value)[0] ?? ['nullValue', null]
  const name = kind.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  switch (name) {
    case 'nullValue':
      return null
    case 'structValue':
      return Object.fromEntries(
        Object.entries((inner as { fields?: Fields }).fields ?? {}).map(([key, one]) => [key, dynamic(one as Fields)]),
      )
    case 'listValue':
      return ((inner as { values?: readonly Fields[] }).values ?? []).map(dynamic)
    default:
      return inner
  }
}

function packed(message: Fields, { root, json }: Around): unknown {
  const url = String(message.type_url ?? '')
  const value = (message.value ?? new Uint8Array()) as Uint8Array
  const found = root.lookup(url.slice(url.lastIndexOf('/') + 1))
  if (!(found instanceof Type)) return { '@type': url, value }
  const inner = json(found, found.decode(value) as unknown as Fields)
  const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
  return isObject ? { '@type': url, ...inner } : { '@type': url, value: inner }
}
