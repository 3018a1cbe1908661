import type { Millis } from '../../base/clock'
import type { Uuid } from '../../base/uuid'
import { type Acquire, type AcquiredRange, acquire } from '../../groups/share/acquire'
import { canAcquire, inFlight, nextFetchOffset } from '../../groups/share/share-partition'
import type { ErrorName } from '../../protocol/errors'
import type { Call } from '../handler'
import { readForShare, type ShareRead } from './read'
import type { OpenSharePartition } from './share-partitions'

/** What a ShareFetch asks for. */
export interface ShareFetchWish {
  readonly groupId: string
  readonly memberId: string
  readonly mode: Acquire['mode']
  readonly maxWaitMs: Millis
  readonly minBytes: number
  readonly maxBytes: number
  readonly maxRecords: number
  readonly batchSize: number
}

export interface WantedShare {
  readonly topicId: Uuid
  readonly partition: number
}

/** What one partition gave. */
export interface ShareGiven {
  readonly wanted: WantedShare
  readonly error: ErrorName
  readonly records: readonly Uint8Array[]
  readonly acquired: readonly AcquiredRange[]
}

interface Readable {
  readonly wanted: WantedShare
  readonly open: OpenSharePartition
}

const given = (wanted: WantedShare, error: ErrorName): ShareGiven => ({ wanted, error, records: [], acquired: [] })

/**
 * Acquires records for a member from the wanted partitions, in their order; waits until there are `minBytes` of them or `maxWaitMs`
 * have passed (kafka.server.share.DelayedShareFetch). Nothing is acquired for a client that has left, or whose session ended meanwhile.
 *
 * @throws StorageFailure
 */
export async function fetchShares(
  wish: ShareFetchWish,
  wanted: readonly WantedShare[],
  isStillWanted: () => boolean,
  call: Call,
): Promise<ShareGiven[]> {
  const found = wanted.map((each) => find(wish.groupId, each, call))
  const failed = found.filter((each): each is ShareGiven => 'error' in each)
  const readable = found.filter((each): each is Readable => 'open' in each)
  if (wish.maxRecords <= 0 || wish.maxBytes <= 0 || readable.length === 0) return failed
  const deadline = call.at + Math.max(0, wish.maxWaitMs)
  // A partition that failed is told at once.
  let isLast = wish.maxWaitMs <= 0 || failed.length > 0
  for (;;) {
    let reads = readAll(wish, readable, wish.maxRecords, call)
    // Kafka compares all that could be read with the least that the client waits for.
    if (bytesOf(reads) < wish.minBytes) reads = readAll(wish, readable, Number.POSITIVE_INFINITY, call)
    const bytes = bytesOf(reads)
    if (bytes > 0 && (bytes >= wish.minBytes || isLast)) {
      let left = wish.maxRecords
      const taken = reads.map((each) => {
        const taken = take({ ...wish, maxRecords: left }, each, call)
        for (const { first, last } of taken.acquired) left -= last - first + 1
        return taken
      })
      if (isLast || taken.some(({ acquired }) => acquired.length > 0)) return [...failed, ...taken]
    } else if (isLast) {
      return [...failed, ...reads.map(({ each }) => given(each.wanted, 'NONE'))]
    }
    const woken = await wait(readable, deadline, call)
    if (woken === 'closed' || !isStillWanted()) return []
    if (
      readable.some(({ open }) => call.core.share.partitions.find(open.groupId, open.topicId, open.log.number) !== open)
    ) {
      return fetchShares({ ...wish, maxWaitMs: 0 }, wanted, isStillWanted, { ...call, at: call.core.clock.now() })
    }
    isLast = woken === 'time'
  }
}

function find(groupId: string, wanted: WantedShare, { core, client }: Call): Readable | ShareGiven {
  const topic = core.topics.byId(wanted.topicId)
  if (!topic) return given(wanted, 'UNKNOWN_TOPIC_ID')
  if (!core.authorizer.allows(client, 'READ', 'TOPIC', topic.name)) return given(wanted, 'TOPIC_AUTHORIZATION_FAILED')
  const log = topic.partition(wanted.partition)
  if (!log) return given(wanted, 'UNKNOWN_TOPIC_OR_PARTITION')
  const open = core.share.partitions.open(groupId, wanted.topicId, log)
  // What was never initialized cannot be read (ReadShareGroupState); the client asks for metadata and heartbeats again.
  return open ? { wanted, open } : given(wanted, 'UNKNOWN_SERVER_ERROR')
}

