import { SchemaError } from '../schema'
import { jsonNameOf, scalarNumbers, typeGroup } from './descriptor-write'
import {
  type ProtoEnum,
  type ProtoExtension,
  type ProtoField,
  type ProtoFile,
  type ProtoLabel,
  type ProtoMessage,
  type ProtoMethod,
  type ProtoOption,
  type ProtoService,
  scalarTypes,
} from './file'
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
import { readFields, readPacked, type WireFields } from './wire'

/** Messages within messages. */
const maxDepth = 32

/** Reads google.protobuf.FileDescriptorProto: what confluent-kafka-python registers, in base64. @throws SchemaError */
export function readDescriptor(bytes: Uint8Array): ProtoFile {
  return readFile(readFields(bytes))
}

function readFile(fields: WireFields): ProtoFile {
  const syntax = textOf(fields, 12)
  const publicOnes = numbersOf(fields, 10)
  const weakOnes = numbersOf(fields, 11)
  const edition = numbersOf(fields, 14)[0]
  const file = {
    syntax: syntax === 'editions' ? (edition === 1001 ? '2024' : '2023') : syntax || 'proto2',
    package: textOf(fields, 2),
  }
  return {
    ...file,
    imports: textsOf(fields, 3).map((path, i) => ({
      path,
      kind: publicOnes.includes(i) ? 'public' : weakOnes.includes(i) ? 'weak' : '',
    })),
    options: optionsOf(fields, 8, fileOptions),
    types: [
      ...messagesOf(fields, 4).map((message) => readMessage(message, file.syntax, 0)),
      ...messagesOf(fields, 5).map(readEnum),
    ],
    extensions: extensionsOf(messagesOf(fields, 7), file.syntax),
    services: messagesOf(fields, 6).map(readService),
  }
}

function readMessage(fields: WireFields, syntax: string, depth: number): ProtoMessage {
  if (depth > maxDepth) throw new SchemaError(`Messages are nested more than ${maxDepth} deep`)
  const name = textOf(fields, 1)
  const oneofs = messagesOf(fields, 8).map((oneof) => textOf(oneof, 1))
  const nested = messagesOf(fields, 3)
  const entries = new Map(
    nested.filter((inner) => isMapEntry(inner)).map((inner) => [textOf(inner, 1), messagesOf(inner, 2)]),
  )
  const given = messagesOf(fields, 2).map((field) => readField(field, syntax, oneofs, entries))
  const real = new Set(given.map(({ oneof }) => oneof))
  return {
    kind: 'message',
    name,
    options: optionsOf(fields, 7, messageOptions),
    fields: given,
    oneofs: oneofs.filter((oneof) => real.has(oneof)).map((oneof) => ({ name: oneof, options: [] })),
    types: [
      ...nested.filter((inner) => !isMapEntry(inner)).map((inner) => readMessage(inner, syntax, depth + 1)),
      ...messagesOf(fields, 4).map(readEnum),
    ],
    extensions: extensionsOf(messagesOf(fields, 6), syntax),
    reserved: [...rangesOf(fields, 9, 1), ...textsOf(fields, 10).map((text) => `"${text}"`)],
    extensionRanges: rangesOf(fields, 5, 1),
  }
}

function readField(
  fields: WireFields,
  syntax: string,
  oneofs: readonly string[],
  entries: ReadonlyMap<string, readonly WireFields[]>,
): ProtoField {
  const name = textOf(fields, 1)
  const typeName = textOf(fields, 6)
  const entry = entries.get(typeName.slice(typeName.lastIndexOf('.') + 1))
  const isProto3Optional = numbersOf(fields, 17)[0] === 1
  const oneofIndex = numbersOf(fields, 9)[0]
  const jsonName = textOf(fields, 10)
  const fallback = textOf(fields, 7)
  const type = numbersOf(fields, 5)[0] ?? 0
  const options: ProtoOption[] = [
    ...(fields.has(7) ? [{ name: 'default', value: defaultText(type, fallback) }] : []),
    ...(jsonName === '' || jsonName === jsonNameOf(name) ? [] : [{ name: 'json_name', value: `"${jsonName}"` }]),
    ...optionsOf(fields, 8, fieldOptions),
  ]
  const field = {
    name,
    number: numbersOf(fields, 3)[0] ?? 0,
    options,
    oneof: oneofIndex === undefined || isProto3Optional ? null : (oneofs[oneofIndex] ?? null),
    isGroup: type === typeGroup,
  }
  const [key, value] = entry ?? []
  if (key && value) return { ...field, label: '', type: typeOf(value), mapKey: typeOf(key) }
  const label = labelOf(numbersOf(fields, 4)[0] ?? 1, syntax, isProto3Optional, field.oneof)
  const written = field.isGroup ? typeName.slice(typeName.lastIndexOf('.') + 1) : typeOf(fields)
  return { ...field, label, type: written, mapKey: null }
}

