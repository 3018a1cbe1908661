import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { serveHelp } from '../../src-main/options/command-line'
import { root } from './sources'

const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })]
/** A path with a folder and an extension, as the texts name files: from the root, or from where most of the code is. */
const path = /`((?:[\w.@-]+\/)+[\w.-]+\.(?:ts|tsx|js|md|json|sql))`/g
const link = /\]\((?!https?:|#)([^)#\s]+)/g
const homes = ['', 'src-main', 'src-renderer', 'test']

/** The files that a page names. */
function named(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  const paths = [...text.matchAll(path)].map((match) => match[1]!)
  const links = [...text.matchAll(link)].map((match) => join(dirname(page), match[1]!))
  // NAME and NN stand for what the reader chooses.
  return [...paths, ...links].filter((file) => !/\b(?:NAME|NN|SUBJECT|PAGE)\b|NN-/.test(file))
}

test.each(pages)('%s names only files that exist', (page) => {
  const missing = named(page).filter((file) => !homes.some((home) => existsSync(join(root, home, file))))
  expect(missing).toEqual([])
})

test('the texts do name files', () => {
  expect(pages.flatMap(named).length).toBeGreaterThan(40)
})

test('the README has every flag of `ottla serve` and its variable', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const words = serveHelp().match(/^ {2}--[\w-]+|\[OTTLA_\w+\]/gm) ?? []
  expect(words.length).toBeGreaterThan(20)
  expect(words.map((word) => word.replace(/[ [\]]/g, '')).filter((word) => !readme.includes(`\`${word}`))).toEqual([])
})
