import {
  oneofMembers,
  type ProtoEnum,
  type ProtoExtension,
  type ProtoField,
  type ProtoFile,
  type ProtoMessage,
  type ProtoOption,
  type ProtoService,
  type ProtoType,
} from './file'

/** The text of a file as it is stored: without comments, in one layout. */
export function printProto(file: ProtoFile): string {
  const header = [
    /^\d/.test(file.syntax) ? `edition = "${file.syntax}";` : `syntax = "${file.syntax}";`,
    ...(file.package === '' ? [] : [`package ${file.package};`]),
  ]
  const imports = file.imports.map(({ path, kind }) => `import ${kind === '' ? '' : `${kind} `}"${path}";`)
  const sections = [
    header,
    imports,
    statementOptions(file.options),
    ...file.types.map((type) => printType(type)),
    ...file.extensions.map(printExtension),
    ...file.services.map(printService),
  ]
  const printed = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${printed.join('\n\n')}\n`
}

function printType(type: ProtoType): string[] {
  return type.kind === 'message' ? printMessage(type) : printEnum(type)
}

function printMessage(message: ProtoMessage): string[] {
  const groups = new Map(message.types.filter((type) => type.kind === 'message').map((type) => [type.name, type]))
  const isGroup = new Set(message.fields.filter((field) => field.isGroup).map(({ type }) => type))
  const members = oneofMembers(message)
  const field = (one: ProtoField) => printField(one, groups.get(one.type))
  const sections = [
    message.reserved.map((range) => `reserved ${range};`),
    statementOptions(message.options),
    message.fields.filter(({ oneof }) => oneof === null).flatMap(field),
    ...message.oneofs.map(({ name, options }) =>
      block(`oneof ${name}`, [...statementOptions(options), ...(members.get(name) ?? []).flatMap(field)]),
    ),
    message.extensionRanges.map((range) => `extensions ${range};`),
    ...message.extensions.map(printExtension),
    ...message.types.filter(({ name }) => !isGroup.has(name)).map(printType),
  ]
  return block(`message ${message.name}`, spaced(sections))
}

function printField(field: ProtoField, group: ProtoType | undefined): string[] {
  const label = field.label === '' ? '' : `${field.label} `
  const options = bracketOptions(field.options)
  if (field.isGroup && group?.kind === 'message') {
    const [first = '', ...rest] = printMessage(group)
    return [first.replace(/^message \S+/, `${label}group ${field.type} = ${field.number}${options}`), ...rest]
  }
  const type = field.mapKey === null ? field.type : `map<${field.mapKey}, ${field.type}>`
  return [`${label}${type} ${field.name} = ${field.number}${options};`]
}

function printEnum({ name, options, values, reserved }: ProtoEnum): string[] {
  return block(
    `enum ${name}`,
    spaced([
      reserved.map((range) => `reserved ${range};`),
      statementOptions(options),
      values.map((value) => `${value.name} = ${value.number}${bracketOptions(value.options)};`),
    ]),
  )
}

function printExtension({ extendee, fields }: ProtoExtension): string[] {
  return block(
    `extend ${extendee}`,
    fields.flatMap((field) => printField(field, undefined)),
  )
}

function printService({ name, options, methods }: ProtoService): string[] {
  const lines = methods.flatMap((method) => {
    const input = `${method.streamsInput ? 'stream ' : ''}${method.input}`
    const output = `${method.streamsOutput ? 'stream ' : ''}${method.output}`
    const head = `rpc ${method.name} (${input}) returns (${output})`
    return method.options.length === 0 ? [`${head};`] : block(head, statementOptions(method.options))
  })
  return block(`service ${name}`, [...statementOptions(options), ...lines])
}

function statementOptions(options: readonly ProtoOption[]): string[] {
  return options.map(({ name, value }) => `option ${name} = ${value};`)
}

function bracketOptions(options: readonly ProtoOption[]): string {
  return options.length === 0 ? '' : ` [${options.map(({ name, value }) => `${name} = ${value}`).join(', ')}]`
}

function block(head: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [`${head} {}`]
  return [`${head} {`, ...lines.map((line) => (line === '' ? '' : `  ${line}`)), '}']
}

/** Sections with an empty line between them. */
function spaced(sections: readonly (readonly string[])[]): string[] {
  return sections.filter((lines) => lines.length > 0).flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]))
}