/** The default of a text in quotes; of bytes it is escaped already. */
function defaultText(type: number, text: string): string {
  if (type === 9) return JSON.stringify(text)
  return type === 12 ? `"${text}"` : text
}

function labelOf(number: number, syntax: string, isProto3Optional: boolean, oneof: string | null): ProtoLabel {
  if (number === 2) return 'required'
  if (number === 3) return 'repeated'
  return isProto3Optional || (syntax === 'proto2' && oneof === null) ? 'optional' : ''
}

function typeOf(fields: WireFields): string {
  const name = textOf(fields, 6)
  if (name !== '') return name
  const type = numbersOf(fields, 5)[0] ?? 0
  const scalar = scalarTypes[(scalarNumbers as readonly number[]).indexOf(type)]
  if (!scalar) throw new SchemaError(`A field has the unknown type ${type}`)
  return scalar
}

function readEnum(fields: WireFields): ProtoEnum {
  return {
    kind: 'enum',
    name: textOf(fields, 1),
    options: optionsOf(fields, 3, enumOptions),
    values: messagesOf(fields, 2).map((value) => ({
      name: textOf(value, 1),
      number: (numbersOf(value, 2)[0] ?? 0) | 0,
      options: optionsOf(value, 3, valueOptions),
    })),
    reserved: [...rangesOf(fields, 4, 0), ...textsOf(fields, 5).map((text) => `"${text}"`)],
  }
}

function readService(fields: WireFields): ProtoService {
  return {
    name: textOf(fields, 1),
    options: optionsOf(fields, 3, serviceOptions),
    methods: messagesOf(fields, 2).map(
      (method): ProtoMethod => ({
        name: textOf(method, 1),
        input: textOf(method, 2),
        output: textOf(method, 3),
        options: optionsOf(method, 4, methodOptions),
        streamsInput: numbersOf(method, 5)[0] === 1,
        streamsOutput: numbersOf(method, 6)[0] === 1,
      }),
    ),
  }
}

function extensionsOf(messages: readonly WireFields[], syntax: string): ProtoExtension[] {
  const byExtendee = new Map<string, ProtoField[]>()
  for (const fields of messages) {
    const extendee = textOf(fields, 2)
    byExtendee.set(extendee, [...(byExtendee.get(extendee) ?? []), readField(fields, syntax, [], new Map())])
  }
  return [...byExtendee].map(([extendee, fields]) => ({ extendee, fields }))
}

/** `exclusive` is 1 where the end of a range is one beyond its last number. */
function rangesOf(fields: WireFields, number: number, exclusive: number): string[] {
  return messagesOf(fields, number).map((range) => {
    const from = numbersOf(range, 1)[0] ?? 0
    const to = (numbersOf(range, 2)[0] ?? 0) - exclusive
    if (to >= 536_870_911) return `${from} to max`
    return from === to ? String(from) : `${from} to ${to}`
  })
}

function isMapEntry(message: WireFields): boolean {
  return messagesOf(message, 7).some((options) => numbersOf(options, 7)[0] === 1)
}

function optionsOf(fields: WireFields, number: number, known: Known): ProtoOption[] {
  return messagesOf(fields, number).flatMap((options) =>
    Object.entries(known).flatMap(([name, { number: of, kind }]): ProtoOption[] => {
      if (!options.has(of)) return []
      if (kind === 'bool') return [{ name, value: String(numbersOf(options, of)[0] === 1) }]
      if (kind === 'string') return [{ name, value: JSON.stringify(textOf(options, of)) }]
      const value = kind[numbersOf(options, of)[0] ?? -1]
      return value ? [{ name, value }] : []
    }),
  )
}

function numbersOf(fields: WireFields, number: number): number[] {
  return (fields.get(number) ?? []).flatMap((value) => {
    if (typeof value === 'number') return [value]
    // Numbers may be packed.
    return readPacked(value)
  })
}

function bytesOf(fields: WireFields, number: number): Uint8Array[] {
  return (fields.get(number) ?? []).flatMap((value) => (typeof value === 'number' ? [] : [value]))
}

function textsOf(fields: WireFields, number: number): string[] {
  return bytesOf(fields, number).map((bytes) => Buffer.from(bytes).toString('utf8'))
}

function textOf(fields: WireFields, number: number): string {
  return textsOf(fields, number).at(-1) ?? ''
}

function messagesOf(fields: WireFields, number: number): WireFields[] {
  return bytesOf(fields, number).map(readFields)
}
