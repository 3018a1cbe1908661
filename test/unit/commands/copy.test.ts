import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keyOf } from '../../../src-main/base/topic-partition'
import { describeTopicConfigs } from '../../../src-main/client/admin/configs'
import { commitOffsets, committedOffsets } from '../../../src-main/client/admin/groups'
import { createTopics } from '../../../src-main/client/admin/topics'
import type { KafkaClient } from '../../../src-main/client/client'
import { fetchRecords } from '../../../src-main/client/fetch'
import { batchesOf, recordsOf } from '../../../src-main/client/fetched-records'
import { Producer } from '../../../src-main/client/producer'
import { copyCommand } from '../../../src-main/commands/copy/command'
import { lastOf, rateOf, sinceOf } from '../../../src-main/commands/copy/flags'
import { maskOf } from '../../../src-main/copy/mask'
import { newestOf } from '../../../src-main/copy/slice'
import { textFilter } from '../../../src-main/desk/messages/filter'
import type { LogRecord } from '../../../src-main/records/record'
import { start } from '../../support/core'
import { FakeCluster } from '../../support/fake-cluster'

let source: FakeCluster
let target: FakeCluster
let from: KafkaClient
let to: KafkaClient
let said: string[]
/** The target answers no more Metadata: a client gives up. */
let isCut: boolean

beforeEach(() => {
  source = new FakeCluster([1, 2])
  target = new FakeCluster()
  const [host, port] = ['127.0.0.1', 7]
  target.on('Metadata', async ({ serve }) => {
    if (isCut) return 'close'
    return { body: { ...(await serve()), brokers: [{ nodeId: 1, host, port, rack: null }] } }
  })
  target.on('FindCoordinator', async ({ serve }) => {
    const { coordinators } = await serve()
    return { body: { coordinators: coordinators.map((one) => ({ ...one, nodeId: 1, host, port })) } }
  })
  isCut = false
  from = source.client()
  to = target.client()
  said = []
})
afterEach(async () => {
  await source.dispose()
  await target.dispose()
})

/** `ottla copy ...`; what it says to stderr comes with `! `. */
async function copy(...args: readonly string[]): Promise<boolean> {
  return await source.settle(
    copyCommand(['--from', 'node:1', '--to', 'localhost:7', ...args], {
      clock: source.clock,
      version: '0',
      environment: {},
      dial: (place, signal) => (place.port === 7 ? target.dial(place, signal) : source.dial(place, signal)),
      print: (text) => void said.push(text),
      warn: (text) => void said.push(`! ${text}`),
      progress: () => {},
      textFilter,
      stored: async () => undefined,
    }),
  )
}

const record = (value: string | null, i = 0) => ({
  key: Buffer.from(`key-${i}`),
  value: value === null ? null : Buffer.from(value),
  headers: [{ key: 'trace', value: Buffer.from([0, 255, i]) }],
  timestamp: start - 1000 * (1000 - i),
})

async function batchesIn(cluster: FakeCluster, client: KafkaClient, topic: string, partition = 0) {
  const position = { topic, partition, offset: 0, maxBytes: 10_000_000 }
  const answer = (await cluster.settle(fetchRecords(client, [position], { isolation: 'read_committed' }))).get(
    keyOf(topic, partition),
  )
  if (!answer || answer instanceof Error) throw answer ?? new Error('no answer')
  return answer
}

async function recordsIn(
  cluster: FakeCluster,
  client: KafkaClient,
  topic: string,
  partition = 0,
): Promise<LogRecord[]> {
  return [...recordsOf(await batchesIn(cluster, client, topic, partition), 0, 'read_committed')]
}

async function valuesIn(topic: string, partition = 0): Promise<string[]> {
  return (await recordsIn(target, to, topic, partition)).map(({ value }) => String(value))
}

async function made(topic: string, partitions = 1, configs: Record<string, string> = {}): Promise<void> {
  await source.settle(createTopics(from, [{ name: topic, partitions, configs }]))
}

