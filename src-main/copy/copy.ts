import { keyOf, type TopicPartition } from '../base/topic-partition'
import { commitOffsets, committedOffsets } from '../client/admin/groups'
import { logSizes } from '../client/admin/logs'
import type { KafkaClient } from '../client/client'
import { KafkaError } from '../client/failures'
import { listOffsets, offsetSpecs, valueAt, valuesOf } from '../client/offsets'
import type { RegistryClient } from '../client/registry-client'
import { UsageError } from '../options/serve'
import type { LogRecord } from '../records/record'
import { maskOf } from './mask'
import { type Bookmark, Bookmarks } from './positions'
import type { Progress } from './progress'
import { importSchemas, schemasOf } from './schemas'
import { type Part, type Slice, sizeOf, slicesOf } from './slice'
import { makeTopics, placesOf, planTopics, type TopicPlan } from './topics'
import { type Totals, Transfer } from './transfer'

/** A copy that somebody asks for. */
export interface CopyOrder {
  readonly topics: readonly string[]
  /** The name of the copy of one topic; null: its own. */
  readonly as: string | null
  readonly part: Part
  /** Only messages with this text in key, value or headers; null: all. */
  readonly filter: string | null
  /** Paths of fields whose values are masked. */
  readonly masks: readonly string[]
  /** Groups whose committed offsets are copied. */
  readonly groups: readonly string[]
  /** Schemas are copied from one registry to the other; null: they are not. */
  readonly registries: { readonly from: RegistryClient; readonly to: RegistryClient } | null
  /** Bytes per second at most; null: as fast as it goes. */
  readonly rate: number | null
}

export interface CopyParts {
  readonly source: KafkaClient
  readonly target: KafkaClient
  readonly textFilter: (text: string) => (record: LogRecord, place: TopicPartition) => boolean
  readonly warn: (text: string) => void
}

interface PlannedTopic extends TopicPlan {
  /** At most as many messages. */
  readonly offsets: number
  /** Estimated from the size of the logs; null: the cluster does not tell. */
  readonly bytes: number | null
}

/** What a copy would write. */
export interface CopyPlan {
  readonly topics: readonly PlannedTopic[]
  readonly slices: readonly Slice[]
  readonly bookmarks: Bookmarks
  readonly schemas: Awaited<ReturnType<typeof schemasOf>>
}

/** State of a copy under way. */
export interface CopyState extends Pick<Progress, 'left' | 'bookmarks'> {
  readonly offsets: number
  readonly offsetsDone: number
  readonly totals: Readonly<Totals>
}

export interface CopyOutcome {
  /** False: it was stopped before the end. */
  readonly isDone: boolean
  /** Schemas that were not there before. */
  readonly registered: number
  readonly totals: Readonly<Totals>
  readonly committed: readonly { readonly groupId: string; readonly partitions: number }[]
  /** Groups whose offsets could not be committed, each with its sentence. */
  readonly problems: readonly string[]
}

/**
 * What would be copied; nothing is written.
 *
 * @param earlier what is left of a copy that was stopped
 * @throws UsageError, KafkaError, ClientError, RegistryCallError
 */
export async function planCopy(
  order: CopyOrder,
  { source, target, warn }: Omit<CopyParts, 'textFilter'>,
  earlier?: Pick<Progress, 'left' | 'bookmarks'>,
): Promise<CopyPlan> {
  maskOf(order.masks)
  const plans = await planTopics(source, target, order.topics, order.as ?? undefined, warn)
  const slices = earlier?.left ?? (await slicesOf(source, placesOf(plans), order.part))
  const bookmarks = new Bookmarks(earlier?.bookmarks ?? (await bookmarksOf(source, order.groups, slices)))
  const schemas = order.registries ? await schemasOf(order.registries.from, order.topics) : []
  return { topics: await withSizes(source, plans, slices), slices, bookmarks, schemas }
}