interface PartitionRead {
  readonly each: Readable
  readonly read: ShareRead
  readonly from: number
}

function bytesOf(reads: readonly PartitionRead[]): number {
  return reads.reduce((sum, { read }) => sum + read.bytes, 0)
}

/**
 * The bytes are shared evenly between the partitions that can give something (PartitionMaxBytesStrategy.UNIFORM). The others are left out,
 * of the answer too. Of each partition no more is read than `records` that can be acquired need.
 */
function readAll(
  { groupId, maxBytes }: ShareFetchWish,
  readable: readonly Readable[],
  records: number,
  { core, client }: Call,
): PartitionRead[] {
  const settings = core.share.partitions.settings(groupId)
  const committedOnly = core.configs.group(groupId, 'share.isolation.level') === 'read_committed'
  for (const { open } of readable) core.share.partitions.cut(open)
  const able = readable.filter(({ open }) => canAcquire(open.value, settings))
  const most = Math.min(
    maxBytes,
    core.configs.brokerNumber('fetch.max.bytes'),
    core.quotas.mostPerWindow(client, 'consumer_byte_rate'),
  )
  const limits = { maxBytes: Math.max(1, Math.floor(most / Math.max(1, able.length))), committedOnly }
  return able.map((each) => {
    const from = nextFetchOffset(each.open.value)
    // Records of the window may be with other members; behind it all can be acquired.
    const windowEnd = inFlight(each.open.value) > 0 ? each.open.value.endOffset + 1 : from
    const neededBefore = Math.max(from, windowEnd) + records
    return { each, from, read: readForShare(each.open.log, from, { ...limits, neededBefore }) }
  })
}

function take(
  wish: ShareFetchWish,
  { each: { wanted, open }, read, from }: PartitionRead,
  { core, client }: Call,
): ShareGiven {
  if (read.chunks.length === 0) return given(wanted, 'NONE')
  const { memberId, mode, maxRecords, batchSize } = wish
  const request = {
    memberId,
    mode,
    maxRecords,
    batchSize,
    fetchOffset: from,
    read: read.chunks.map(({ batch }) => batch),
  }
  const now = core.clock.now()
  const { partition, acquired, outcomes } = acquire(
    open.value,
    request,
    core.share.partitions.settings(open.groupId),
    now,
  )
  const records = acquired.reduce((sum, range) => sum + range.last - range.first + 1, 0)
  core.share.partitions.acquired(open, { partition, outcomes }, memberId, records)
  const [first, last] = [acquired[0]?.first ?? 0, acquired.at(-1)?.last ?? -1]
  const chunks = read.chunks.filter(({ batch }) => batch.last >= first && batch.first <= last)
  if (chunks.length > 0) {
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.byteLength, 0)
    client.received(open.log.topic, bytes, now)
  }
  return { wanted, error: 'NONE', records: chunks.map(({ bytes }) => bytes), acquired }
}

/** Resolves when one of the partitions may give more, at the deadline, or when the client has gone. */
function wait(
  readable: readonly Readable[],
  deadline: Millis,
  { core, client }: Call,
): Promise<'more' | 'time' | 'closed'> {
  return new Promise((resolve) => {
    const end = (woken: 'more' | 'time' | 'closed') => {
      cancelTimer()
      client.leaving.delete(leave)
      for (const { open } of readable) {
        open.waiters.delete(more)
        open.log.waiters.delete(more)
      }
      resolve(woken)
    }
    const more = () => end('more')
    const leave = () => end('closed')
    const cancelTimer = core.clock.at(deadline, () => end('time'))
    for (const { open } of readable) {
      open.waiters.add(more)
      open.log.waiters.add(more)
    }
    if (client.hasEnded) leave()
    else client.leaving.add(leave)
  })
}
