import { describe, expect, it } from 'vitest'
import { importsOf, type Source, sourcesIn } from './sources'

/** The files that each file imports, types included. */
function graphOf(sources: readonly Source[]): Map<string, readonly string[]> {
  const paths = new Set(sources.map(({ path }) => path))
  const fileOf = (target: string) =>
    [target, `${target}.ts`, `${target}.tsx`, `${target}/index.ts`].find((path) => paths.has(path))
  return new Map(
    sources.map((source) => [source.path, importsOf(source).flatMap((target) => fileOf(target) ?? [])] as const),
  )
}

/** One circle through each file that is on any, as `a -> b -> a`. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const circles: string[] = []
  const walk = (file: string, way: readonly string[]) => {
    const at = way.indexOf(file)
    if (at >= 0) circles.push([...way.slice(at), file].join(' -> '))
    if (at >= 0 || done.has(file)) return
    for (const next of graph.get(file) ?? []) walk(next, [...way, file])
    done.add(file)
  }
  for (const file of graph.keys()) walk(file, [])
  return circles
}

describe('no circle of imports', () => {
  it.each(['src-main', 'src-renderer'])('between files of %s', (folder) => {
    expect(circlesIn(graphOf(sourcesIn(folder)))).toEqual([])
  })

  it('a circle is found, and told as a way', () => {
    const source = (path: string, target: string) => ({ path, text: `import { x } from '${target}'` })
    const sources = [source('a/one.ts', './two'), source('a/two.ts', '../b'), source('b/index.ts', '../a/one')]
    expect(circlesIn(graphOf(sources))).toEqual(['a/one.ts -> a/two.ts -> b/index.ts -> a/one.ts'])
  })
})
