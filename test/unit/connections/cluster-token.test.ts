import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clusterToken } from '../../../src-main/cluster-token'

let folder: string
let warnings: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-token-'))
  warnings = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const path = () => join(folder, 'page-tokens.json')
const tokenOf = (cluster: string, file = path()) =>
  clusterToken(
    file,
    cluster,
    () => 17,
    (text) => warnings.push(text),
  )

describe('the token of the pages of a cluster', () => {
  it('is the same at each start, another for each cluster, and for the eyes of the user alone', () => {
    const first = tokenOf('a:9092')
    expect(first).toMatch(/^[\w-]{32}$/)
    const other = tokenOf('b:9092')
    expect(other).not.toBe(first)
    expect([tokenOf('a:9092'), tokenOf('b:9092')]).toEqual([first, other])
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(warnings).toEqual([])
  })

  it('is that of a cluster, whatever its name is', () => {
    expect(tokenOf('constructor')).toMatch(/^[\w-]{32}$/)
    expect(tokenOf('constructor')).toBe(tokenOf('constructor'))
  })

  it('of 200 clusters is kept', () => {
    const first = tokenOf('0:1')
    for (let i = 1; i < 200; i++) tokenOf(`${i}:1`)
    expect(tokenOf('0:1')).toBe(first)
    tokenOf('200:1')
    const { tokens } = JSON.parse(readFileSync(path(), 'utf8')) as { tokens: object }
    expect([Object.keys(tokens).length, Object.keys(tokens)[0]]).toEqual([200, '1:1'])
    expect(tokenOf('0:1')).not.toBe(first)
  })

  it('is a new one, with a warning, where it cannot be read or kept', () => {
    writeFileSync(path(), '{')
    expect(tokenOf('a:9092')).toMatch(/^[\w-]{32}$/)
    expect(warnings).toEqual([expect.stringContaining('it is not JSON')])
    mkdirSync(join(folder, 'taken.json.new'))
    expect(tokenOf('a:9092', join(folder, 'taken.json'))).toMatch(/^[\w-]{32}$/)
    expect(warnings.at(-1)).toMatch(/cannot be written: .* The pages have another address after a restart\.$/)
  })
})
