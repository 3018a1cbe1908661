import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { bundle } from './storage/bundle'

it('buffers that come and go cost no collections of all objects', async () => {
  const script = await bundle('test/unit/old-generation-process.ts')
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script])
  const { full } = JSON.parse(stdout) as { full: number }
  // With V8's own limit there are two and more.
  expect(full).toBeLessThan(2)
})
