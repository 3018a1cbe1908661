import type { FormBranch, FormType, SchemaForm } from '../../../src-main/contract/schema-form'
import type { JsonNode } from './json'

type Types = SchemaForm['types']

/** The type that a name stands for. */
export function resolved(type: FormType, types: Types): FormType {
  return type.kind === 'named' ? (types[type.name] ?? { kind: 'json' }) : type
}

const maxDepth = 8

/** JSON of a value to begin with: what must be there, and nothing else. */
export function initialOf(given: FormType, types: Types, depth = 0): string {
  const type = resolved(given, types)
  switch (type.kind) {
    case 'record': {
      if (depth > maxDepth) return '{}'
      const fields = type.fields.filter(({ isOptional }) => !isOptional)
      return `{${fields.map((one) => `${JSON.stringify(one.name)}:${initialOf(one.type, types, depth + 1)}`).join(',')}}`
    }
    case 'enum':
      return JSON.stringify(type.symbols[0] ?? '')
    case 'union': {
      const branch = type.branches.find((one) => one.type.kind === 'null') ?? type.branches[0]
      return branch ? branchSource(branch, initialOf(branch.type, types, depth + 1)) : 'null'
    }
    case 'list':
      return '[]'
    case 'map':
      return '{}'
    case 'boolean':
      return 'false'
    case 'number':
    case 'exact':
      return '0'
    case 'text':
      return '""'
    default:
      return 'null'
  }
}

export function branchSource({ name }: FormBranch, source: string): string {
  return name === null ? source : `{${JSON.stringify(name)}:${source}}`
}

/** Which branch of a union a value is of, and the value without the name of the branch. */
export function branchOf(
  branches: readonly FormBranch[],
  node: JsonNode,
  types: Types,
): { readonly index: number; readonly node: JsonNode; readonly isNamed: boolean } {
  const only = node.kind === 'object' && node.entries.length === 1 ? node.entries[0] : undefined
  const named = only ? branches.findIndex(({ name }) => name === only.name) : -1
  if (only && named >= 0) return { index: named, node: only.value, isNamed: true }
  const plain = branches.findIndex(({ type }) => fits(resolved(type, types), node))
  return { index: plain, node, isNamed: false }
}

function fits(type: FormType, { kind, source }: JsonNode): boolean {
  switch (type.kind) {
    case 'null':
      return source === 'null'
    case 'boolean':
      return source === 'true' || source === 'false'
    case 'record':
    case 'map':
      return kind === 'object'
    case 'list':
      return kind === 'array'
    case 'enum':
      return source.startsWith('"') && type.symbols.includes(JSON.parse(source) as string)
    case 'text':
      return source.startsWith('"')
    case 'number':
      return isNumber(source)
    case 'exact':
      return isNumber(source) || source.startsWith('"')
    default:
      return source !== 'null'
  }
}

const isNumber = (source: string) => /^-?\d/.test(source)

/** An object with a member changed, added at its end, or with `null` removed. */
export function withMember(node: JsonNode | undefined, name: string, source: string | null): string {
  const entries = node && node.kind === 'object' ? node.entries : []
  const changed = entries.flatMap((entry) =>
    entry.name !== name
      ? [`${entry.nameSource}:${entry.value.source}`]
      : source === null
        ? []
        : [`${entry.nameSource}:${source}`],
  )
  const isNew = source !== null && !entries.some((entry) => entry.name === name)
  return `{${[...changed, ...(isNew ? [`${JSON.stringify(name)}:${source}`] : [])].join(',')}}`
}

/** A member of an object called something else. */
export function withName(node: JsonNode, from: string, to: string): string {
  const entries = node.kind === 'object' ? node.entries : []
  return `{${entries
    .map((entry) => `${entry.name === from ? JSON.stringify(to) : entry.nameSource}:${entry.value.source}`)
    .join(',')}}`
}

/** A list with an item changed, added at its end, or with `null` removed. */
export function withItem(node: JsonNode | undefined, index: number, source: string | null): string {
  const items = node && node.kind === 'array' ? node.entries.map(({ value }) => value.source) : []
  if (source === null) items.splice(index, 1)
  else items[Math.min(index, items.length)] = source
  return `[${items.join(',')}]`
}

/** What a field shows of a scalar. */
export function shownScalar(source: string): string {
  return source.startsWith('"') ? String(JSON.parse(source)) : source
}

/** JSON of what was typed: a number as it was typed where that is one, else text, which the check beside the form refuses. */
export function scalarSource(type: FormType, text: string): string {
  const isPlain =
    (type.kind === 'number' || type.kind === 'exact') && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)
  const isLong = type.kind === 'exact' && type.hint.endsWith('64')
  return isPlain && !isLong ? text : JSON.stringify(text)
}
