import { describe, expect, it } from 'vitest'
import type { SchemaForm } from '../../../src-main/contract/schema-form'
import { messagesOf } from '../../../src-renderer/pages/messages/import-file'
import { rowJson } from '../../../src-renderer/pages/messages/row-json'

const field = { doc: '', isOptional: false, fallback: null }
const form: SchemaForm = {
  root: { kind: 'named', name: 'Order' },
  types: {
    Order: {
      kind: 'record',
      fields: [
        { ...field, name: 'id', type: { kind: 'number', hint: 'long' } },
        { ...field, name: 'name', type: { kind: 'text', hint: 'string' } },
        { ...field, name: 'paid', type: { kind: 'boolean' } },
        { ...field, name: 'note', isOptional: true, type: { kind: 'text', hint: 'string' } },
        {
          ...field,
          name: 'total',
          type: {
            kind: 'union',
            branches: [
              { label: 'null', name: null, type: { kind: 'null' } },
              { label: 'double', name: 'double', type: { kind: 'number', hint: 'double' } },
            ],
          },
        },
        { ...field, name: 'lines', type: { kind: 'list', items: { kind: 'number', hint: 'int' } } },
      ],
    },
  },
}

async function valuesOf(text: string, format: 'rows' | 'array') {
  const found = []
  for await (const { items } of messagesOf(new Blob([text]), format, ':', form)) found.push(...items)
  return found.map(({ line, message }) => [line, message.value])
}

describe('rows of a table as JSON of a schema', () => {
  it('have each cell in the type of its field, and numbers as they were written', () => {
    const row = { id: '9007199254740993', name: '12', paid: 'TRUE', note: '', total: '', lines: '[1, 2]' }
    expect(rowJson(row, form)).toBe('{"id":9007199254740993,"name":"12","paid":true,"total":null,"lines":[1, 2]}')
    expect(rowJson({ id: 'x', total: '1.50', other: '1' }, form)).toBe('{"id":"x","total":1.50,"other":"1"}')
  })

  it('are read from CSV, and items from a list of JSON, with their lines', async () => {
    expect(await valuesOf('id,name\n1,a\n2,"b\n"\n', 'rows')).toEqual([
      [2, '{"id":1,"name":"a"}'],
      [3, '{"id":2,"name":"b\\n"}'],
    ])
    expect(await valuesOf('[\n{"a":9007199254740993},\n\n{"a":9007199254740993}]', 'array')).toEqual([
      [2, '{"a":9007199254740993}'],
      [4, '{"a":9007199254740993}'],
    ])
    expect(await valuesOf('{"a":1}', 'array')).toEqual([[1, '{"a":1}']])
    await expect(valuesOf('a, b', 'array')).rejects.toThrow('This is not JSON')
  })
})
