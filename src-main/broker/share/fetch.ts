import { assert } from '../../base/assert'
import type { Millis } from '../../base/clock'
import { hold, letGo } from '../../base/held-bytes'
import type { Uuid } from '../../base/uuid'
import { type Acquire, type AcquiredRange, acquire } from '../../groups/share/acquire'
import { canAcquire, type DeliverySettings, inFlight, nextFetchOffset } from '../../groups/share/share-partition'
import type { ErrorName } from '../../protocol/errors'
import type { Call } from '../handler'
import { orError } from '../log/failing'
import type { Waiter } from '../log/partition'
import { freeUnheld, nothing, readForShare, type ShareRead } from './read'
import type { OpenSharePartition } from './share-partitions'

/** What a ShareFetch asks for. */
export interface ShareFetchWish {
  readonly groupId: string
  readonly memberId: string
  readonly mode: Acquire['mode']
  readonly maxWaitMs: Millis
  /** At most `maxBytes`. */
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
 * The memory of the records is held: the caller lets go of them with `letGoOf`.
 *
 * @throws StorageFailure when what the turn wrote is not stored, and then nothing is acquired
 */
export async function fetchShares(
  wish: ShareFetchWish,
  wanted: readonly WantedShare[],
  isStillWanted: () => boolean,
  call: Call,
): Promise<ShareGiven[]> {
  // The connection may have closed, or the session been replaced, while the acknowledgements of the request were stored.
  if (!isStillWanted()) return []
  const found = wanted.map((each) => find(wish.groupId, each, call))
  const failed = found.filter((each): each is ShareGiven => 'error' in each)
  const readable = found.filter((each): each is Readable => 'open' in each)
  if (wish.maxRecords <= 0 || wish.maxBytes <= 0 || readable.length === 0) return failed
  const deadline = call.at + Math.max(0, wish.maxWaitMs)
  // A partition that failed is told at once.
  let isLast = wish.maxWaitMs <= 0 || failed.length > 0
  for (;;) {
    const reader = new ShareReader(wish, readable, call)
    const bytes = reader.readAtLeast(wish.minBytes)
    const isEnough = bytes >= wish.minBytes || isLast
    const taken = bytes > 0 && isEnough ? reader.takeAll() : reader.takeNothing()
    if (isLast || taken.some(({ acquired, error }) => acquired.length > 0 || error !== 'NONE')) {
      try {
        // Asked for in the step that acquired: a turn that begins to write later does not undo it.
        await call.core.commits.settled
      } catch (failure) {
        letGoOf(taken)
        throw failure
      }
      for (const each of taken) countGiven(each, wish, call)
      return [...failed, ...taken]
    }
    const missing = { bytes: Math.max(1, wish.minBytes - bytes), committedOnly: reader.isCommittedOnly }
    const woken = await wait(readable, missing, deadline, call)
    if (woken === 'closed' || !isStillWanted()) return []
    if (
      readable.some(({ open }) => call.core.share.partitions.find(open.groupId, open.topicId, open.log.number) !== open)
    ) {
      return fetchShares({ ...wish, maxWaitMs: 0 }, wanted, isStillWanted, { ...call, at: call.core.clock.now() })
    }
    isLast = woken === 'time'
  }
}

/** Counts what a member was given, for pages. */
function countGiven(
  { wanted, records: chunks, acquired }: ShareGiven,
  wish: ShareFetchWish,
  { core, client }: Call,
): void {
  const records = acquired.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  if (records > 0) core.share.partitions.handOut({ groupId: wish.groupId, memberId: wish.memberId, records })
  const bytes = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const topic = core.topics.byId(wanted.topicId)?.name
  if (bytes > 0 && topic !== undefined) client.received(topic, bytes, core.clock.now())
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
  /** `NONE`, or why nothing could be read. */
  readonly error: ErrorName
  readonly read: ShareRead
  readonly from: number
}

/**
 * Reads partitions in their order, and no more of them than the answer needs: a member that gets all its records from the first one would have
 * the broker read the others for nothing. The bytes are shared evenly between the partitions that can give something
 * (PartitionMaxBytesStrategy.UNIFORM); the others are left out, of the answer too.
 */
class ShareReader {
  readonly able: readonly Readable[]
  readonly #wish: ShareFetchWish
  readonly #call: Call
  readonly #settings: DeliverySettings
  readonly #limits: { readonly maxBytes: number; readonly committedOnly: boolean }
  /** By the index of the partition. */
  #reads: PartitionRead[] = []
  /** Records that may still be acquired. */
  #left: number

  constructor(wish: ShareFetchWish, readable: readonly Readable[], call: Call) {
    const { core } = call
    const { groupId, maxBytes } = wish
    const { partitions } = core.share
    const settings = partitions.settings(groupId)
    for (const { open } of readable) partitions.cut(open)
    const able = readable.filter(({ open }) => canAcquire(open.value, settings))
    this.able = able
    this.#wish = wish
    this.#call = call
    this.#settings = settings
    this.#limits = {
      maxBytes: Math.max(1, Math.floor(maxBytes / Math.max(1, able.length))),
      committedOnly: core.configs.group(groupId, 'share.isolation.level') === 'read_committed',
    }
    this.#left = wish.maxRecords
  }

  get isCommittedOnly(): boolean {
    return this.#limits.committedOnly
  }

