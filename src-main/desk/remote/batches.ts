import { keyOf, type TopicPartition, type TopicPartitionKey } from '../../base/topic-partition'
import type { KafkaClient } from '../../client/client'
import { KafkaError } from '../../client/failures'
import { type AbortedTransaction, type Fetched, fetchRecords } from '../../client/fetch'
import { batchesOf, firstBatchBytes } from '../../client/fetched-records'
import type { Isolation } from '../../client/offsets'
import type { TransactionState } from '../../contract/messages'
import { type Batch, readBatch } from '../../records/batch'
import { encodeBatch, markerOf } from '../../records/encode'
import { readRecords } from '../../records/record'
import type { BatchReader, BatchWindow, ScannedBatch } from '../messages/batch-reader'
import type { FetchedPart, FetchPlace } from './partition-ahead'
import { ReadAhead } from './read-ahead'

/** Offsets of the first window that is read backward; it grows while it gives too little. */
const firstWindow = 64
const largestWindow = 65_536

/** Batches of a cluster elsewhere, by Fetch: no group, no commit. The next position comes from the batch, never from a record. */
export class RemoteBatches implements BatchReader {
  readonly #client: KafkaClient

  constructor(client: KafkaClient) {
    this.#client = client
  }

  forSearch(): BatchReader {
    return new ReadAhead(this, {
      brokerOf: ({ topic, partition }) => this.#leaderOf(topic, partition),
      fetch: (places, maxBytes) => this.#fetchMany(places, maxBytes),
    })
  }

  async batches(place: TopicPartition, window: BatchWindow): Promise<readonly ScannedBatch[]> {
    return window.backward ? await this.#backward(place, window) : await this.#forward(place, window)
  }

  async #forward(place: TopicPartition, { from, before, maxBytes }: BatchWindow): Promise<ScannedBatch[]> {
    if (from >= before) return []
    const committed = await this.#fetch(place, from, maxBytes, 'read_committed')
    if (!committed) return []
    const found = within(scanned(committed), from, before)
    const next = Math.max(from, (found.at(-1)?.batch.lastOffset ?? -1) + 1)
    const stable = Number(committed.lastStableOffset)
    if (next < stable || next >= before) return found
    // Behind the last stable offset: what an open transaction holds back.
    const open = await this.#fetch(place, next, maxBytes, 'read_uncommitted')
    const held = open ? wholeBatches(open) : []
    const late = held.map((batch) => ({ batch, transaction: batch.isTransactional ? ('open' as const) : null }))
    return [...found, ...within(late, next, before)]
  }

  /** Windows before `before`, each read forward to its end; the last one with a batch is given, newest first. */
  async #backward(place: TopicPartition, { from, before, maxBytes }: BatchWindow): Promise<ScannedBatch[]> {
    let size = firstWindow
    for (let end = before; end > from; size = Math.min(4 * size, largestWindow)) {
      const start = Math.max(from, end - size)
      const found: ScannedBatch[] = []
      for (let next = start; next < end; ) {
        const some = await this.#forward(place, { from: next, before: end, maxBytes, backward: false })
        const last = some.at(-1)
        if (!last) break
        found.push(...some)
        next = last.batch.lastOffset + 1
      }
      if (found.length > 0) return found.reverse()
      end = start
    }
    return []
  }

  async #fetchMany(
    places: readonly FetchPlace[],
    maxBytes: number,
  ): Promise<ReadonlyMap<TopicPartitionKey, FetchedPart>> {
    const positions = places.map(({ before: _, from, ...place }) => ({ ...place, offset: from }))
    const answers = await fetchRecords(this.#client, positions, { isolation: 'read_committed', maxBytes })
    const found = new Map<TopicPartitionKey, FetchedPart>()
    for (const { topic, partition, from, before } of places) {
      const answer = answers.get(keyOf(topic, partition))
      if (!answer || answer instanceof KafkaError) continue
      const batches = scanned(answer)
      const next = Math.max(from, (batches.at(-1)?.batch.lastOffset ?? -1) + 1)
      // Behind the last stable offset open transactions are looked for; both parts are given at once, so that they are merged alike.
      if (next >= Number(answer.lastStableOffset) && next < before) continue
      const cutBytes = batches.length === 0 ? firstBatchBytes(answer.records) : 0
      found.set(keyOf(topic, partition), { batches: within(batches, from, before), next, cutBytes })
    }
    return found
  }

  #leaderOf(topic: string, partition: number): number {
    const known = this.#client.metadata.topic(topic)?.partitions.find((one) => one.partition === partition)
    return known?.leader ?? -1
  }

  /** Undefined at the end of the log, and where the log no longer reaches so far back. */
  async #fetch(
    { topic, partition }: TopicPartition,
    offset: number,
    maxBytes: number,
    isolation: Isolation,
  ): Promise<Fetched | undefined> {
    const answers = await fetchRecords(this.#client, [{ topic, partition, offset, maxBytes }], { isolation })
    const answer = answers.get(keyOf(topic, partition))
    if (!(answer instanceof KafkaError)) return answer
    if (answer.error === 'OFFSET_OUT_OF_RANGE' || answer.error === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined
    throw answer
  }
}

function within(batches: readonly ScannedBatch[], from: number, before: number): ScannedBatch[] {
  return batches.filter(({ batch }) => batch.lastOffset >= from && batch.baseOffset < before)
}

/** Whole batches; messages of the older formats as a batch of today's. */
function wholeBatches({ records }: Fetched): Batch[] {
  return [...batchesOf(records)].map((one) => {
    if (one.kind === 'batch') return one.batch
    const baseOffset = one.records[0]?.offset ?? 0
    return readBatch(encodeBatch(one.records, { baseOffset }))
  })
}

/** What became of the transaction of each batch: aborted from its first offset until the marker, else committed. */
function scanned(fetched: Fetched): ScannedBatch[] {
  const waiting: AbortedTransaction[] = [...fetched.aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  const open = new Set<bigint>()
  return wholeBatches(fetched).map((batch) => {
    while (waiting[0] && waiting[0].firstOffset <= BigInt(batch.lastOffset)) {
      open.add((waiting.shift() as AbortedTransaction).producerId)
    }
    const transaction = stateOf(batch, open)
    if (batch.isControl) {
      for (const { key } of readRecords(batch)) if (markerOf(key) === 'ABORT') open.delete(batch.producerId)
    }
    return { batch, transaction }
  })
}

function stateOf({ isTransactional, producerId }: Batch, aborted: ReadonlySet<bigint>): TransactionState | null {
  if (!isTransactional) return null
  return aborted.has(producerId) ? 'aborted' : 'committed'
}
