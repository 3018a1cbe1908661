import type { TopicPartition } from '../../base/topic-partition'
import { keyOf } from '../../base/topic-partition'
import { commitOffsets, committedOffsets } from '../../client/admin/groups'
import { logSizes } from '../../client/admin/logs'
import type { KafkaClient } from '../../client/client'
import { KafkaError } from '../../client/failures'
import { listOffsets, offsetSpecs, valueAt, valuesOf } from '../../client/offsets'
import { readFlags } from '../../options/flags'
import { UsageError } from '../../options/serve'
import type { LogRecord } from '../../records/record'
import { table } from '../groups/output'
import { RegistryClient } from '../schemas/registry-client'
import { type ConnectParts, sourceClient, targetClient } from './connect'
import { flags, type Given, helpText, lastOf, namesOf, rateOf, sinceOf } from './flags'
import { maskOf } from './mask'
import { type Bookmark, Bookmarks } from './positions'
import { readProgress, writeProgress } from './progress'
import { importSchemas, schemasOf } from './schemas'
import { type Part, type Slice, sizeOf, slicesOf } from './slice'
import { makeTopics, placesOf, planTopics, type TopicPlan } from './topics'
import { type Totals, Transfer } from './transfer'

export interface CopyParts extends ConnectParts {
  readonly environment: NodeJS.ProcessEnv
  readonly print: (text: string) => void
  /** A line that the next one replaces. */
  readonly progress: (text: string) => void
  /** The filter that finds a text in a record. */
  readonly textFilter: (text: string) => (record: LogRecord, place: TopicPartition) => boolean
}

/**
 * Runs `ottla copy ...`.
 *
 * @returns false when something was not copied; what it was has been said
 * @throws UsageError, SettingsError, ClientError, KafkaError and RegistryCallError, whose messages are sentences for the user
 */
export async function copyCommand(argv: readonly string[], parts: CopyParts): Promise<boolean> {
  const given = readFlags(argv, parts.environment, flags)
  if (given.help || argv.length === 0) {
    parts.print(helpText())
    return true
  }
  const topics = namesOf(given.topic)
  if (topics.length === 0) throw new UsageError('Specify what to copy: --topic NAME.')
  if (given.as && topics.length > 1) throw new UsageError('--as names one copy: give one --topic.')
  const clients: KafkaClient[] = []
  try {
    const source = sourceClient(given.from?.[0], parts)
    clients.push(source)
    const target = targetClient(given.to?.[0], given.writable !== undefined, parts)
    clients.push(target)
    return await copy(source, target, topics, given, parts)
  } finally {
    for (const client of clients) client.dispose()
  }
}

async function copy(
  source: KafkaClient,
  target: KafkaClient,
  names: readonly string[],
  given: Given,
  parts: CopyParts,
): Promise<boolean> {
  // Flags are read before anything is asked or written.
  const part = partOf(given, parts.clock.now())
  const mask = given.mask ? maskOf(given.mask) : null
  const rate = given.rate ? rateOf(given.rate[0] ?? '') : null
  const registries = registriesOf(given)
  const plans = await planTopics(source, target, names, given.as?.[0], parts.warn)
  const of = [source.metadata.clusterId, target.metadata.clusterId, ...argumentsOf(given)].join(' ')
  const file = given.progress?.[0]
  const earlier = file === undefined ? undefined : readProgress(file, of)
  const slices = earlier?.left ?? (await slicesOf(source, placesOf(plans), part))
  const bookmarks = new Bookmarks(earlier?.bookmarks ?? (await bookmarksOf(source, namesOf(given.groups), slices)))
  const schemas = registries ? await schemasOf(registries.from, names) : []
  parts.print(await preview(source, plans, slices, bookmarks, schemas.length, registries !== null))
  if (given['dry-run']) {
    parts.print('Dry run: nothing was written.\n')
    return true
  }
  await makeTopics(target, plans, parts.warn)
  const nameOf = (topic: string) => plans.find(({ name }) => name === topic)?.target ?? topic
  if (registries) {
    const count = await importSchemas(registries.to, schemas, (subject) => subjectOf(subject, plans))
    parts.print(`Registered ${count} of ${schemas.length} schemas; the others were there.\n`)
  }
  const totals: Totals = { messages: 0, bytes: 0, filtered: 0, unmasked: 0 }
  const all = slices.reduce((sum, slice) => sum + sizeOf(slice), 0)
  const transfer = new Transfer({
    source,
    target,
    nameOf,
    filter: given.filter ? parts.textFilter(given.filter[0] ?? '') : null,
    mask,
    bookmarks,
    rate,
    totals,
    warn: parts.warn,
    onRound(next) {
      const left = slices.map((slice) => ({
        ...slice,
        from: next.get(keyOf(slice.topic, slice.partition)) ?? slice.from,
      }))
      if (file !== undefined) writeProgress(file, { of, left, bookmarks: bookmarks.all })
      const done = all - left.reduce((sum, slice) => sum + Math.max(0, sizeOf(slice)), 0)
      const percent = Math.floor((100 * done) / Math.max(1, all))
      parts.progress(`${percent} %, ${grouped(totals.messages)} messages, ${megabytes(totals.bytes)}`)
    },
  })
  const began = parts.clock.now()
  await transfer.run(slices)
  const seconds = Math.max(0.1, (parts.clock.now() - began) / 1000).toFixed(1)
  parts.print(`Copied ${grouped(totals.messages)} messages, ${megabytes(totals.bytes)} of log, in ${seconds} s.\n`)
  if (totals.filtered > 0) parts.print(`${grouped(totals.filtered)} messages do not have the text of --filter.\n`)
  if (totals.unmasked > 0) {
    parts.warn(
      `${grouped(totals.unmasked)} messages were left out: their values are not JSON, so --mask could not mask them.`,
    )
  }
  const isCommitted = await commitBookmarks(target, bookmarks.all, nameOf, parts)
  return isCommitted && totals.unmasked === 0
}

