import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeBatch } from '../../../src-main/records/encode'
import { start, TestBroker } from '../../support/core'
import { TestDesk } from '../../support/desk'

let broker: TestBroker
let desk: TestDesk
beforeEach(async () => {
  broker = new TestBroker()
  desk = new TestDesk(broker)
  await broker.client().create('web-orders', 2)
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

let at = start
async function write(values: readonly (string | Buffer | null)[], partition = 0): Promise<void> {
  const records = values.map((value) => ({
    key: null,
    value: value === null ? null : Buffer.from(value),
    timestamp: at++,
  }))
  await broker.client().produce('web-orders', encodeBatch(records), partition)
}

const infer = (type: 'AVRO' | 'JSON') => desk.page.ask('topic.infer', { topic: 'web-orders', part: 'value', type })

describe('a schema that is inferred from JSON', () => {
  beforeEach(async () => {
    await write([
      '{"id":9007199254740993,"n":1,"total":1.5,"who":{"first-name":"a"},"tags":["x"],"mixed":1,"big":1e999}',
      '{"id":1,"n":null,"total":2,"who":{"first-name":"b"},"tags":[],"mixed":"x","note":"hi","big":99999999999999999999}',
      null,
      'no JSON',
    ])
    await write([Buffer.from([0, 0, 0, 0, 1, 2])], 1)
  })

  test('is Avro with widths, nullable and optional fields, and says what is not certain', async () => {
    const { text, messages, others, notes } = await infer('AVRO')
    expect([messages, others]).toEqual([4, 2])
    expect(JSON.parse(text ?? '')).toEqual({
      type: 'record',
      name: 'WebOrders',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'n', type: ['null', 'int'] },
        { name: 'total', type: 'double' },
        { name: 'who', type: { type: 'record', name: 'Who', fields: [{ name: 'first_name', type: 'string' }] } },
        { name: 'tags', type: { type: 'array', items: 'string' } },
        { name: 'mixed', type: ['int', 'string'] },
        { name: 'big', type: 'double' },
        { name: 'note', type: ['null', 'string'], default: null },
      ],
    })
    expect(notes).toEqual([
      { kind: 'nullable', path: 'n', nulls: 1, of: 2 },
      { kind: 'renamed', path: 'who.first-name', name: 'first_name' },
      { kind: 'mixed', path: 'mixed', types: ['string', 'number'] },
      { kind: 'optional', path: 'note', present: 1, of: 2 },
    ])
    const draft = { subject: 'web-orders-value', type: 'AVRO', schema: text ?? '', references: [] }
    expect(await desk.page.ask('schema.try', draft)).toMatchObject({ problem: null, isCompatible: true })
  })

  test('is JSON Schema with closed objects', async () => {
    const { text } = await infer('JSON')
    expect(JSON.parse(text ?? '')).toMatchObject({
      type: 'object',
      properties: {
        id: { type: 'integer' },
        n: { type: ['integer', 'null'] },
        who: { type: 'object', properties: { 'first-name': { type: 'string' } }, required: ['first-name'] },
        mixed: { type: ['string', 'integer'] },
      },
      required: ['id', 'n', 'total', 'who', 'tags', 'mixed', 'big'],
      additionalProperties: false,
    })
    const draft = { subject: 'web-orders-value', type: 'JSON', schema: text ?? '', references: [] }
    expect(await desk.page.ask('schema.try', draft)).toMatchObject({ problem: null })
  })
})

test('a topic without JSON has no schema', async () => {
  await write(['plain'])
  expect(await infer('AVRO')).toEqual({ text: null, messages: 1, others: 1, notes: [] })
})

describe('the schemas of a topic over time', () => {
  test('are counted by what the messages name, with the first and the last place of each', async () => {
    const draft = { subject: 'web-orders-value', type: 'AVRO', schema: '"string"', references: [] }
    const { id } = await desk.page.ask('schema.register', draft)
    const framed = (of: number) => Buffer.from([0, 0, 0, 0, of, 2, 0x61])
    at = start
    await write(['{}', framed(id), framed(id)])
    await write([framed(77), framed(id)], 1)
    const timeline = await desk.page.ask('topic.schemas', { topic: 'web-orders', part: 'value' })
    expect(timeline).toMatchObject({ looked: 5, messages: 5, fromAt: start, bucketMs: 1 })
    expect(timeline.lines).toMatchObject([
      { kind: 'none', messages: 1, first: { partition: 0, offset: 0, at: start } },
      {
        kind: 'schema',
        schema: { id, subject: 'web-orders-value', version: 1 },
        messages: 3,
        first: { partition: 0, offset: 1 },
        last: { partition: 1, offset: 1, at: start + 4 },
      },
      { kind: 'unknown', name: '77', messages: 1, first: { partition: 1, offset: 0, at: start + 3 } },
    ])
    expect(timeline.lines.map(({ counts }) => counts.slice(0, 6))).toEqual([
      [1, 0, 0, 0, 0, 0],
      [0, 1, 1, 0, 1, 0],
      [0, 0, 0, 1, 0, 0],
    ])
  })

  test('of a large topic come from a sample that reaches from its beginning to its end', async () => {
    for (let batch = 0; batch < 2000; batch++) await write(Array.from({ length: 11 }, () => 'x'))
    const { looked, messages, lines } = await desk.page.ask('topic.schemas', { topic: 'web-orders', part: 'value' })
    expect([looked, messages]).toEqual([11_000, 22_000])
    expect(lines).toMatchObject([{ kind: 'none', first: { offset: 0 }, last: { offset: 21_988 } }])
  })
})
