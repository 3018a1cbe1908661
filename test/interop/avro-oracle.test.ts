import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { parseAvroSchema } from '../../src-main/registry/avro/avro'
import type { ParsedSchema } from '../../src-main/registry/kind'
import { SchemaError } from '../../src-main/registry/schema'
import { avroPair } from '../support/avro-schemas'
import { needsJava, runJava } from '../support/java'
import { itNeeds } from '../support/require'

const pairs = 6000

function parsed(text: string): ParsedSchema | null {
  try {
    return parseAvroSchema(text, [], { isNew: true, normalize: false })
  } catch (error) {
    if (error instanceof SchemaError) return null
    throw error
  }
}

describe('Avro against Apache Avro 1.12', () => {
  itNeeds([needsJava()], `parses, prints and compares ${pairs} pairs of schemas alike`, async () => {
    const given = fc.sample(avroPair, { numRuns: pairs, seed: 20_261_130 })
    const folder = mkdtempSync(join(tmpdir(), 'ottla-avro-'))
    try {
      const file = join(folder, 'pairs.txt')
      writeFileSync(file, given.map((pair) => `${pair.join('\t')}\n`).join(''))
      const source = join(__dirname, 'clients/AvroOracle.java')
      const output = await runJava(source, [file], ['org.apache.avro:avro:1.12.0'])
      const lines = output.replace(/\n$/, '').split('\n')
      expect(lines).toHaveLength(pairs)
      const wrong: unknown[] = []
      let compared = 0
      for (const [i, line] of lines.entries()) {
        const [reader = '', writer = ''] = given[i] ?? []
        const [ours, theirs] = [parsed(reader), parsed(writer)]
        const found = ours && theirs ? ours.differences(theirs, 'STRICT') : []
        if (ours && theirs) compared++
        const told = [
          ours?.text ?? '-',
          theirs?.text ?? '-',
          found.map(({ type, path, detail }) => `${type}@${path} [${detail}]`).join('\u0001'),
        ].join('\t')
        const isAmbiguous = line.endsWith('\tambiguous')
        if (told !== line && !isAmbiguous) wrong.push({ reader, writer, ours: told, avro: line })
      }
      expect(wrong.slice(0, 3)).toEqual([])
      expect(wrong).toHaveLength(0)
      expect(compared).toBeGreaterThan(pairs / 4)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
