import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { type Batch, type Codec, readBatches } from '../../src-main/records/batch'
import { encodeBatch } from '../../src-main/records/encode'
import { type LogRecord, readRecords } from '../../src-main/records/record'
import { start, TestBroker, type TestClient } from './core'
import { TransactionalProducer } from './transactional-producer'

export const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
export const day = 86_400_000
/** Configs of a topic that is cleaned in every round. */
export const soon = { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0' }

let folder: string
export let broker: TestBroker
export let client: TestClient

/** Gives each test of a file a broker of its own, on a file of its own. */
export function eachOnItsOwnBroker(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ottla-compaction-'))
    open()
  })
  afterEach(async () => {
    await broker.dispose()
    rmSync(folder, { recursive: true, force: true })
  })
}

function open(config: Record<string, string> = {}, now = start): void {
  broker = new TestBroker(config, join(folder, 'test.ottla'), now)
  client = broker.client()
}

export async function restart(config: Record<string, string> = {}): Promise<void> {
  const now = broker.clock.now()
  await broker.dispose()
  open(config, now)
}

type Pair = readonly [key: string | null, value: string | null, timestamp?: number | bigint]

export const recordsOf = (pairs: readonly Pair[]) =>
  pairs.map(([key, value, timestamp]) => ({
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    timestamp: timestamp ?? broker.clock.now(),
  }))

export async function put(topic: string, pairs: readonly Pair[], options: Parameters<typeof encodeBatch>[1] = {}) {
  const answer = await client.produce(topic, encodeBatch(recordsOf(pairs), options))
  expect(answer.errorCode).toBe(0)
}

/** Puts a batch at the end that is never cleaned: everything before it may be. */
export const close = (topic: string) => put(topic, [['end', 'x']])

export const clean = () => broker.broker.maintenance.run()
export const partition = (topic = 't') => broker.core.topics.find(topic)!.partition(0)!

/** The batches of a log as a consumer gets them. */
export async function log(topic = 't'): Promise<Batch[]> {
  const batches: Batch[] = []
  const { highWatermark } = partition(topic)
  for (let at = partition(topic).logStartOffset; at < highWatermark; ) {
    const { records } = await client.fetch(topic, at)
    const got = [...readBatches(records ?? new Uint8Array())]
    if (got.length === 0) break
    batches.push(...got)
    at = got.at(-1)!.lastOffset + 1
  }
  return batches
}

export const data = async (topic = 't'): Promise<LogRecord[]> =>
  (await log(topic)).filter(({ isControl }) => !isControl).flatMap((batch) => [...readRecords(batch)])

/** `offset key=value` of what is left, without the batch at the end. */
export async function left(topic = 't'): Promise<string[]> {
  const records = await data(topic)
  return records.filter(({ key }) => String(key) !== 'end').map(({ offset, key, value }) => `${offset} ${key}=${value}`)
}

export const markers = async () => (await log()).filter(({ isControl }) => isControl)
export const empty = async () => (await log()).filter(({ recordCount }) => recordCount === 0)

export async function transaction(
  pairs: readonly Pair[],
  committed: boolean,
  version: 1 | 2 = 2,
): Promise<TransactionalProducer> {
  const producer = await new TransactionalProducer(client, `tx-${version}`, version).take()
  expect(await producer.produceRecords('t', recordsOf(pairs))).toBe('NONE')
  expect(await producer.end(committed)).toBe('NONE')
  return producer
}
