import type { JsonNode } from './json'

/** A line of a JSON tree: a value, or the head of an object or a list. */
export interface JsonLine {
  /** From the root: `.customer.tags[1]`. Empty for the root. */
  readonly path: string
  readonly depth: number
  /** `undefined` for the root. */
  readonly name: string | undefined
  readonly node: JsonNode
  readonly isOpen: boolean
}

/** Larger objects and lists are folded at first. */
const opensUpTo = 100

/** What a user has opened or folded; the rest follows `all`, or its size. */
export interface Folds {
  readonly all: 'open' | 'folded' | null
  readonly own: ReadonlyMap<string, boolean>
}

export const noFolds: Folds = { all: null, own: new Map() }

/** A field or an item, as JavaScript and jq write it. */
export function stepTo(name: string, isItem: boolean): string {
  if (isItem) return `[${name}]`
  return /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

/** The lines that can be seen: nothing is made of what is folded. */
export function linesOf(root: JsonNode, folds: Folds): readonly JsonLine[] {
  const lines: JsonLine[] = []
  const add = (node: JsonNode, name: string | undefined, path: string, depth: number) => {
    const isOpen = node.kind !== 'scalar' && node.entries.length > 0 && opens(node.entries.length, path, folds)
    lines.push({ path, depth, name, node, isOpen })
    if (node.kind === 'scalar' || !isOpen) return
    for (const entry of node.entries) {
      add(entry.value, entry.name, path + stepTo(entry.name, node.kind === 'array'), depth + 1)
    }
  }
  add(root, undefined, '', 0)
  return lines
}

function opens(entries: number, path: string, { all, own }: Folds): boolean {
  return own.get(path) ?? (all === null ? entries <= opensUpTo : all === 'open')
}

/** What a line shows, for a search. */
export function lineText({ name, node }: JsonLine): string {
  const value = node.kind === 'scalar' ? node.source : ''
  return name === undefined ? value : `${name}: ${value}`
}

/** Paths of all objects and lists that hold a match, so that they can be opened; every match opens its way. */
export function foldsFor(root: JsonNode, find: string, folds: Folds): Folds {
  if (find === '') return folds
  const wanted = find.toLowerCase()
  const own = new Map(folds.own)
  const look = (node: JsonNode, path: string): boolean => {
    if (node.kind === 'scalar') return node.source.toLowerCase().includes(wanted)
    let has = false
    for (const { name, value } of node.entries) {
      const isHere = look(value, path + stepTo(name, node.kind === 'array'))
      if (isHere || (node.kind === 'object' && name.toLowerCase().includes(wanted))) has = true
    }
    if (has) own.set(path, true)
    return has
  }
  look(root, '')
  return { ...folds, own }
}

/** The text of a scalar: of a string without its quotes and escapes, as an id is written elsewhere. */
export function scalarText(source: string): string {
  return source.startsWith('"') ? (JSON.parse(source) as string) : source
}
