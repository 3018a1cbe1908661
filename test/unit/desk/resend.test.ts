import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import { resendHeader } from '../../../src-main/contract/resend'
import { Intervals } from '../../../src-main/desk/resend/intervals'
import { encodeBatch, type NewRecord } from '../../../src-main/records/encode'
import { start, TestBroker } from '../../support/core'
import { TestDesk } from '../../support/desk'
import { TransactionalProducer } from '../../support/transactional-producer'

let broker: TestBroker
let desk: TestDesk
beforeEach(() => {
  broker = new TestBroker()
  desk = new TestDesk(broker)
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

type StartInput = InputOf<Contract['resend.start']>

const query = (topic: string, more: { readonly find?: string } = {}) => ({
  query: {
    topics: [topic],
    partitions: null,
    from: 'newest' as const,
    value: null,
    until: null,
    groupId: null,
    limit: 1000,
    committed: false,
    find: '',
    script: '',
    conditions: [],
    follow: null,
    ...more,
  },
})

const spring = 'kafka_dlt-original-topic'
const rules = (selection: StartInput['selection'], more: Partial<StartInput> = {}): StartInput => ({
  selection,
  target: { header: spring },
  maxTimes: 3,
  skipResent: true,
  perSecond: null,
  ...more,
})

/** A dead letter as Spring writes it: the original with headers that say where it failed. */
const deadLetter = (key: string, topic: string | null, more: NewRecord['headers'] = []): NewRecord => ({
  key: Buffer.from(key),
  value: Buffer.from(`{"order":"${key}"}`),
  timestamp: start,
  headers: [
    { key: 'trace', value: Buffer.from([0, 255]) },
    ...(topic === null ? [] : [{ key: spring, value: Buffer.from(topic) }]),
    { key: 'kafka_dlt-exception-message', value: Buffer.from('boom') },
    ...more,
  ],
})

const write = (topic: string, records: readonly NewRecord[], partition = 0) =>
  broker.client().produce(topic, encodeBatch(records), partition)

async function planned(input: StartInput) {
  const { perSecond: _, ...plan } = input
  const { items, failures, close } = await desk.watch('resend.plan', plan)
  close()
  return failures[0] ?? items.at(-1)
}

const jobs = async () => {
  const { items, close } = await desk.watch('resends', undefined)
  close()
  return items.at(-1) ?? []
}

/** Waits until no resend runs: each portion is a commit or two. */
async function ended() {
  await expect.poll(async () => (await jobs()).some(({ state }) => state === 'running'), { interval: 1 }).toBe(false)
  return (await jobs())[0]
}

async function messagesOf(topic: string) {
  const { items } = await desk.watch('messages.export', {
    ...query(topic).query,
    from: 'oldest',
    limit: 1_000_000,
    format: 'jsonl',
  })
  await expect.poll(() => items.some((item) => item.kind === 'progress' && item.progress.done)).toBe(true)
  const text = items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])).join('')
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
}

interface Line {
  readonly key: string
  readonly timestamp: number
  readonly headers: readonly { readonly key: string; readonly value: unknown }[]
}

const timesOf = (line: Line) => line.headers.filter(({ key }) => key === resendHeader).map(({ value }) => value)