describe('ottla copy', () => {
  it('copies keys, values, headers, times, partitions and configs', async () => {
    await made('orders', 3, { 'cleanup.policy': 'compact', 'segment.bytes': '1048577', 'min.insync.replicas': '1' })
    const producer = new Producer(from, { codec: 'gzip' })
    await source.settle(producer.sendTo('orders', 0, [record('a'), record(null, 1)]))
    await source.settle(producer.sendTo('orders', 2, [record('b', 2)]))
    expect(await copy('--topic', 'orders')).toBe(true)
    for (const partition of [0, 1, 2]) {
      expect(await recordsIn(target, to, 'orders', partition)).toEqual(
        await recordsIn(source, from, 'orders', partition),
      )
    }
    const configs = (await target.settle(describeTopicConfigs(to, ['orders'], null))).get('orders')
    if (!configs || configs instanceof Error) throw configs ?? new Error('no configs')
    expect(
      Object.fromEntries(
        configs.filter((one) => one.source === 'DYNAMIC_TOPIC_CONFIG').map(({ name, value }) => [name, value]),
      ),
    ).toEqual({
      'cleanup.policy': 'compact',
      'segment.bytes': '1048577',
    })
    expect(said.at(-1)).toMatch(/^Copied 3 messages/)
  })

  it('leaves a large batch as it was compressed, and joins small ones', async () => {
    await made('orders')
    const producer = new Producer(from, { codec: 'zstd' })
    const noise = (i: number) =>
      Array.from({ length: 4000 }, (_, k) => ((k * 7919 + i * 104729) ** 2 % 65537).toString(36)).join('')
    await source.settle(
      producer.sendTo(
        'orders',
        0,
        [0, 1, 2, 3].map((i) => record(noise(i), i)),
      ),
    )
    for (let i = 0; i < 5; i++) await source.settle(producer.sendTo('orders', 0, [record(`${i}`, i)]))
    await copy('--topic', 'orders')
    const [there, here] = await Promise.all([batchesIn(source, from, 'orders'), batchesIn(target, to, 'orders')])
    const [ours, theirs] = [here, there].map((fetched) =>
      [...batchesOf(fetched.records)].flatMap((one) => (one.kind === 'batch' ? [one.batch] : [])),
    )
    expect(theirs?.map(({ recordCount }) => recordCount)).toEqual([4, 1, 1, 1, 1, 1])
    expect(ours?.map(({ recordCount }) => recordCount)).toEqual([4, 5])
    expect(ours?.map(({ codec }) => codec)).toEqual(['zstd', 'zstd'])
    expect(ours?.[0]?.bytes.subarray(61).equals(theirs?.[0]?.bytes.subarray(61) ?? Buffer.alloc(0))).toBe(true)
    expect(await recordsIn(target, to, 'orders')).toEqual(await recordsIn(source, from, 'orders'))
  })

  it('copies the newest, those since a time, and those with a text', async () => {
    await made('orders')
    const all = Array.from({ length: 10 }, (_, i) => record(`value ${i}`, i))
    await source.settle(new Producer(from).sendTo('orders', 0, all))
    await copy('--topic', 'orders', '--as', 'newest', '--last', '3')
    expect(await valuesIn('newest')).toEqual(['value 7', 'value 8', 'value 9'])
    await copy('--topic', 'orders', '--as', 'since', '--since', new Date(start - 1000 * 995).toISOString())
    expect(await valuesIn('since')).toEqual(['value 5', 'value 6', 'value 7', 'value 8', 'value 9'])
    await copy('--topic', 'orders', '--as', 'late', '--since', '1s')
    expect(await valuesIn('late')).toEqual([])
    await copy('--topic', 'orders', '--as', 'filtered', '--filter', 'E 4')
    expect(await valuesIn('filtered')).toEqual(['value 4'])
    expect(said.at(-1)).toBe('9 messages do not have the text of --filter.\n')
  })

  it('leaves out what was aborted, and what an open transaction holds back', async () => {
    await made('orders')
    const transactional = new Producer(from, { transactionalId: 'shop' })
    for (const [value, ends] of [
      ['aborted', 'abort'],
      ['committed', 'commit'],
      ['open', null],
    ] as const) {
      transactional.begin()
      await source.settle(transactional.sendTo('orders', 0, [record(value)]))
      if (ends) await source.settle(transactional[ends]())
    }
    expect(await copy('--topic', 'orders')).toBe(true)
    expect(await valuesIn('orders')).toEqual(['committed'])
  })

  it('commits the offsets of groups at the same messages, across gaps', async () => {
    await made('orders', 2)
    const transactional = new Producer(from, { transactionalId: 'shop' })
    // Markers of commits have offsets too: the messages are at 0, 2, 4, 6, 8.
    for (let i = 0; i < 5; i++) {
      transactional.begin()
      await source.settle(transactional.sendTo('orders', 0, [record(`${i}`)]))
      await source.settle(transactional.commit())
    }
    const commit = (groupId: string, partition: number, offset: bigint) =>
      source.settle(commitOffsets(from, groupId, [{ topic: 'orders', partition, offset }]))
    await commit('middle', 0, 5n)
    await commit('end', 0, 10n)
    await commit('old', 0, 0n)
    await commit('old', 1, 0n)
    await copy('--topic', 'orders', '--since', new Date(start - 1_000_000).toISOString(), '--groups', 'middle,end,old')
    await copy('--topic', 'orders', '--groups', 'middle')
    const committed = async (groupId: string) =>
      [...(await target.settle(committedOffsets(to, groupId))).values()].map(({ partition, offset }) => [
        partition,
        offset,
      ])
    expect(await committed('end')).toEqual([[0, 5n]])
    expect(await committed('old')).toEqual([
      [0, 0n],
      [1, 0n],
    ])
    // The second copy is behind the five messages of the first one.
    expect(await committed('middle')).toEqual([[0, 8n]])
    await expect(copy('--topic', 'orders', '--groups', 'nobody')).rejects.toThrow('has committed no offset')
  })

  it('masks fields, and leaves out what it cannot mask', async () => {
    await made('orders')
    const values = ['{"id":12345678901234567890,"email":"a@b.c"}', 'not JSON', '{"id":1}']
    await source.settle(
      new Producer(from).sendTo(
        'orders',
        0,
        values.map((value, i) => record(value, i)),
      ),
    )
    expect(await copy('--topic', 'orders', '--mask', '$.email')).toBe(false)
    expect(await valuesIn('orders')).toEqual(['{"id":12345678901234567890,"email":"***"}', '{"id":1}'])
    expect(said.at(-1)).toMatch(/^! 1 messages were left out/)
  })

  it('writes nothing with --dry-run', async () => {
    await made('orders', 2)
    await source.settle(new Producer(from).sendTo('orders', 1, [record('a')]))
    await copy('--topic', 'orders', '--dry-run')
    expect(said.join('')).toMatch(
      /^TOPIC .*\norders +orders +2 +1 +\S+ kB +new topic\nDry run: nothing was written.\n$/,
    )
    expect((await target.settle(to.describeTopics(['orders']))).map(({ error }) => error)).toEqual([
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
  })

  it('continues where it stopped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ottla-copy-'))
    try {
      const file = join(folder, 'progress.json')
      await made('orders', 2)
      const producer = new Producer(from)
      const large = 'x'.repeat(700_000)
      for (let i = 0; i < 4; i++) await source.settle(producer.sendTo('orders', 0, [record(`${i} ${large}`, i)]))
      let produced = 0
      target.on('Produce', async ({ serve }) => {
        isCut = ++produced === 3
        return isCut ? 'close' : { body: await serve() }
      })
      const args = ['--topic', 'orders', '--progress', file]
      await expect(copy(...args)).rejects.toThrow('closed the connection')
      expect(existsSync(file)).toBe(true)
      target.on('Produce', async ({ serve }) => ({ body: await serve() }))
      isCut = false
      await expect(copy('--topic', 'orders', '--as', 'other', '--progress', file)).rejects.toThrow('another copy')
      expect(await copy(...args)).toBe(true)
      expect((await valuesIn('orders')).map((value) => value.slice(0, 1))).toEqual(['0', '1', '2', '3'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('sends the source nothing that writes', async () => {
    await made('orders')
    await source.settle(new Producer(from).sendTo('orders', 0, [record('a')]))
    await source.settle(commitOffsets(from, 'billing', [{ topic: 'orders', partition: 0, offset: 1n }]))
    const before = source.asked.length
    await copy('--topic', 'orders', '--groups', 'billing')
    expect(new Set(source.asked.slice(before).map(({ name }) => name))).toEqual(
      new Set([
        'ApiVersions',
        'Metadata',
        'DescribeConfigs',
        'ListOffsets',
        'FindCoordinator',
        'OffsetFetch',
        'DescribeLogDirs',
        'Fetch',
      ]),
    )
  })

  it('takes batches of the time of the broker, with their times', async () => {
    await made('orders', 1, { 'message.timestamp.type': 'LogAppendTime' })
    await source.settle(new Producer(from).sendTo('orders', 0, [record('a')]))
    expect(await copy('--topic', 'orders')).toBe(true)
    expect(said[0]).toContain('message.timestamp.type=CreateTime')
    expect(await recordsIn(target, to, 'orders')).toEqual(await recordsIn(source, from, 'orders'))
  })

  it.each([
    [['--topic', 'orders', '--to', 'kafka.example:9092'], 'kafka.example:9092 is not on this machine: add --writable'],
    [[], 'Specify what to copy'],
    [['--topic', 'a,b', '--as', 'c'], '--as names one copy'],
    [['--topic', 'a', '--last', '1', '--since', '1h'], '--last and --since exclude each other.'],
    [['--topic', 'a', '--schemas'], '--schemas needs the registry to read'],
    [['--topic', 'a'], 'Topic a cannot be described'],
    [['--topic', 'a', '--mask', 'email'], '--mask is "email"'],
  ])('refuses %j', async (args, sentence) => {
    const given = args.includes('--to') ? args : ['--to', 'localhost:7', ...args]
    const run = copyCommand(['--from', 'node:1', ...given], {
      clock: source.clock,
      version: '0',
      environment: {},
      dial: source.dial,
      print: () => {},
      warn: () => {},
      progress: () => {},
      textFilter,
      stored: async () => undefined,
    })
    await expect(source.settle(run)).rejects.toThrow(sentence)
  })
})

describe('a copy into a cluster in production', () => {
  const production = new Map([
    ['bootstrap.servers', 'localhost:7'],
    ['ottla.name', 'payments'],
    ['ottla.stage', 'production'],
  ])
  const copyInto = (...args: readonly string[]) =>
    source.settle(
      copyCommand(['--from', 'node:1', '--to', 'payments', '--topic', 'orders', '--dry-run', ...args], {
        clock: source.clock,
        version: '0',
        environment: {},
        dial: (place, signal) => (place.port === 7 ? target.dial(place, signal) : source.dial(place, signal)),
        print: (text) => void said.push(text),
        warn: () => {},
        progress: () => {},
        textFilter,
        stored: async (name) => (name === 'payments' ? production : undefined),
      }),
    )

  it('needs its name, also at an address of this machine', async () => {
    await source.settle(createTopics(from, [{ name: 'orders', partitions: 1 }]))
    const sentence = 'payments is marked as production: add --unlock "payments" to write messages there.'
    await expect(copyInto()).rejects.toThrow(sentence)
    await expect(copyInto('--unlock', 'payment')).rejects.toThrow(sentence)
    expect(target.requests('Metadata')).toEqual([])
    expect(await copyInto('--unlock', 'payments')).toBe(true)
    expect(said.at(-1)).toBe('Dry run: nothing was written.\n')
  })
})

describe('the flags of a copy', () => {
  it('are read exactly', () => {
    expect(['90s', '30m', '1h', '7d'].map((text) => sinceOf(text, 1e12) - 1e12)).toEqual([-90e3, -18e5, -36e5, -6048e5])
    expect(sinceOf('2026-01-31T12:00:00Z', 0)).toBe(Date.UTC(2026, 0, 31, 12))
    for (const text of ['1w', '', '2026-01-31T12:00:00', '2026-13-31T12:00:00Z', '-1h']) {
      expect(() => sinceOf(text, 0)).toThrow('--since is')
    }
    expect(['7', '500KB', '20mb'].map(rateOf)).toEqual([7, 500_000, 20_000_000])
    for (const text of ['0', 'fast', '1TB', '1.5MB']) expect(() => rateOf(text)).toThrow('--rate is')
    expect(lastOf('10000')).toBe(10_000)
    for (const text of ['0', '-1', 'x', '1.5']) expect(() => lastOf(text)).toThrow('--last is')
  })

  it('take what small partitions lack from the others', () => {
    const slices = [3, 100, 0, 50].map((to, partition) => ({ topic: 't', partition, from: 0, to }))
    const sizes = (count: number) => newestOf(slices, count).map(({ from, to }) => to - from)
    expect(sizes(63)).toEqual([3, 30, 0, 30])
    expect(sizes(2)).toEqual([1, 0, 0, 1])
    expect(sizes(1000)).toEqual([3, 100, 0, 50])
  })
})

describe('a mask', () => {
  const masked = (text: string, ...paths: string[]) => {
    const bytes = maskOf(paths)(Buffer.from(text))
    return bytes && Buffer.from(bytes).toString()
  }

  it.each([
    ['{ "a" : 1.50, "b": {"a": [1, {"c":"x"}]} }', ['$.a'], '{ "a" : "***", "b": {"a": [1, {"c":"x"}]} }'],
    ['{"b":{"a":[1,{"c":"x"},{"c":{}}]}}', ['$.b.a[*].c'], '{"b":{"a":[1,{"c":"***"},{"c":"***"}]}}'],
    ['[{"a":"},\\"{"},{"a":null}]', ['$[*].a'], '[{"a":"***"},{"a":null}]'],
    ['{"a b":1,"\\u0063":true,"a b":2}', ['$["a b"]', '$.c'], '{"a b":"***","\\u0063":"***","a b":"***"}'],
    ['{"a":[1,2],"n":-1.0e400}', ['$.a', '$.a[*]'], '{"a":"***","n":-1.0e400}'],
    ['{"a":[]}', ['$.a[*].b', '$.x.y'], '{"a":[]}'],
    ['\u0000\u0000\u0000\u0000\u0007{"a":1}', ['$.a'], '\u0000\u0000\u0000\u0000\u0007{"a":"***"}'],
  ])('of %s', (text, paths, expected) => {
    expect(masked(text, ...paths)).toBe(expected)
  })

  it('rejects values that are not JSON, and paths that cannot be read', () => {
    for (const text of ['', 'x', '{"a":1', '{"a":1}x']) expect(masked(text, '$.a')).toBeNull()
    expect(maskOf(['$.a'])(Buffer.from([0x22, 0xff, 0x22]))).toBeNull()
    for (const path of ['', '$', 'a', '$.', '$..a', '$.a[0]', '$.a]']) expect(() => maskOf([path])).toThrow('--mask is')
  })
})
