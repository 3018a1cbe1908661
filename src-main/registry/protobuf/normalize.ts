import { compareText } from '../json'
import type { ProtoField, ProtoFile, ProtoMessage, ProtoOption, ProtoType } from './file'
import type { Names } from './names'

/** The same file for all that differ in order only: imports, options and fields in order, type names in full. */
export function normalizeProto(file: ProtoFile, names: Names): ProtoFile {
  return {
    ...file,
    imports: [...file.imports].sort((a, b) => compareText(a.path, b.path)),
    options: sorted(file.options),
    types: typesOf(file.types, file.package, names),
    services: file.services.map((service) => ({
      ...service,
      options: sorted(service.options),
      methods: service.methods.map((method) => ({
        ...method,
        input: fullName(method.input, file.package, names),
        output: fullName(method.output, file.package, names),
      })),
    })),
    extensions: file.extensions.map((extension) => ({
      extendee: fullName(extension.extendee, file.package, names),
      fields: fieldsOf(extension.fields, file.package, names),
    })),
  }
}

/** Messages first, as in a descriptor; their order is part of what the indexes in front of a value mean. */
function typesOf(types: readonly ProtoType[], scope: string, names: Names): ProtoType[] {
  const all = types.map((type) => normalizeType(type, scope, names))
  return [...all.filter(({ kind }) => kind === 'message'), ...all.filter(({ kind }) => kind === 'enum')]
}

function normalizeType(type: ProtoType, around: string, names: Names): ProtoType {
  if (type.kind === 'enum') {
    return { ...type, options: sorted(type.options), values: [...type.values].sort((a, b) => a.number - b.number) }
  }
  const scope = around === '' ? type.name : `${around}.${type.name}`
  const message: ProtoMessage = {
    ...type,
    options: sorted(type.options),
    fields: fieldsOf(type.fields, scope, names),
    types: typesOf(type.types, scope, names),
  }
  return message
}

function fieldsOf(fields: readonly ProtoField[], scope: string, names: Names): ProtoField[] {
  return fields
    .map((field) => ({ ...field, options: sorted(field.options), type: fullType(field, scope, names) }))
    .sort((a, b) => a.number - b.number)
}

function fullType({ type, isGroup }: ProtoField, scope: string, names: Names): string {
  return isGroup ? type : fullName(type, scope, names)
}

function fullName(type: string, scope: string, names: Names): string {
  const definition = names.resolve(type, scope)
  return definition ? `.${definition.fullName}` : type
}

function sorted(options: readonly ProtoOption[]): ProtoOption[] {
  return [...options].sort((a, b) => compareText(a.name, b.name))
}
