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

  it('no test is left out or made to sleep', () => {
    const tests = sourcesIn('test').filter((source) => !source.path.startsWith('test/rules/'))
    expect(linesWith(tests, /\b(?:it|test|describe)\.(?:only|todo)\b|\bwaitForTimeout\b/, code)).toEqual([])
  })

  it('folders have names that say something', () => {
    const vague = product.filter((source) =>
      /\/(?:utils?|helpers?|managers?|services?|common|misc)(?:\/|\.)/.test(source.path),
    )
    expect(vague.map((source) => source.path)).toEqual([])
  })
})
