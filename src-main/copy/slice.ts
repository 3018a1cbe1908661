import { keyOf, type TopicPartition, type TopicPartitionKey } from '../base/topic-partition'
import type { KafkaClient } from '../client/client'
import { listOffsets, offsetSpecs, valueAt, valuesOf } from '../client/offsets'

/** The part of a partition that is copied: offsets from `from` up to and without `to`. */
export interface Slice extends TopicPartition {
  readonly from: number
  readonly to: number
}

/** The part of each topic that is wanted. */
export type Part =
  | { readonly kind: 'all' }
  | { readonly kind: 'last'; readonly count: number }
  | { readonly kind: 'since'; readonly at: number }

/**
 * The slices of topics. They end at the last stable offset as it is now: what comes later, and what an open transaction holds back, is
 * not copied.
 *
 * @throws KafkaError, ClientError
 */
export async function slicesOf(
  client: KafkaClient,
  places: readonly TopicPartition[],
  part: Part,
): Promise<readonly Slice[]> {
  const listed = async (timestamp: bigint) =>
    valuesOf(
      await listOffsets(
        client,
        places.map(({ topic, partition }) => ({ topic, partition, timestamp })),
        'read_committed',
      ),
    )
  const [starts, ends, times] = await Promise.all([
    listed(offsetSpecs.earliest),
    listed(offsetSpecs.latest),
    part.kind === 'since' ? listed(BigInt(part.at)) : undefined,
  ])
  const whole = places.map((place) => {
    const to = Number(valueAt(ends, place).offset ?? 0n)
    const first = Number(valueAt(starts, place).offset ?? 0n)
    // No message is that late: the slice is empty.
    const from = times ? Number(valueAt(times, place).offset ?? to) : first
    return { topic: place.topic, partition: place.partition, from: Math.min(from, to), to }
  })
  return part.kind === 'last' ? newestOf(whole, part.count) : whole
}

/** The newest `count` offsets of each topic: an equal number of each partition; what small ones lack is taken from the others. */
export function newestOf(slices: readonly Slice[], count: number): readonly Slice[] {
  const shares = new Map<TopicPartitionKey, number>()
  for (const topic of new Set(slices.map((slice) => slice.topic))) {
    const bySize = slices.filter((slice) => slice.topic === topic).sort((a, b) => sizeOf(a) - sizeOf(b))
    let left = count
    for (const [i, slice] of bySize.entries()) {
      const share = Math.min(sizeOf(slice), Math.ceil(left / (bySize.length - i)))
      shares.set(keyOf(slice.topic, slice.partition), share)
      left -= share
    }
  }
  return slices.map((slice) => ({
    ...slice,
    from: slice.to - (shares.get(keyOf(slice.topic, slice.partition)) ?? 0),
  }))
}

export function sizeOf({ from, to }: Slice): number {
  return to - from
}
