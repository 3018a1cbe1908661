import { expect, it } from 'vitest'
import { importsOf, type Source, sourcesIn, withoutComments } from './sources'

/** What a file loads at once: all that it imports, except types and what is imported when it is needed. */
function loadedBy(from: string): { readonly files: string[]; readonly packages: string[] } {
  const sources = new Map(sourcesIn('src-main').map((source) => [source.path, source]))
  const packages = new Set<string>()
  const done = new Set<string>()
  const walk = (path: string) => {
    const source = sources.get(path)
    if (!source || done.has(path)) return
    done.add(path)
    for (const target of importsOf(atOnce(source))) {
      const file = [target, `${target}.ts`, `${target}/index.ts`].find((one) => sources.has(one))
      if (file) walk(file)
      else packages.add(target)
    }
  }
  walk(from)
  return { files: [...done], packages: [...packages].filter((name) => !/^node:|\.json$/.test(name)).sort() }
}

function atOnce({ path, text }: Source): Source {
  const values = withoutComments(text)
    .replace(/(?:import|export) type\s[^'"]*from\s*['"][^'"]+['"]/g, '')
    .replace(/import\(\s*['"][^'"]+['"]\s*\)/g, '')
  return { path, text: values }
}

it('the broker takes connections before the pages, the demo and the registry of schemas over HTTP are loaded', () => {
  const { files, packages } = loadedBy('src-main/app.ts')
  expect(packages).toEqual([
    '@node-rs/crc32',
    'better-sqlite3',
    'crc-32',
    'crc-32/crc32c',
    'lz4-napi',
    're2js',
    'snappy',
    'zstd-napi',
  ])
  expect(files.filter((file) => /^src-main\/(?:desk|demo|rest|web|wires)\//.test(file))).toEqual([])
})

it('the pages are there before values can be written with schemas: who does that waits for it', () => {
  expect(loadedBy('src-main/pages.ts').files).not.toContain('src-main/desk/schemas/encode.ts')
})