describe('dead letters', () => {
  beforeEach(async () => {
    await broker.client().create('orders', 2)
    await broker.client().create('bills', 1)
    await broker.client().create('dead', 1)
  })

  test('go to the topic that a header names; a dry run counts them before', async () => {
    await write('dead', [
      deadLetter('a', 'orders'),
      deadLetter('b', 'bills'),
      deadLetter('c', 'orders', [{ key: spring, value: Buffer.from('bills') }]),
      deadLetter('d', 'gone'),
      deadLetter('e', null),
      deadLetter('f', 'orders', [{ key: resendHeader, value: Buffer.from('3') }]),
      deadLetter('g', '__consumer_offsets'),
    ])
    const input = rules(query('dead'))
    const counts = {
      found: 7,
      targets: [
        { topic: 'orders', records: 1 },
        { topic: 'bills', records: 2 },
      ],
      skipped: [
        { reason: 'noTopic', topic: 'gone', records: 1 },
        { reason: 'noHeader', topic: null, records: 1 },
        { reason: 'tooOften', topic: null, records: 1 },
        { reason: 'noTopic', topic: '__consumer_offsets', records: 1 },
      ],
      share: 1,
      done: true,
    }
    expect(await planned(input)).toEqual(counts)
    expect(await messagesOf('orders')).toEqual([])
    broker.clock.advance(5000)
    await desk.page.ask('resend.start', input)
    const skippedFirst = { ...counts, skipped: expect.arrayContaining(counts.skipped) as unknown }
    expect(await ended()).toMatchObject({ ...skippedFirst, targets: expect.arrayContaining(counts.targets) as unknown })
    const [order] = await messagesOf('orders')
    expect(order).toMatchObject({
      key: 'a',
      timestamp: start + 5000,
      headers: [
        { key: 'trace', value: { base64: 'AP8=' } },
        { key: spring, value: 'orders' },
        { key: 'kafka_dlt-exception-message', value: 'boom' },
        { key: resendHeader, value: '1' },
      ],
    })
    expect((await messagesOf('bills')).map(({ key }) => key)).toEqual(['b', 'c'])
  })

  test('that fail again are resent with a count, until there were enough; none is sent twice', async () => {
    await write('dead', [deadLetter('a', 'orders'), deadLetter('b', 'orders')])
    const input = rules(query('dead'), { maxTimes: 2 })
    /** What a consumer does that fails: it writes the message back with its headers. */
    const failAgain = async (seen: number) => {
      const again = (await messagesOf('orders')).slice(seen)
      await write(
        'dead',
        again.map(({ key, headers }) =>
          deadLetter(key, 'orders', headers.filter((one) => one.key === resendHeader).map(asBytes)),
        ),
      )
    }
    for (const round of [1, 2, 3]) {
      await desk.page.ask('resend.start', input)
      await ended()
      const sent = await messagesOf('orders')
      expect(sent).toHaveLength(Math.min(round, 2) * 2)
      if (round < 3) await failAgain((round - 1) * 2)
    }
    const times = (await messagesOf('orders')).map(timesOf)
    expect(times.flat().sort()).toEqual(['1', '1', '2', '2'])
    expect(await planned(input)).toMatchObject({
      found: 6,
      targets: [],
      skipped: expect.arrayContaining([
        { reason: 'before', topic: null, records: 4 },
        { reason: 'tooOften', topic: null, records: 2 },
      ]) as unknown,
    })
    // Another target has got none of them.
    expect(await planned({ ...input, target: { topic: 'bills' } })).toMatchObject({
      targets: [{ topic: 'bills', records: 4 }],
    })
  })

  test('a topic that was created again has other messages', async () => {
    await write('dead', [deadLetter('a', 'orders')])
    await desk.page.ask('resend.start', rules(query('dead')))
    await ended()
    await desk.page.ask('topics.delete', { topics: ['dead'] })
    await broker.client().create('dead', 1)
    await write('dead', [deadLetter('b', 'orders')])
    expect(await planned(rules(query('dead')))).toMatchObject({ targets: [{ topic: 'orders', records: 1 }] })
  })
})

