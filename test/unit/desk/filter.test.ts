import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decode } from '../../../src-main/desk/decoders/auto'
import { automatic } from '../../../src-main/desk/decoders/decoder'
import { FileBatches } from '../../../src-main/desk/embedded/file-batches'
import { scriptFilter } from '../../../src-main/desk/messages/filter'
import { Search } from '../../../src-main/desk/messages/search'
import { encodeBatch, type NewRecord } from '../../../src-main/records/encode'
import { WorkspaceReader } from '../../../src-main/storage'
import { start, TestBroker, type TestClient } from '../../support/core'

const decodings = new Map([['orders', { key: decode, value: decode }]])

let broker: TestBroker
let client: TestClient
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  await client.create('orders')
})
afterEach(() => broker.dispose())

const write = (...records: Partial<NewRecord>[]) =>
  client.produce('orders', encodeBatch(records.map((one) => ({ key: null, value: null, timestamp: start, ...one }))))

const value = (text: string) => ({ value: Buffer.from(text) })

/** The offsets of the records that pass, and how it went. */
async function passing(script: string) {
  await broker.workspace.settled()
  const reader = new WorkspaceReader(broker.workspace.file)
  const { filter, dispose } = await scriptFilter(script, decodings)
  try {
    const topic = broker.core.topics.find('orders')
    const plan = {
      ranges: [
        {
          topic: 'orders',
          partition: 0,
          from: 0,
          before: topic?.partition(0)?.highWatermark ?? 0,
          seen: [],
          decoders: { key: automatic, value: automatic },
        },
      ],
      backward: false,
      live: false,
      limit: 1000,
      find: '',
      script,
      fromAt: -1,
      untilAt: -1,
      buckets: null,
      format: null,
      committed: false,
    }
    const search = new Search(new FileBatches(reader), plan, filter, decodings, () => 0)
    const offsets: number[] = []
    while (!search.isDone) offsets.push(...(await search.next()).map(({ offset }) => offset))
    return { offsets, ...search.progress(true) }
  } finally {
    dispose()
    reader.dispose()
  }
}

describe('a JavaScript filter', () => {
  test('has the field names that people know, in both spellings', async () => {
    await write({
      ...value('{"total":12}'),
      key: Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), Buffer.from('"order-1"')]),
      headers: [{ key: 'h', value: Buffer.from('x') }],
    })
    for (const script of [
      'value.total === 12 && offset === 0 && topic === "orders" && timestamp > 0 && headers.h === "x"',
      'partition === 0 && partitionID === 0 && partitionId === 0',
      'keySchemaID === 7 && keySchemaId === 7 && key === "order-1"',
      'valueSchemaID === null && valueSchemaId === null',
    ])
      expect({ script, offsets: (await passing(script)).offsets }).toEqual({ script, offsets: [0] })
  })

  test('is an expression or the body of a function, which may use the names for itself', async () => {
    await write(value('{"type":"return"}'))
    for (const script of [
      'value.type === "return"',
      'offset === 0; ',
      'offset === 0 // the first',
      'const partition = 5; return partition === 5',
      'if (offset > 0) return false\nreturn true',
    ])
      expect({ script, offsets: (await passing(script)).offsets }).toEqual({ script, offsets: [0] })
  })

  test('goes on after records that it fails on, and says how many and why', async () => {
    await write(value('{"total":200}'), {}, value('{"total":5}'), { value: null }, value('{"total":101}'))
    const { offsets, failed, scanned, share } = await passing('value.total > 100')
    expect(offsets).toEqual([0, 4])
    expect(scanned).toBe(5)
    expect(share).toBe(1)
    expect(failed).toEqual({ records: 2, first: expect.stringContaining('at orders-0 offset 1: TypeError') })
    expect((await passing('value?.total > 100')).failed).toBeNull()
  })

  test('ends at its limits, and when it is no JavaScript', async () => {
    await write(value('1'), value('2'), value('3'))
    await expect(passing('(() => { for (;;) {} })()')).rejects.toThrow(
      'The filter failed at orders-0 offset 2: it took longer than',
    )
    await expect(passing('new Uint8Array(2e8).length > 0')).rejects.toThrow(
      'The filter failed at orders-0 offset 2: InternalError: out of memory',
    )
    await expect(scriptFilter('value.(', decodings)).rejects.toThrow('The filter is not valid JavaScript: SyntaxError')
    await expect(scriptFilter('const a = 1', decodings)).rejects.toThrow('The filter is not valid JavaScript')
    await expect(scriptFilter('return (', decodings)).rejects.toThrow('The filter is not valid JavaScript')
  })

  test('goes on after one record that takes too much', async () => {
    await write(value('{"n":1}'), value('{"n":2}'), value('{"n":3}'))
    const { offsets, failed } = await passing('if (value.n === 2) for (;;) {}\nreturn true')
    expect(offsets).toEqual([0, 2])
    expect(failed).toEqual({ records: 1, first: expect.stringContaining('at orders-0 offset 1: it took longer than') })
  })

  test('reads a large record whole', async () => {
    const items = Array.from({ length: 60_000 }, (_, n) => ({ n }))
    await write(value(JSON.stringify({ items })), value('{"items":[]}'))
    expect((await passing('value.items[59999]?.n === 59999')).offsets).toEqual([0])
  })

  test('compares integers of 64 bits exactly', async () => {
    await write(
      ...['9007199254740992', '9007199254740993', '9007199254740994', '-9223372036854775808', '12'].map((id) =>
        value(`{"id": ${id}, "text": "9007199254740993"}`),
      ),
    )
    const matching = async (script: string) => (await passing(script)).offsets
    expect(await matching('value.id === 9007199254740993')).toEqual([1])
    expect(await matching('value.id == 9007199254740993n')).toEqual([1])
    expect(await matching('value.id === -9223372036854775808')).toEqual([3])
    expect(await matching('value.id > 9007199254740992')).toEqual([1, 2])
    expect(await matching('value.id < 13')).toEqual([3, 4])
    expect(await matching('value.text === "9007199254740993"')).toEqual([0, 1, 2, 3, 4])
  })

  test('sees a key as the text that it is', async () => {
    await write(...['123', '00123', 'true', '"x"', '{"a":1}'].map((key) => ({ key: Buffer.from(key) })))
    const matching = async (script: string) => (await passing(script)).offsets
    expect(await matching('key === "123"')).toEqual([0])
    expect(await matching('key === "00123"')).toEqual([1])
    expect(await matching('key === "true" || key === \'"x"\'')).toEqual([2, 3])
    expect(await matching('key.a === 1')).toEqual([4])
  })

  test('reaches nothing of ours', async () => {
    await write(value('{}'))
    const script = 'typeof process === "undefined" && typeof require === "undefined"'
    expect((await passing(script)).offsets).toEqual([0])
  })
})
