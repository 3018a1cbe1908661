import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { sourcesIn, withoutComments } from './sources'

const components = sourcesIn('src-renderer', ['.tsx'])

/** Text of JSX that stands in the markup: `>Save<`, a line of words, or an attribute that users read. */
const inMarkup = [
  />\s*[A-Za-z][A-Za-z’']+(?: [^<>{}=;()]*)?<\//,
  /^\s+[A-Z][a-z]+(?: [a-z’',]+)+[.…]?$/,
  /\b(?:aria-label|aria-description|title|label|description|placeholder)="[^"]*[a-z]{2}[^"]*"/,
]

/** Names that are the same in every language. */
const isName = (line: string) => /placeholder="(?:User:|\w[\w.]*=)|>(?:true|false|Ottla)</.test(line)

it('the texts of pages are in texts.ts, not in the markup', () => {
  const found = components.flatMap(({ path, text }) =>
    withoutComments(text)
      .split('\n')
      .flatMap((line, i) =>
        inMarkup.some((pattern) => pattern.test(line)) && !isName(line) ? [`${path}:${i + 1} ${line.trim()}`] : [],
      ),
  )
  expect(found).toEqual([])
})

it('every folder of pages with components has its texts', () => {
  const folders = new Set(
    components.map(({ path }) => dirname(path)).filter((folder) => folder.startsWith('src-renderer/pages/')),
  )
  const without = [...folders].filter((folder) => !existsSync(join(__dirname, '../..', folder, 'texts.ts')))
  expect(without).toEqual([])
})
