import type { Difference, Parse, ParsedSchema } from '../kind'
import { SchemaError } from '../schema'
import { checkProto } from './check'
import { type ProtoSide, protobufDifferences } from './compatibility'
import { readDescriptor } from './descriptor-read'
import { writeDescriptor } from './descriptor-write'
import type { ProtoFile } from './file'
import { enumsOf, messagesOf, Names } from './names'
import { normalizeProto } from './normalize'
import { parseProto } from './parse'
import { printProto } from './print'

/** Messages and enums of a file, and fields of all its messages: with more, each comparison would take seconds. */
const maxTypes = 10_000
const maxFields = 60_000

export interface ParsedProtobuf extends ParsedSchema, ProtoSide {
  readonly type: 'PROTOBUF'
  /** The file as google.protobuf.FileDescriptorProto in base64 (`format=serialized`). */
  serialized(name: string): string
  /** Every message in the order of the file, the nested ones behind theirs; with its path of indexes. */
  messages(): readonly ProtobufMessage[]
}

interface ProtobufMessage {
  readonly fullName: string
  readonly indexes: readonly number[]
}

export function isProtobuf(schema: ParsedSchema): schema is ParsedProtobuf {
  return schema.type === 'PROTOBUF'
}

/** A `.proto` file, or its descriptor in base64. References are its imports. @throws SchemaError */
export const parseProtobufSchema: Parse = (text, dependencies, { isNew, normalize }): ParsedProtobuf => {
  const given = readText(text)
  const imported = new Map<string, ProtoFile>()
  const collect = (schemas: ParsedSchema['dependencies']) => {
    for (const { name, parsed } of schemas) {
      if (!isProtobuf(parsed)) throw new SchemaError(`A reference of a Protobuf schema is ${parsed.type}`)
      if (imported.get(name) === parsed.file) continue
      imported.set(name, parsed.file)
      collect(parsed.dependencies)
    }
  }
  collect(dependencies)
  const names = new Names([given, ...imported.values()])
  if (isNew) checkProto(given, names, new Set(imported.keys()))
  const file = normalize ? normalizeProto(given, names) : given
  return new Protobuf(file, normalize ? new Names([file, ...imported.values()]) : names, dependencies)
}

class Protobuf implements ParsedProtobuf {
  readonly type = 'PROTOBUF'
  readonly file: ProtoFile
  readonly names: Names
  readonly text: string
  readonly name: string | null
  readonly dependencies: ParsedSchema['dependencies']
  /** Kept, since a registration is compared with every version of its subject. */
  #normalized: string | undefined

  constructor(file: ProtoFile, names: Names, dependencies: ParsedSchema['dependencies']) {
    this.file = file
    this.names = names
    this.text = printProto(file)
    const [first] = messagesOf(file)
    this.name = first?.[0] ?? null
    this.dependencies = dependencies
  }

  isEqual(other: ParsedSchema): boolean {
    return other instanceof Protobuf && (this.text === other.text || this.normalized === other.normalized)
  }

  get normalized(): string {
    this.#normalized ??= printProto(normalizeProto(this.file, this.names))
    return this.#normalized
  }

  differences(writer: ParsedSchema): Difference[] {
    return isProtobuf(writer) ? protobufDifferences(writer, this) : []
  }

  resolved(): string {
    return this.text
  }

  serialized(name: string): string {
    return Buffer.from(writeDescriptor(this.file, name, this.names)).toString('base64')
  }

  messages(): ProtobufMessage[] {
    const walk = (types: ProtoFile['types'], scope: string, path: readonly number[]): ProtobufMessage[] =>
      types
        .filter((type) => type.kind === 'message')
        .flatMap((type, i) => {
          const fullName = scope === '' ? type.name : `${scope}.${type.name}`
          const indexes = [...path, i]
          return [{ fullName, indexes }, ...walk(type.types, fullName, indexes)]
        })
    return walk(this.file.types, this.file.package, [])
  }
}

function readText(text: string): ProtoFile {
  const file = readFile(text)
  let [types, fields] = [enumsOf(file.types).length, 0]
  for (const [, message] of messagesOf(file)) {
    types++
    fields += message.fields.length
  }
  if (types > maxTypes) throw new SchemaError(`The schema has more than ${maxTypes} messages and enums`)
  if (fields > maxFields) throw new SchemaError(`The schema has more than ${maxFields} fields`)
  return file
}

function readFile(text: string): ProtoFile {
  const isBase64 =
    /^[A-Za-z0-9+/\s]+=*\s*$/.test(text) &&
    text.length > 8 &&
    !/^\s*(?:syntax|package|message|import|enum)\b/.test(text)
  return isBase64 ? readDescriptor(Buffer.from(text, 'base64')) : parseProto(text)
}
