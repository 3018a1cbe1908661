import type { ComparedRow } from '../../../src-main/contract/comparison'

/** A line of JSON for each row, as `ottla compare --json` prints them. */
export function rowsAsJson(rows: readonly ComparedRow[]): string {
  return rows.map(({ kind, name, what, a, b }) => `${JSON.stringify({ kind, name, what, a, b })}\n`).join('')
}

/** Rows in columns below their titles; what a side does not have is a dash. */
export function rowsAsText(rows: readonly ComparedRow[], titles: readonly string[]): string {
  const lines = [titles, ...rows.map(({ kind, name, what, a, b }) => [kind, name, what, a ?? '-', b ?? '-'])]
  const widths = titles.map((_, column) => lines.reduce((most, line) => Math.max(most, line[column]?.length ?? 0), 0))
  return lines
    .map((line) => {
      const cells = line.map((cell, column) => cell.padEnd(widths[column] ?? 0))
      return `${cells.join('  ').trimEnd()}\n`
    })
    .join('')
}
