import { describe, expect, it } from 'vitest'
import { type Source, sourcesIn, withoutComments } from './sources'

const product = [...sourcesIn('src-main'), ...sourcesIn('src-renderer', ['.ts', '.tsx', '.css'])]
const everything = [...product, ...sourcesIn('test')].filter((source) => !source.path.startsWith('test/rules/'))

/** `path:line` of every line of code that matches. */
function linesWith(sources: readonly Source[], pattern: RegExp, text: (source: Source) => string): string[] {
  return sources.flatMap((source) =>
    text(source)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${source.path}:${index + 1}`] : [])),
  )
}

const code = (source: Source) => withoutComments(source.text)
const words = (source: Source) => source.text

describe('manners', () => {
  it('no file is longer than 500 lines', () => {
    const long = everything.filter((source) => source.text.split('\n').length > 501)
    expect(long.map((source) => source.path)).toEqual([])
  })

  it('no type is let loose', () => {
    expect(linesWith(everything, /\bas any\b|:\s*any\b|<any>|\bany\[\]/, code)).toEqual([])
  })

  it('no check is silenced', () => {
    expect(linesWith(everything, /@ts-(?:ignore|expect-error|nocheck)|biome-ignore/, words)).toEqual([])
  })

  it('nothing is left for later', () => {
    expect(linesWith(product, /\b(?:TODO|FIXME|XXX)\b/, words)).toEqual([])
  })

  const tests = sourcesIn('test').filter((source) => !source.path.startsWith('test/rules/'))

  it('no test is left out', () => {
    // What the machine lacks is left out by name, in one place (support/require.ts).
    const others = tests.filter((source) => source.path !== 'test/support/require.ts')
    expect(linesWith(others, /\b(?:it|test|describe)\.(?:only|todo|skip|fails)\b/, code)).toEqual([])
  })

  it('no test sleeps', () => {
    const asleep = tests
      .filter((source) => !source.path.startsWith('test/bench/'))
      // It runs against Apache Kafka too, whose cleaner tells nobody when it is done.
      .filter((source) => source.path !== 'test/support/compaction-histories.ts')
    expect(linesWith(asleep, /\bsetTimeout\(|\bwaitForTimeout\b|node:timers\/promises/, code)).toEqual([])
  })

  it('folders have names that say something', () => {
    const vague = product.filter((source) =>
      /\/(?:utils?|helpers?|managers?|services?|common|misc)(?:\/|\.)/.test(source.path),
    )
    expect(vague.map((source) => source.path)).toEqual([])
  })
})
