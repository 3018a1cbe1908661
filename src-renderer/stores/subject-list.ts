import type { SchemasChange, SubjectLine } from '../../src-main/contract/schemas'

/** The subjects of the schema registry, in the order of their names. */
export interface Subjects {
  readonly level: string
  /** The whole list has come. */
  readonly isComplete: boolean
  readonly lines: readonly SubjectLine[]
  /** Names of those that have a live version. */
  readonly names: readonly string[]
}

/** The list after a change; lines that stay are the same objects. */
export function withChange(before: Subjects | null, change: SchemasChange): Subjects {
  const { isWhole, goesOn, level, changed, gone } = change
  const isComplete = !goesOn
  const base = before !== null && !isWhole ? before : { lines: [], names: [] }
  if (changed.length === 0 && gone.length === 0) return { ...base, level, isComplete }
  const replaced = new Set([...gone, ...changed.map(({ subject }) => subject)])
  const lines = [...base.lines.filter(({ subject }) => !replaced.has(subject)), ...changed].sort((a, b) =>
    a.subject < b.subject ? -1 : 1,
  )
  return { level, isComplete, lines, names: lines.filter(({ versions }) => versions > 0).map(({ subject }) => subject) }
}
