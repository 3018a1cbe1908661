import {
  isScalar,
  type ProtoEnum,
  type ProtoField,
  type ProtoFile,
  type ProtoMessage,
  type ProtoOption,
  type ProtoService,
  scalarTypes,
} from './file'
import type { Names } from './names'
import {
  enumOptions,
  fieldOptions,
  fileOptions,
  type Known,
  messageOptions,
  methodOptions,
  serviceOptions,
  valueOptions,
} from './option-numbers'
import { WireWriter } from './wire'

/** `FieldDescriptorProto.Type` of the scalars, in the order of `scalarTypes`. */
export const scalarNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 17, 18] as const
export const typeGroup = 10
const typeMessage = 11
const typeEnum = 14
const largestNumber = 536_870_911

/** A file as google.protobuf.FileDescriptorProto. Options of one's own are left out: they need their extensions. */
export function writeDescriptor(file: ProtoFile, name: string, names: Names): Uint8Array {
  const writer = new WireWriter()
  writer.text(1, name)
  if (file.package !== '') writer.text(2, file.package)
  for (const { path } of file.imports) writer.text(3, path)
  for (const type of file.types) {
    if (type.kind === 'message') writer.bytes(4, writeMessage(type, file.package, file, names))
  }
  for (const type of file.types) if (type.kind === 'enum') writer.bytes(5, writeEnum(type))
  for (const service of file.services) writer.bytes(6, writeService(service, file.package, names))
  for (const { extendee, fields } of file.extensions) {
    for (const field of fields) writer.bytes(7, writeField(field, { file, names, scope: file.package, extendee }))
  }
  options(writer, 8, file.options, fileOptions)
  for (const [i, { kind }] of file.imports.entries()) {
    if (kind === 'public') writer.number(10, i)
    if (kind === 'weak') writer.number(11, i)
  }
  if (/^\d/.test(file.syntax)) {
    writer.text(12, 'editions')
    writer.number(14, file.syntax === '2023' ? 1000 : 1001)
  } else if (file.syntax === 'proto3') writer.text(12, 'proto3')
  return writer.finish()
}

function writeMessage(message: ProtoMessage, around: string, file: ProtoFile, names: Names): Uint8Array {
  const writer = new WireWriter()
  const scope = around === '' ? message.name : `${around}.${message.name}`
  writer.text(1, message.name)
  const oneofs = message.oneofs.map(({ name }) => name)
  const placeOfOneof = new Map(oneofs.map((name, i) => [name, i]))
  const optional = file.syntax === 'proto3' ? message.fields.filter(({ label }) => label === 'optional') : []
  const placeOfOptional = new Map(optional.map((field, i) => [field, i]))
  for (const field of message.fields) {
    const place = (field.oneof === null ? placeOfOptional.get(field) : placeOfOneof.get(field.oneof)) ?? -1
    const oneofIndex = place < 0 ? null : field.oneof === null ? oneofs.length + place : place
    writer.bytes(2, writeField(field, { file, names, scope, oneofIndex }))
  }
  for (const type of message.types) {
    if (type.kind === 'message') writer.bytes(3, writeMessage(type, scope, file, names))
  }
  for (const field of message.fields)
    if (field.mapKey !== null) writer.bytes(3, writeEntry(field, { file, names, scope }))
  for (const type of message.types) if (type.kind === 'enum') writer.bytes(4, writeEnum(type))
  for (const [from, to] of rangesOf(message.extensionRanges)) writer.bytes(5, range(from, to + 1))
  options(writer, 7, message.options, messageOptions)
  for (const name of [...oneofs, ...optional.map(({ name: field }) => `_${field}`)]) {
    writer.bytes(8, new WireWriter().text(1, name).finish())
  }
  for (const [from, to] of rangesOf(message.reserved)) writer.bytes(9, range(from, to + 1))
  for (const name of namesOf(message.reserved)) writer.text(10, name)
  return writer.finish()
}

interface FieldPlace {
  readonly file: ProtoFile
  readonly names: Names
  readonly scope: string
  readonly oneofIndex?: number | null
  readonly extendee?: string
}

function writeField(field: ProtoField, place: FieldPlace): Uint8Array {
  const writer = new WireWriter()
  writer.text(1, field.name)
  if (place.extendee !== undefined) writer.text(2, fullType(place.extendee, place))
  writer.number(3, field.number)
  const isRepeated = field.label === 'repeated' || field.mapKey !== null
  writer.number(4, field.label === 'required' ? 2 : isRepeated ? 3 : 1)
  if (field.mapKey !== null) {
    writer.number(5, typeMessage)
    writer.text(6, `.${place.scope}.${entryName(field)}`)
  } else if (isScalar(field.type)) {
    writer.number(5, scalarNumbers[scalarTypes.indexOf(field.type)]!)
  } else {
    const isEnum = place.names.resolve(field.type, place.scope)?.type.kind === 'enum'
    writer.number(5, field.isGroup ? typeGroup : isEnum ? typeEnum : typeMessage)
    writer.text(6, fullType(field.type, place))
  }
  const fallback = optionValue(field.options, 'default')
  // Of bytes a descriptor has the escaped form.
  if (fallback !== undefined) writer.text(7, field.type === 'bytes' ? fallback.slice(1, -1) : unquoted(fallback))
  options(writer, 8, field.options, fieldOptions)
  if (typeof place.oneofIndex === 'number') writer.number(9, place.oneofIndex)
  const jsonName = optionValue(field.options, 'json_name')
  writer.text(10, jsonName === undefined ? jsonNameOf(field.name) : unquoted(jsonName))
  if (field.label === 'optional' && place.file.syntax === 'proto3') writer.bool(17, true)
  return writer.finish()
}

