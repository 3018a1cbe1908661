import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { build } from 'vite'
import { afterAll } from 'vitest'

const external = ['better-sqlite3', '@node-rs/crc32']

/** Bundles an entry of the project as its build does, so that a thread or a process can run it. Gone after the tests of the file. */
export async function bundle(source: string): Promise<string> {
  const cache = resolve(__dirname, '../../../.cache')
  mkdirSync(cache, { recursive: true })
  const outDir = mkdtempSync(join(cache, 'test-'))
  afterAll(() => rmSync(outDir, { recursive: true, force: true }))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external },
    build: {
      ssr: resolve(__dirname, '../../..', source),
      outDir,
      target: 'node16',
      rolldownOptions: { external, output: { format: 'cjs', entryFileNames: '[name].js' } },
    },
  })
  return join(outDir, `${basename(source, '.ts')}.js`)
}
