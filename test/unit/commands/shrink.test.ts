import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { shrinkCommand } from '../../../src-main/commands/shrink/command'

const folder = mkdtempSync(join(tmpdir(), 'ottla-shrink-'))
const file = join(folder, 'a.ottla')
writeFileSync(file, '')
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...argv: string[]): Promise<string> {
  let said = ''
  const print = (text: string) => {
    said += text
  }
  const shrink = async () => ({ beforeBytes: 2_000_000, afterBytes: 550_000 })
  await shrinkCommand(argv, { environment: {}, print, shrink })
  return said
}

test('ottla shrink says how large the file was and is', async () => {
  expect(await run(file)).toBe(`${file}: 2.0 MB before, 0.6 MB now.\n`)
  expect(await run('--help')).toContain('ottla shrink FILE')
})

test('ottla shrink needs one file that is there, and makes none', async () => {
  await expect(run()).rejects.toThrow('Name one workspace')
  await expect(run(file, file)).rejects.toThrow('Name one workspace')
  await expect(run(join(folder, 'none.ottla'))).rejects.toThrow(`There is no file ${join(folder, 'none.ottla')}.`)
})
