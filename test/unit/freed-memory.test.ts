import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { itNeeds, type Requirement } from '../support/require'
import { bundle } from './storage/bundle'

const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
const glibc: Requirement = header.glibcVersionRuntime === undefined ? { missing: 'glibc' } : {}

itNeeds([glibc], 'large buffers that come and go are hardly ever new memory', async () => {
  const script = await bundle('test/unit/freed-memory-process.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  const { given, kept } = JSON.parse(stdout) as { given: number; kept: number }
  expect(given).toBeGreaterThan(10_000)
  expect(kept).toBeLessThan(given / 10)
})
