import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Where the corpus lies: the one kept here, or another one in the same form. */
const folder = process.env.GOLDEN_DIR ?? join(__dirname, 'data')

/** The lines of one file of the corpus. Integers that JSON.parse would round are quoted first; compare them as text. */
export function corpus<Line>(name: string): Line[] {
  const text = gunzipSync(readFileSync(join(folder, `${name}.jsonl.gz`))).toString('utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line.replace(/([[,:])(-?\d{16,})(?=[\],}])/g, '$1"$2"')) as Line)
}
