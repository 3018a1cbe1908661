import Papa from 'papaparse'
import { type FilePiece, piecesOf } from './file-lines'

export interface CsvRow {
  /** The line on which it starts. */
  readonly number: number
  /** Values by the column names of the first line. */
  readonly fields: Readonly<Record<string, string>>
}

/**
 * Reads the rows of a CSV file whose first line names the columns, piece by piece. Pieces end with a row: a line break inside quotes does
 * not end it.
 *
 * @throws Error that names the line
 */
export async function* csvRows(file: Blob): AsyncGenerator<FilePiece<CsvRow>> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let readBytes = 0
  let rest = ''
  let scanned = 0
  let isQuoted = false
  let number = 1
  let names: readonly string[] | undefined
  let delimiter = ''
  const read = (text: string): CsvRow[] => {
    if (delimiter === '') delimiter = Papa.parse(text, { preview: 1 }).meta.delimiter
    const { data, errors } = Papa.parse<string[]>(text, { delimiter })
    const [error] = errors
    if (error) throw new Error(`Line ${number + (error.row ?? 0)}: ${error.message}.`)
    let line = number
    number += text.split('\n').length
    return data.flatMap((values) => {
      const row = { number: line, values }
      line += 1 + values.reduce((sum, value) => sum + (value.split('\n').length - 1), 0)
      if (values.length === 1 && values[0] === '') return []
      if (!names) {
        names = values
        return []
      }
      if (values.length !== names.length) {
        throw new Error(`Line ${row.number} has ${values.length} fields, and the first line names ${names.length}.`)
      }
      const entries = names.map((name, i) => [name, values[i] as string] as const)
      return [{ number: row.number, fields: Object.fromEntries(entries) }]
    })
  }
  for await (const piece of piecesOf(file)) {
    readBytes += piece.length
    rest += decoded(decoder, piece, true)
    let end = 0
    // Quotes inside quotes are doubled: each one toggles the state.
    for (; scanned < rest.length; scanned++) {
      const char = rest[scanned]
      if (char === '"') isQuoted = !isQuoted
      else if (char === '\n' && !isQuoted) end = scanned + 1
    }
    if (end === 0) continue
    // Without its last line break, after which there is no row.
    const rows = read(rest.slice(0, end).replace(/\r?\n$/, ''))
    rest = rest.slice(end)
    scanned = rest.length
    yield { items: rows, readBytes }
  }
  rest += decoded(decoder, new Uint8Array(), false)
  if (rest !== '') yield { items: read(rest), readBytes }
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch {
    throw new Error('The file is not UTF-8. Save it in the spreadsheet as "CSV UTF-8".')
  }
}
