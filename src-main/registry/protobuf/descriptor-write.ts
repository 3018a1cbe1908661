import { Writer } from 'protobufjs/minimal'
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

/** `FieldDescriptorProto.Type` of the scalars, in the order of `scalarTypes`. */
export const scalarNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 17, 18] as const
export const typeGroup = 10
export const typeMessage = 11
export const typeEnum = 14
const largestNumber = 536_870_911

/** A file as google.protobuf.FileDescriptorProto. Options of one's own are left out: they need their extensions. */
export function writeDescriptor(file: ProtoFile, name: string, names: Names): Uint8Array {
  const writer = Writer.create()
  text(writer, 1, name)
  if (file.package !== '') text(writer, 2, file.package)
  for (const { path } of file.imports) text(writer, 3, path)
  for (const type of file.types) {
    if (type.kind === 'message') bytes(writer, 4, writeMessage(type, file.package, file, names))
  }
  for (const type of file.types) if (type.kind === 'enum') bytes(writer, 5, writeEnum(type))
  for (const service of file.services) bytes(writer, 6, writeService(service, file.package, names))
  for (const { extendee, fields } of file.extensions) {
    for (const field of fields) bytes(writer, 7, writeField(field, { file, names, scope: file.package, extendee }))
  }
  options(writer, 8, file.options, fileOptions)
  for (const [i, { kind }] of file.imports.entries()) {
    if (kind === 'public') writer.uint32(10 << 3).int32(i)
    if (kind === 'weak') writer.uint32(11 << 3).int32(i)
  }
  if (/^\d/.test(file.syntax)) {
    text(writer, 12, 'editions')
    writer.uint32(14 << 3).int32(file.syntax === '2023' ? 1000 : 1001)
  } else if (file.syntax === 'proto3') text(writer, 12, 'proto3')
  return writer.finish()
}

function writeMessage(message: ProtoMessage, around: string, file: ProtoFile, names: Names): Uint8Array {
  const writer = Writer.create()
  const scope = around === '' ? message.name : `${around}.${message.name}`
  text(writer, 1, message.name)
  const oneofs = message.oneofs.map(({ name }) => name)
  const optional = file.syntax === 'proto3' ? message.fields.filter(({ label }) => label === 'optional') : []
  for (const field of message.fields) {
    const place = field.oneof === null ? optional.indexOf(field) : oneofs.indexOf(field.oneof)
    const oneofIndex = place < 0 ? null : field.oneof === null ? oneofs.length + place : place
    bytes(writer, 2, writeField(field, { file, names, scope, oneofIndex }))
  }
  for (const type of message.types) {
    if (type.kind === 'message') bytes(writer, 3, writeMessage(type, scope, file, names))
  }
  for (const field of message.fields)
    if (field.mapKey !== null) bytes(writer, 3, writeEntry(field, { file, names, scope }))
  for (const type of message.types) if (type.kind === 'enum') bytes(writer, 4, writeEnum(type))
  for (const [from, to] of rangesOf(message.extensionRanges)) bytes(writer, 5, range(from, to + 1))
  options(writer, 7, message.options, messageOptions)
  for (const name of [...oneofs, ...optional.map(({ name: field }) => `_${field}`)]) {
    bytes(
      writer,
      8,
      Writer.create()
        .uint32((1 << 3) | 2)
        .string(name)
        .finish(),
    )
  }
  for (const [from, to] of rangesOf(message.reserved)) bytes(writer, 9, range(from, to + 1))
  for (const name of namesOf(message.reserved)) text(writer, 10, name)
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
  const writer = Writer.create()
  text(writer, 1, field.name)
  if (place.extendee !== undefined) text(writer, 2, fullType(place.extendee, place))
  writer.uint32(3 << 3).int32(field.number)
  const isRepeated = field.label === 'repeated' || field.mapKey !== null
  writer.uint32(4 << 3).int32(field.label === 'required' ? 2 : isRepeated ? 3 : 1)
  if (field.mapKey !== null) {
    writer.uint32(5 << 3).int32(typeMessage)
    text(writer, 6, `.${place.scope}.${entryName(field)}`)
  } else if (isScalar(field.type)) {
    writer.uint32(5 << 3).int32(scalarNumbers[scalarTypes.indexOf(field.type)]!)
  } else {
    const isEnum = place.names.resolve(field.type, place.scope)?.type.kind === 'enum'
    writer.uint32(5 << 3).int32(field.isGroup ? typeGroup : isEnum ? typeEnum : typeMessage)
    text(writer, 6, fullType(field.type, place))
  }
  const fallback = optionValue(field.options, 'default')
  // Of bytes a descriptor has the escaped form.
  if (fallback !== undefined) text(writer, 7, field.type === 'bytes' ? fallback.slice(1, -1) : unquoted(fallback))
  options(writer, 8, field.options, fieldOptions)
  if (typeof place.oneofIndex === 'number') writer.uint32(9 << 3).int32(place.oneofIndex)
  const jsonName = optionValue(field.options, 'json_name')
  text(writer, 10, jsonName === undefined ? jsonNameOf(field.name) : unquoted(jsonName))
  if (field.label === 'optional' && place.file.syntax === 'proto3') writer.uint32(17 << 3).bool(true)
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
  const writer = Writer.create()
  text(writer, 1, entryName(field))
  bytes(writer, 2, writeField(part('key', 1, field.mapKey ?? 'string'), place))
  bytes(writer, 2, writeField(part('value', 2, field.type), place))
  bytes(
    writer,
    7,
    Writer.create()
      .uint32(7 << 3)
      .bool(true)
      .finish(),
  )
  return writer.finish()
}

