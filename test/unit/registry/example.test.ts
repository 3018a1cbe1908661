import { describe, expect, it } from 'vitest'
import { isAvro, parseAvroSchema } from '../../../src-main/registry/avro/avro'
import { exampleOf } from '../../../src-main/registry/avro/defaults'

function example(schema: unknown): string {
  const parsed = parseAvroSchema(JSON.stringify(schema), [], { isNew: true, normalize: false })
  if (!isAvro(parsed)) throw new Error('it is no Avro schema')
  return exampleOf(parsed.schema)
}

const record = (name: string, ...fields: readonly (readonly [string, unknown])[]) => ({
  type: 'record',
  name,
  fields: fields.map(([field, type]) => ({ name: field, type })),
})

describe('the example of an Avro schema', () => {
  it('ends where a record contains itself', () => {
    expect(example(record('Tree', ['next', ['null', 'Tree']]))).toBe('{"next":null}')
    expect(example(record('Tree', ['children', { type: 'array', items: 'Tree' }]))).toBe('{"children":[]}')
    expect(example(record('Tree', ['children', { type: 'map', values: record('Leaf', ['tree', 'Tree']) }]))).toBe(
      '{"children":{}}',
    )
  })

  it('is null where no value exists', () => {
    expect(example(record('Never', ['again', 'Never']))).toBe('null')
  })

  it('takes the first branch that has a value', () => {
    const either = record('Either', ['value', [record('Never', ['again', 'Never']), 'long']])
    expect(example(either)).toBe('{"value":{"long":0}}')
  })

  it('is refused when a small schema describes a huge value', () => {
    let type: unknown = 'int'
    for (let depth = 0; depth < 40; depth++) type = record(`R${depth}`, ['left', type], ['right', `R${depth}X`])
    const nested = JSON.stringify(type).replace(/"R(\d+)X"/g, (_, depth: string) =>
      depth === '0' ? '"int"' : `"R${Number(depth) - 1}"`,
    )
    expect(() => example(JSON.parse(nested))).toThrow('This schema is too large for an example.')
  })
})