function partOf(given: Given, now: number): Part {
  if (given.last && given.since) throw new UsageError('--last and --since exclude each other.')
  if (given.last) return { kind: 'last', count: lastOf(given.last[0] ?? '') }
  return given.since ? { kind: 'since', at: sinceOf(given.since[0] ?? '', now) } : { kind: 'all' }
}

/** The flags that make two copies different ones. */
function argumentsOf(given: Given): string[] {
  const names = ['topic', 'as', 'last', 'since', 'filter', 'mask', 'groups'] as const
  return names.map((name) => JSON.stringify(given[name] ?? null))
}

function registriesOf(given: Given): { readonly from: RegistryClient; readonly to: RegistryClient } | null {
  if (!given.schemas) return null
  const [from] = given['from-registry'] ?? []
  if (from === undefined)
    throw new UsageError('--schemas needs the registry to read: --from-registry http://HOST:PORT.')
  const anonymous = { user: null, token: null }
  return {
    from: new RegistryClient(from, anonymous),
    to: new RegistryClient(given['to-registry']?.[0] ?? 'http://localhost:8081', anonymous),
  }
}

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
  parts: CopyParts,
): Promise<boolean> {
  let isComplete = true
  for (const groupId of new Set(bookmarks.map((bookmark) => bookmark.groupId))) {
    const offsets = bookmarks.flatMap((bookmark) =>
      bookmark.groupId === groupId && bookmark.target !== null
        ? [{ topic: nameOf(bookmark.topic), partition: bookmark.partition, offset: BigInt(bookmark.target) }]
        : [],
    )
    try {
      await commitOffsets(target, groupId, offsets)
      parts.print(`Committed the offsets of ${groupId} in ${offsets.length} partitions.\n`)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      parts.warn(error.message)
      isComplete = false
    }
  }
  return isComplete
}

/** What a copy would write. Offsets are counted, and bytes are estimated from the sizes of the logs. */
async function preview(
  source: KafkaClient,
  plans: readonly TopicPlan[],
  slices: readonly Slice[],
  bookmarks: Bookmarks,
  schemas: number,
  hasSchemas: boolean,
): Promise<string> {
  const whole = slices.map(({ topic, partition }) => ({ topic, partition }))
  const [starts, ends, leaders] = await Promise.all([
    listOffsets(
      source,
      whole.map((place) => ({ ...place, timestamp: offsetSpecs.earliest })),
    ),
    listOffsets(
      source,
      whole.map((place) => ({ ...place, timestamp: offsetSpecs.latest })),
    ),
    source.topics(plans.map(({ name }) => name)),
  ])
  const leaderOf = new Map(
    leaders.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, leader }) => [keyOf(name, partition), leader]),
    ),
  )
  const sizes = await logSizes(source, (key) => leaderOf.get(key))
  const rows = plans.map((plan) => {
    const own = slices.filter(({ topic }) => topic === plan.name)
    const count = own.reduce((sum, slice) => sum + sizeOf(slice), 0)
    const bytes = own.map((slice) => {
      const size = sizes.get(keyOf(slice.topic, slice.partition))
      const length = Number(
        (valueAt(valuesOf(ends), slice).offset ?? 0n) - (valueAt(valuesOf(starts), slice).offset ?? 0n),
      )
      return size === undefined ? Number.NaN : (size * sizeOf(slice)) / Math.max(1, length)
    })
    const sum = bytes.reduce((a, b) => a + b, 0)
    const to = plan.isThere ? 'added to the topic that is there' : 'new topic'
    return [plan.name, plan.target, `${plan.partitions}`, grouped(count), Number.isNaN(sum) ? '-' : megabytes(sum), to]
  })
  const groups = new Set(bookmarks.all.map(({ groupId }) => groupId)).size
  return [
    table([['TOPIC', 'COPY', 'PARTITIONS', 'OFFSETS', 'BYTES', 'TARGET'], ...rows]),
    ...(groups > 0 ? [`Groups: ${groups}\n`] : []),
    ...(hasSchemas ? [`Schemas: ${schemas}\n`] : []),
  ].join('')
}

function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
