import type { FormType, SchemaForm } from '../../../src-main/contract/schema-form'
import { branchOf, resolved, scalarSource } from './form-json'
import { readJson } from './json'

/** A row of a spreadsheet as JSON of a schema: each column is a field, and a cell is what the type of the field says. */
export function rowJson(fields: Readonly<Record<string, string>>, { root, types }: SchemaForm): string {
  const record = resolved(root, types)
  const known = record.kind === 'record' ? record.fields : []
  const members = Object.entries(fields).flatMap(([name, cell]) => {
    const field = known.find((one) => one.name === name)
    const source = field ? cellJson(cell, field.type, types) : JSON.stringify(cell)
    // An empty cell is a field that is not there, where it may be missing.
    if (cell === '' && field?.isOptional) return []
    return [`${JSON.stringify(name)}:${source}`]
  })
  return `{${members.join(',')}}`
}

function cellJson(cell: string, given: FormType, types: SchemaForm['types']): string {
  const type = resolved(given, types)
  switch (type.kind) {
    case 'text':
    case 'enum':
      return JSON.stringify(cell)
    case 'number':
    case 'exact':
      return scalarSource(type, cell)
    case 'null':
      return cell === '' ? 'null' : JSON.stringify(cell)
    case 'boolean':
      return /^(true|false)$/i.test(cell) ? cell.toLowerCase() : JSON.stringify(cell)
    case 'union': {
      if (cell === '' && type.branches.some((branch) => branch.type.kind === 'null')) return 'null'
      const sources = type.branches.map((branch) => cellJson(cell, branch.type, types))
      const fitting = sources.find((source, i) => {
        const node = readJson(source)
        const branch = type.branches[i]
        return node && branch && branch.type.kind !== 'null' && branchOf([branch], node, types).index === 0
      })
      return fitting ?? JSON.stringify(cell)
    }
    default:
      return readJson(cell) ? cell : JSON.stringify(cell)
  }
}
