/**
 * What a spreadsheet would run as a formula (OWASP: CSV injection), and what our own import takes for bytes. An apostrophe before it
 * makes it text, as in spreadsheets; the import takes that off again.
 */
const special = /^'*(?:[=+\-@\t\r]|base64:)/
const number = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Text as a cell of a CSV file that is inert in a spreadsheet. Numbers stay numbers. */
export function csvCell(text: string): string {
  return special.test(text) && !number.test(text) ? `'${text}` : text
}

/** The text of a cell again. */
export function fromCsvCell(cell: string): string {
  return cell.startsWith("'") && special.test(cell) ? cell.slice(1) : cell
}
