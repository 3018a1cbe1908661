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

type Value = string | bigint | number | null | readonly string[]

/** What a row of a table says, by the name of its column: `currentOffset` stands below CURRENT-OFFSET. */
export type Row = Readonly<Record<string, Value>>

/** Rows below their columns. */
export function tableOf(columns: readonly string[], rows: readonly Row[]): string {
  const head = columns.map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter}`).toUpperCase())
  return table([head, ...rows.map((row) => columns.map((name) => textOf(row[name] ?? null)))])
}

function textOf(value: Value): string {
  const text = typeof value === 'object' ? value?.join(' ') : String(value)
  return text || '-'
}

/** One line. Offsets are numbers as far as JSON readers have them exactly, else strings. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'bigint') return part
    return Number.isSafeInteger(Number(part)) ? Number(part) : String(part)
  })}\n`
}
