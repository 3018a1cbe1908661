import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(__dirname, '../..')
const specs = [
  'src-main/groups/classic/SPEC.md',
  'src-main/groups/consumer/SPEC.md',
  'src-main/groups/share/SPEC.md',
  'src-main/groups/streams/SPEC.md',
  'src-main/transactions/SPEC.md',
  'src-main/registry/SPEC.md',
  'src-main/broker/log/compaction/SPEC.md',
]
const id = /\[([A-Z]\d+)\]/g

function idsIn(text: string): Set<string> {
  return new Set([...text.matchAll(id)].map((match) => match[1] as string))
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

/** Every rule of a specification is in a test, and no test speaks of a rule that there is not. */
describe('specifications', () => {
  const tested = idsIn(
    ['unit', 'scenarios', 'properties']
      .flatMap((folder) => filesBelow(join(root, 'test', folder)))
      .filter((file) => /\.(test\.ts|txt)$/.test(file))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n'),
  )
  const ruled = new Set(specs.flatMap((spec) => [...idsIn(readFileSync(join(root, spec), 'utf8'))]))

  test.each(specs)('%s is tested, rule by rule', (spec) => {
    const rules = [...idsIn(readFileSync(join(root, spec), 'utf8'))]
    expect(rules.filter((rule) => !tested.has(rule))).toEqual([])
  })

  test('tests name no unknown rule', () => {
    const prefixes = new Set([...ruled].map((rule) => rule[0]))
    expect([...tested].filter((rule) => prefixes.has(rule[0]) && !ruled.has(rule))).toEqual([])
  })
})