export function entryName({ name }: Pick<ProtoField, 'name'>): string {
  const camel = jsonNameOf(name)
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}Entry`
}

function writeEnum({ name, values, options: given, reserved }: ProtoEnum): Uint8Array {
  const writer = Writer.create()
  text(writer, 1, name)
  for (const value of values) {
    const inner = Writer.create()
    text(inner, 1, value.name)
    inner.uint32(2 << 3).int32(value.number)
    options(inner, 3, value.options, valueOptions)
    bytes(writer, 2, inner.finish())
  }
  options(writer, 3, given, enumOptions)
  for (const [from, to] of rangesOf(reserved)) bytes(writer, 4, range(from, to))
  for (const reservedName of namesOf(reserved)) text(writer, 5, reservedName)
  return writer.finish()
}

function writeService({ name, methods, options: given }: ProtoService, scope: string, names: Names): Uint8Array {
  const writer = Writer.create()
  text(writer, 1, name)
  for (const method of methods) {
    const inner = Writer.create()
    text(inner, 1, method.name)
    text(inner, 2, fullType(method.input, { names, scope }))
    text(inner, 3, fullType(method.output, { names, scope }))
    options(inner, 4, method.options, methodOptions)
    if (method.streamsInput) inner.uint32(5 << 3).bool(true)
    if (method.streamsOutput) inner.uint32(6 << 3).bool(true)
    bytes(writer, 2, inner.finish())
  }
  options(writer, 3, given, serviceOptions)
  return writer.finish()
}

function options(writer: Writer, number: number, given: readonly ProtoOption[], known: Known): void {
  const inner = Writer.create()
  for (const { name, value } of given) {
    const option = Object.hasOwn(known, name) ? known[name] : undefined
    if (!option) continue
    if (option.kind === 'bool') inner.uint32(option.number << 3).bool(value === 'true')
    else if (option.kind === 'string') text(inner, option.number, unquoted(value))
    else if (option.kind.includes(value)) inner.uint32(option.number << 3).int32(option.kind.indexOf(value))
  }
  const written = inner.finish()
  if (written.length > 0) bytes(writer, number, written)
}

function fullType(type: string, { names, scope }: Pick<FieldPlace, 'names' | 'scope'>): string {
  const definition = names.resolve(type, scope)
  if (definition) return `.${definition.fullName}`
  return type.startsWith('.') ? type : `.${type}`
}

function range(from: number, to: number): Uint8Array {
  return Writer.create()
    .uint32(1 << 3)
    .int32(from)
    .uint32(2 << 3)
    .int32(to)
    .finish()
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

function text(writer: Writer, number: number, value: string): void {
  writer.uint32((number << 3) | 2).string(value)
}

function bytes(writer: Writer, number: number, value: Uint8Array): void {
  writer.uint32((number << 3) | 2).bytes(value)
}