describe('a resend', () => {
  const numbers = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => ({
      key: Buffer.from(`key-${from + i}`),
      value: Buffer.from(String(from + i)),
      timestamp: start,
    }))

  beforeEach(async () => {
    await broker.client().create('from', 2)
    await broker.client().create('to', 3)
  })

  test('of marked messages sends these alone', async () => {
    await write('from', numbers(10))
    await write('from', numbers(10, 10))
    await write('from', numbers(5, 20), 1)
    const marked = [17, 3, 4].map((offset) => ({ topic: 'from', partition: 0, offset }))
    const input = rules(
      { marked: [...marked, { topic: 'from', partition: 1, offset: 0 }] },
      { target: { topic: 'to' } },
    )
    expect(await planned(input)).toMatchObject({ found: 4, targets: [{ topic: 'to', records: 4 }] })
    await desk.page.ask('resend.start', input)
    await ended()
    const keys = (await messagesOf('to')).map(({ key }) => key)
    expect(keys.sort()).toEqual(['key-17', 'key-20', 'key-3', 'key-4'])
  })

  test('of a filter sends what matches, within the log as it was at its start', async () => {
    await write('from', numbers(30))
    const input = rules(query('from', { find: 'key-2' }), { target: { topic: 'from' } })
    await desk.page.ask('resend.start', input)
    expect(await ended()).toMatchObject({ found: 11, targets: [{ topic: 'from', records: 11 }], state: 'done' })
    expect(await messagesOf('from')).toHaveLength(41)
  })

  test('keeps its limit per second, stops, and goes on where it was, also in another run of the app', async () => {
    await write('from', numbers(600))
    await write('from', numbers(400, 600), 1)
    const input = rules(query('from'), { target: { topic: 'to' }, perSecond: 100 })
    const { id } = await desk.page.ask('resend.start', input)
    const found = async () => (await jobs())[0]?.found
    await expect.poll(found).toBe(10)
    for (let tenth = 1; tenth <= 20; tenth++) {
      await desk.advance(100)
      await expect.poll(found).toBe(10 + 10 * tenth)
    }
    await desk.page.ask('resend.stop', { id })
    expect(await ended()).toMatchObject({ state: 'stopped', found: 210, share: 0.21 })
    // A pause is not made up for.
    await desk.advance(60_000)
    expect(await messagesOf('to')).toHaveLength(210)
    await desk.dispose()
    desk = new TestDesk(broker)
    await desk.page.ask('resend.resume', { id })
    for (let sent = 220; sent <= 1000; sent += 10) {
      await expect.poll(found, { interval: 1 }).toBeGreaterThanOrEqual(sent)
      expect(await found()).toBe(sent)
      await desk.advance(100)
    }
    expect(await ended()).toMatchObject({ state: 'done', found: 1000, share: 1, problem: null })
    const keys = (await messagesOf('to')).map(({ key }) => key)
    expect(keys).toHaveLength(1000)
    expect(new Set(keys).size).toBe(1000)
  })

  test('that is rejected says why, and goes on with what was not written', async () => {
    await write('from', numbers(4))
    await broker.client().create('small', 1)
    await desk.page.ask('topic.alter', { topic: 'small', config: 'max.message.bytes', value: '70' })
    const { id } = await desk.page.ask('resend.start', rules(query('from'), { target: { topic: 'small' } }))
    expect(await ended()).toMatchObject({
      state: 'failed',
      found: 0,
      problem: expect.stringMatching(
        /^from-0 offset 0 was not written to small: the message makes a batch of/,
      ) as unknown,
    })
    await desk.page.ask('topic.alter', { topic: 'small', config: 'max.message.bytes', value: null })
    await desk.page.ask('resend.resume', { id })
    expect(await ended()).toMatchObject({ state: 'done', found: 4 })
    expect(await messagesOf('small')).toHaveLength(4)
    await desk.page.ask('resend.forget', { id })
    expect(await jobs()).toEqual([])
    await expect(desk.page.ask('resend.resume', { id })).rejects.toThrow('There is no such resend any more.')
  })

  test('leaves out what a transaction aborted, and what is still open', async () => {
    await broker.client().create('tx', 1)
    const producer = await new TransactionalProducer(broker.client(), 'tx').take()
    for (const value of ['committed', 'aborted', 'open']) {
      await producer.produce('tx', [value])
      if (value !== 'open') await producer.end(value === 'committed')
    }
    await desk.page.ask('resend.start', rules(query('tx'), { target: { topic: 'to' } }))
    expect(await ended()).toMatchObject({ state: 'done', found: 1, share: 1 })
    expect(await messagesOf('to')).toMatchObject([{ value: 'committed' }])
  })
})

test('runs of offsets answer whether one is among them', () => {
  const runs = new Intervals()
  for (const offset of [1, 2, 3, 7, 9, 10]) runs.note(offset)
  expect(runs.bounds).toEqual([1, 4, 7, 8, 9, 11])
  const within = Array.from({ length: 13 }, (_, offset) => offset).filter((offset) => runs.has(offset))
  expect(within).toEqual([1, 2, 3, 7, 9, 10])
  expect(new Intervals(runs.bounds).has(9)).toBe(true)
})

function asBytes({ key, value }: Line['headers'][number]) {
  return { key, value: Buffer.from(String(value)) }
}