/** A map is a repeated message of keys and values. */
function writeEntry(field: ProtoField, place: FieldPlace): Uint8Array {
  const part = (name: string, number: number, type: string): ProtoField => ({
    label: '',
    type,
    name,
    number,
    options: [],
    mapKey: null,
    oneof: null,
    isGroup: false,
  })
  const writer = new WireWriter()
  writer.text(1, entryName(field))
  writer.bytes(2, writeField(part('key', 1, field.mapKey ?? 'string'), place))
  writer.bytes(2, writeField(part('value', 2, field.type), place))
  writer.bytes(7, new WireWriter().bool(7, true).finish())
  return writer.finish()
}

function entryName({ name }: Pick<ProtoField, 'name'>): string {
  const camel = jsonNameOf(name)
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}Entry`
}

function writeEnum({ name, values, options: given, reserved }: ProtoEnum): Uint8Array {
  const writer = new WireWriter()
  writer.text(1, name)
  for (const value of values) {
    const inner = new WireWriter()
    inner.text(1, value.name)
    inner.number(2, value.number)
    options(inner, 3, value.options, valueOptions)
    writer.bytes(2, inner.finish())
  }
  options(writer, 3, given, enumOptions)
  for (const [from, to] of rangesOf(reserved)) writer.bytes(4, range(from, to))
  for (const reservedName of namesOf(reserved)) writer.text(5, reservedName)
  return writer.finish()
}

function writeService({ name, methods, options: given }: ProtoService, scope: string, names: Names): Uint8Array {
  const writer = new WireWriter()
  writer.text(1, name)
  for (const method of methods) {
    const inner = new WireWriter()
    inner.text(1, method.name)
    inner.text(2, fullType(method.input, { names, scope }))
    inner.text(3, fullType(method.output, { names, scope }))
    options(inner, 4, method.options, methodOptions)
    if (method.streamsInput) inner.bool(5, true)
    if (method.streamsOutput) inner.bool(6, true)
    writer.bytes(2, inner.finish())
  }
  options(writer, 3, given, serviceOptions)
  return writer.finish()
}

function options(writer: WireWriter, number: number, given: readonly ProtoOption[], known: Known): void {
  const inner = new WireWriter()
  for (const { name, value } of given) {
    const option = Object.hasOwn(known, name) ? known[name] : undefined
    if (!option) continue
    if (option.kind === 'bool') inner.bool(option.number, value === 'true')
    else if (option.kind === 'string') inner.text(option.number, unquoted(value))
    else if (option.kind.includes(value)) inner.number(option.number, option.kind.indexOf(value))
  }
  const written = inner.finish()
  if (written.length > 0) writer.bytes(number, written)
}

function fullType(type: string, { names, scope }: Pick<FieldPlace, 'names' | 'scope'>): string {
  const definition = names.resolve(type, scope)
  if (definition) return `.${definition.fullName}`
  return type.startsWith('.') ? type : `.${type}`
}

function range(from: number, to: number): Uint8Array {
  return new WireWriter().number(1, from).number(2, to).finish()
}

function rangesOf(texts: readonly string[]): (readonly [number, number])[] {
  return texts.flatMap((one) => {
    const match = /^(-?\d+)(?: to (-?\d+|max))?$/.exec(one)
    if (!match) return []
    const from = Number(match[1])
    return [[from, match[2] === 'max' ? largestNumber : match[2] === undefined ? from : Number(match[2])] as const]
  })
}

function namesOf(texts: readonly string[]): string[] {
  return texts.filter((one) => one.startsWith('"')).map((one) => one.slice(1, -1))
}

function optionValue(given: readonly ProtoOption[], name: string): string | undefined {
  return given.find((option) => option.name === name)?.value
}

/** The text that an option's value stands for: its escapes are C's. */
function unquoted(value: string): string {
  if (!value.startsWith('"')) return value
  return value
    .slice(1, -1)
    .replace(
      /\\(?:([xX])([\da-fA-F]{1,2})|([0-7]{1,3})|u([\da-fA-F]{4})|([\s\S]))/g,
      (
        _,
        isHex: string | undefined,
        hex: string,
        octal: string | undefined,
        unicode: string | undefined,
        sign: string,
      ) => {
        if (isHex) return String.fromCharCode(Number.parseInt(hex, 16))
        if (octal) return String.fromCharCode(Number.parseInt(octal, 8))
        if (unicode) return String.fromCharCode(Number.parseInt(unicode, 16))
        return escapes[sign] ?? sign
      },
    )
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' }

/** protoc's lowerCamelCase: `order_id` is `orderId`. */
export function jsonNameOf(name: string): string {
  return name.replace(/_+(\w?)/g, (_, letter: string) => letter.toUpperCase())
}
