import type { Core } from '../broker/core'
import { append } from '../broker/log/append'
import type { Partition } from '../broker/log/partition'
import type { Contract } from '../contract/contract'
import type { InputOf, ItemOf } from '../contract/define'
import type { MessageDetail } from '../contract/messages'
import type { Outlet } from '../contract/server'
import { readBatch } from '../records/batch'
import { encodeBatch } from '../records/encode'
import { readRecords, unpackRecords } from '../records/record'
import { decode, detailBytes } from './decode'
import type { Reader } from './reader'
import type { SearchRange } from './reader-protocol'
import { topicOf } from './topics'

type SearchInput = InputOf<Contract['messages.search']>
type SearchItem = ItemOf<Contract['messages.search']>

/** Streams what matches to a page. A live search goes on with every commit, until the page closes it. */
export function search(core: Core, reader: Reader, input: SearchInput, outlet: Outlet<SearchItem>): () => void {
  const logs = input.topics
    .flatMap((name) => topicOf(core, name).partitions())
    .filter(({ number }) => input.partitions === null || input.partitions.includes(number))
  const live = input.from === 'live'
  const ranges = logs.map((log): SearchRange => rangeOf(core, log, input))
  const { grown, stop } = reader.search(
    {
      ranges,
      backward: input.from === 'newest',
      live,
      limit: live ? Number.MAX_SAFE_INTEGER : input.limit,
      find: input.find,
      script: input.script,
      fromAt: input.from === 'time' ? (input.value ?? 0) : -1,
      untilAt: input.until ?? -1,
    },
    (reply) => {
      if (reply.kind === 'rows') outlet.push({ kind: 'rows', rows: reply.rows })
      else if (reply.kind === 'progress') outlet.push({ kind: 'progress', progress: reply.progress })
      else if (reply.kind === 'failed') outlet.fail(new Error(reply.message))
      else outlet.end()
    },
  )
  if (!live) return stop
  const follow = logs.map((log) => {
    const wake = () => grown({ [`${log.topic}:${log.number}`]: log.highWatermark })
    log.waiters.add(wake)
    return () => log.waiters.delete(wake)
  })
  return () => {
    for (const end of follow) end()
    stop()
  }
}

function rangeOf(core: Core, log: Partition, input: SearchInput): SearchRange {
  const { logStartOffset: start, highWatermark: end } = log
  const from = ((): number => {
    switch (input.from) {
      case 'live':
        return end
      case 'offset':
        return Math.min(Math.max(input.value ?? start, start), end)
      case 'time':
        return log.offsetAtTime(input.value ?? 0, end)?.offset ?? end
      case 'group':
        return core.groups.offsets.get(input.groupId ?? '', log.topic, log.number)?.offset ?? start
      default:
        return start
    }
  })()
  const aborted = log
    .abortedTransactions(from, end)
    .map(({ producerId, firstOffset, lastOffset }) => [String(producerId), firstOffset, lastOffset] as const)
  return {
    topic: log.topic,
    topicRow: topicOf(core, log.topic).row.id,
    partition: log.number,
    from,
    before: end,
    aborted,
  }
}

/** One record with its batch, and which groups have read it. @throws Error when it is gone */
export function detail(core: Core, topic: string, number: number, offset: number): MessageDetail {
  const log = topicOf(core, topic).partition(number)
  const bytes = log?.read(offset, 1, true, log.highWatermark).batches[0]
  const batch = bytes && readBatch(bytes)
  const unpacked = batch && unpackRecords(batch)
  const record = batch && [...readRecords(batch, unpacked)].find((candidate) => candidate.offset === offset)
  if (!log || !batch || !record || !unpacked) {
    throw new Error(
      `Offset ${offset} of ${topic}-${number} is not there: it was deleted, compacted away, or is a marker.`,
    )
  }
  return {
    topic,
    partition: number,
    offset,
    timestamp: record.timestamp,
    timestampType: batch.timestampType,
    key: decode(record.key, detailBytes),
    value: decode(record.value, detailBytes),
    keyHex: hex(record.key),
    valueHex: hex(record.value),
    headers: record.headers.map(({ key, value }) => ({ key, value: decode(value, detailBytes) })),
    batch: {
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      records: batch.recordCount,
      codec: batch.codec,
      sizeBytes: batch.bytes.length,
      unpackedBytes: unpacked.length + (batch.bytes.length - unpacked.length > 0 && batch.codec === 'none' ? 61 : 0),
      crc: batch.crc,
      producerId: String(batch.producerId),
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      transactional: batch.isTransactional,
      leaderEpoch: batch.leaderEpoch,
    },
    consumedBy: consumers(core, topic, number, offset),
  }
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64 * 1024)).toString('hex')
}

function consumers(core: Core, topic: string, number: number, offset: number): MessageDetail['consumedBy'] {
  return core.groups.list().flatMap(({ groupId, members }) => {
    const committed = core.groups.offsets.get(groupId, topic, number)?.offset ?? null
    const owner = members.find(({ assigned }) => assigned[topic]?.includes(number))
    if (committed === null && !owner) return []
    let fetched = -1
    for (const client of core.clients.all()) {
      if (client.clientId === owner?.clientId)
        fetched = Math.max(fetched, client.positions.get(`${topic}:${number}`) ?? -1)
    }
    const state =
      committed !== null && offset < committed ? 'committed' : offset < fetched ? 'delivered' : 'not reached'
    return [{ groupId, committed, state } as const]
  })
}

/** Writes records as a client would. @throws Error with Kafka's sentence when they are refused */
export async function produce(
  core: Core,
  input: InputOf<Contract['messages.produce']>,
): Promise<{ partition: number; offset: number }> {
  const topic = topicOf(core, input.topic)
  if (topic.internal) throw new Error(`${input.topic} is written by the broker alone.`)
  const at = core.clock.now()
  const bytes = (text: string | null) => (text === null ? null : Buffer.from(text))
  const number = input.partition ?? pick(input.key, topic.partitionCount, at)
  const partition = topic.partition(number)
  if (!partition) throw new Error(`${input.topic} has no partition ${number}.`)
  const record = {
    key: bytes(input.key),
    value: bytes(input.value),
    headers: input.headers.map(({ key, value }) => ({ key, value: bytes(value) })),
    timestamp: at,
  }
  const batch = encodeBatch(
    Array.from({ length: input.count }, () => record),
    { codec: input.codec },
  )
  const settings = core.configs.topic(input.topic)
  const outcome = append(partition, batch, { workspace: core.workspace, settings, produceVersion: 13, at })
  if ('error' in outcome) throw new Error(outcome.message ?? outcome.error)
  await core.commits.settled
  return { partition: number, offset: outcome.baseOffset }
}

/** With a key always the same partition, by Kafka's own hash; without one any. */
function pick(key: string | null, partitions: number, at: number): number {
  if (key === null) return at % partitions
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions
}

/** org.apache.kafka.common.utils.Utils.murmur2, so that a key lands where the Java client would put it. */
function murmur2(data: Buffer): number {
  const m = 0x5bd1e995
  let h = 0x9747b28c ^ data.length
  const whole = data.length >> 2
  for (let i = 0; i < whole; i++) {
    let k = Math.imul(data.readInt32LE(i * 4), m)
    k = Math.imul(k ^ (k >>> 24), m)
    h = Math.imul(h, m) ^ k
  }
  const rest = data.subarray(whole * 4)
  for (let i = rest.length - 1; i >= 0; i--) h ^= (rest[i] as number) << (8 * i)
  if (rest.length > 0) h = Math.imul(h, m)
  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}