  /** Reads partitions until there are `minBytes`: Kafka compares all that could be read with the least that the client waits for. */
  readAtLeast(minBytes: number): number {
    const bytes = this.#readUntil(minBytes, this.#wish.maxRecords)
    if (bytes >= minBytes || bytes === 0) return bytes
    this.#freeUnheld()
    this.#reads = []
    return this.#readUntil(minBytes, Number.POSITIVE_INFINITY)
  }

  /** Acquires records of all partitions; holds them, and frees what else was read. @throws StorageFailure, and then nothing is acquired */
  takeAll(): ShareGiven[] {
    const { partitions } = this.#call.core.share
    const before = this.able.map(({ open }) => ({ open, value: open.value }))
    try {
      const taken = this.able.map((_, index) => this.#take(index))
      for (const { records } of taken) for (const bytes of records) hold(bytes)
      return taken
    } catch (error) {
      for (const { open, value } of before) partitions.undo(open, value)
      throw error
    } finally {
      this.#freeUnheld()
    }
  }

  /** The errors of the partitions that were read; frees what was read. */
  takeNothing(): ShareGiven[] {
    this.#freeUnheld()
    return this.able.map(({ wanted }, index) => given(wanted, this.#reads[index]?.error ?? 'NONE'))
  }

  #take(index: number): ShareGiven {
    const each = this.able[index]
    assert(each, 'a partition of this reader')
    if (this.#left <= 0) return given(each.wanted, 'NONE')
    const read = this.#read(index, this.#left)
    if (read.error !== 'NONE') return given(each.wanted, read.error)
    const taken = take({ ...this.#wish, maxRecords: this.#left }, each, read, this.#settings, this.#call)
    for (const { first, last } of taken.acquired) this.#left -= last - first + 1
    return taken
  }

  #freeUnheld(): void {
    for (const { read } of this.#reads) freeUnheld(read.lent)
  }

  #readUntil(minBytes: number, records: number): number {
    let bytes = 0
    for (let index = 0; index < this.able.length && bytes < Math.max(1, minBytes); index++) {
      bytes += this.#read(index, records).read.bytes
    }
    return bytes
  }

  /** Of a partition no more is read than `records` that can be acquired need. */
  #read(index: number, records: number): PartitionRead {
    const known = this.#reads[index]
    if (known) return known
    const open = this.able[index]?.open
    assert(open, 'a partition of this reader')
    const from = nextFetchOffset(open.value)
    // Records of the window may be with other members; behind it all can be acquired.
    const windowEnd = inFlight(open.value) > 0 ? open.value.endOffset + 1 : from
    const neededBefore = Math.max(from, windowEnd) + records
    const read = orError(
      this.#call.core.log,
      () => `Reading ${open.log.name} at ${from} for share group ${open.groupId}`,
      () => readForShare(open.log, from, { ...this.#limits, neededBefore }),
    )
    const failed = typeof read === 'string'
    this.#reads[index] = failed ? { error: read, from, read: nothing } : { error: 'NONE', from, read }
    return this.#reads[index]
  }
}

/** Lets go of what `fetchShares` gave, once the answer is with the connection, which holds it until it is sent. */
export function letGoOf(given: readonly ShareGiven[]): void {
  setImmediate(() => {
    for (const { records } of given) for (const bytes of records) letGo(bytes)
  })
}

function take(
  { memberId, mode, maxRecords, batchSize }: ShareFetchWish,
  { wanted, open }: Readable,
  { read, from }: PartitionRead,
  settings: DeliverySettings,
  { core }: Call,
): ShareGiven {
  if (read.chunks.length === 0) return given(wanted, 'NONE')
  const request = {
    memberId,
    mode,
    maxRecords,
    batchSize,
    fetchOffset: from,
    read: read.chunks.map(({ batch }) => batch),
  }
  const { partition, acquired, outcomes } = acquire(open.value, request, settings, core.clock.now())
  core.share.partitions.acquired(open, { partition, outcomes })
  const [first, last] = [acquired[0]?.first ?? 0, acquired.at(-1)?.last ?? -1]
  const chunks = read.chunks.filter(({ batch }) => batch.last >= first && batch.first <= last)
  return { wanted, error: 'NONE', records: chunks.map(({ bytes }) => bytes), acquired }
}

/** Resolves when the partitions have grown by so many bytes, or one of them may give more, at the deadline, or when the client has gone. */
function wait(
  readable: readonly Readable[],
  { bytes, committedOnly }: { readonly bytes: number; readonly committedOnly: boolean },
  deadline: Millis,
  { core, client }: Call,
): Promise<'more' | 'time' | 'closed'> {
  return new Promise((resolve) => {
    const end = (woken: 'more' | 'time' | 'closed') => {
      cancelTimer()
      client.leaving.delete(leave)
      for (const { open } of readable) {
        open.waiters.delete(more)
        open.log.waiters.delete(grow)
      }
      resolve(woken)
    }
    const more = () => end('more')
    let missing = bytes
    const grow: Waiter = (grown, stableGrown) => {
      missing -= committedOnly ? stableGrown : grown
      if (missing <= 0) more()
    }
    const leave = () => end('closed')
    const cancelTimer = core.clock.at(deadline, () => end('time'))
    for (const { open } of readable) {
      open.waiters.add(more)
      open.log.waiters.add(grow)
    }
    if (client.hasEnded) leave()
    else client.leaving.add(leave)
  })
}