/** Copies what was planned. @throws KafkaError, ClientError, RecordsError, RegistryCallError */
export async function runCopy(
  plan: CopyPlan,
  order: CopyOrder,
  {
    source,
    target,
    textFilter,
    warn,
    onProgress,
    signal,
  }: CopyParts & { readonly onProgress: (state: CopyState) => void; readonly signal?: AbortSignal },
): Promise<CopyOutcome> {
  await makeTopics(target, plan.topics, warn)
  const nameOf = (topic: string) => plan.topics.find(({ name }) => name === topic)?.target ?? topic
  const registered = order.registries
    ? await importSchemas(order.registries.to, plan.schemas, (subject) => subjectOf(subject, plan.topics))
    : 0
  const totals: Totals = { messages: 0, bytes: 0, filtered: 0, unmasked: 0 }
  const offsets = plan.slices.reduce((sum, slice) => sum + sizeOf(slice), 0)
  const transfer = new Transfer({
    source,
    target,
    nameOf,
    filter: order.filter === null ? null : textFilter(order.filter),
    mask: order.masks.length > 0 ? maskOf(order.masks) : null,
    bookmarks: plan.bookmarks,
    rate: order.rate,
    totals,
    warn,
    onRound(next) {
      const left = plan.slices.map((slice) => ({
        ...slice,
        from: next.get(keyOf(slice.topic, slice.partition)) ?? slice.from,
      }))
      const offsetsDone = offsets - left.reduce((sum, slice) => sum + Math.max(0, sizeOf(slice)), 0)
      onProgress({ left, bookmarks: plan.bookmarks.all, offsets, offsetsDone, totals })
    },
  })
  const isDone = await transfer.run(plan.slices, signal)
  const { committed, problems } = isDone ? await commitBookmarks(target, plan.bookmarks.all, nameOf) : nothing
  return { isDone, registered, totals, committed, problems }
}

const nothing = { committed: [], problems: [] }

/** `orders-value` belongs to the topic `orders`, and to its copy under the copy's name. */
function subjectOf(subject: string, plans: readonly TopicPlan[]): string {
  const plan = plans.find(({ name }) => subject === `${name}-key` || subject === `${name}-value`)
  return plan ? `${plan.target}${subject.slice(plan.name.length)}` : subject
}

async function bookmarksOf(
  source: KafkaClient,
  groups: readonly string[],
  slices: readonly Slice[],
): Promise<readonly Bookmark[]> {
  const found: Bookmark[] = []
  for (const groupId of groups) {
    for (const { topic, partition, offset } of (await committedOffsets(source, groupId, slices)).values()) {
      found.push({ groupId, topic, partition, offset: Number(offset), target: null })
    }
    if (!found.some((one) => one.groupId === groupId)) {
      throw new UsageError(`Group ${groupId} has committed no offset in these topics.`)
    }
  }
  return found
}

async function commitBookmarks(
  target: KafkaClient,
  bookmarks: readonly Bookmark[],
  nameOf: (topic: string) => string,
): Promise<Pick<CopyOutcome, 'committed' | 'problems'>> {
  const committed: { groupId: string; partitions: number }[] = []
  const problems: string[] = []
  for (const groupId of new Set(bookmarks.map((bookmark) => bookmark.groupId))) {
    const offsets = bookmarks.flatMap((bookmark) =>
      bookmark.groupId === groupId && bookmark.target !== null
        ? [{ topic: nameOf(bookmark.topic), partition: bookmark.partition, offset: BigInt(bookmark.target) }]
        : [],
    )
    try {
      await commitOffsets(target, groupId, offsets)
      committed.push({ groupId, partitions: offsets.length })
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      problems.push(error.message)
    }
  }
  return { committed, problems }
}

/** Offsets are counted, and bytes are estimated from the sizes of the logs. */
async function withSizes(
  source: KafkaClient,
  plans: readonly TopicPlan[],
  slices: readonly Slice[],
): Promise<readonly PlannedTopic[]> {
  const whole = slices.map(({ topic, partition }) => ({ topic, partition }))
  const ask = async (timestamp: bigint) =>
    valuesOf(
      await listOffsets(
        source,
        whole.map((place) => ({ ...place, timestamp })),
      ),
    )
  const [starts, ends, leaders] = await Promise.all([
    ask(offsetSpecs.earliest),
    ask(offsetSpecs.latest),
    source.topics(plans.map(({ name }) => name)),
  ])
  const leaderOf = new Map(
    leaders.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, leader }) => [keyOf(name, partition), leader]),
    ),
  )
  const sizes = await logSizes(source, (key) => leaderOf.get(key))
  return plans.map((plan) => {
    const own = slices.filter(({ topic }) => topic === plan.name)
    let bytes: number | null = 0
    for (const slice of own) {
      const size = sizes.get(keyOf(slice.topic, slice.partition))
      const length = Number((valueAt(ends, slice).offset ?? 0n) - (valueAt(starts, slice).offset ?? 0n))
      if (size === undefined) bytes = null
      else if (bytes !== null) bytes += (size * sizeOf(slice)) / Math.max(1, length)
    }
    return { ...plan, offsets: own.reduce((sum, slice) => sum + sizeOf(slice), 0), bytes }
  })
}
