/** Where a command writes to: stdout for answers, stderr for what went wrong. */
export interface Output {
  readonly print: (text: string) => void
  readonly warn: (text: string) => void
}

/** Rows in columns; the first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** A number, or a dash where there is none. */
export function cell(value: bigint | null): string {
  return value === null ? '-' : String(value)
}
