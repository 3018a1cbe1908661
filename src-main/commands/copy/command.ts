import type { TopicPartition } from '../../base/topic-partition'
import type { KafkaClient } from '../../client/client'
import { RegistryClient } from '../../client/registry-client'
import { type CopyOrder, type CopyPlan, type CopyState, planCopy, runCopy } from '../../copy/copy'
import { maskOf } from '../../copy/mask'
import { readProgress, writeProgress } from '../../copy/progress'
import type { Part } from '../../copy/slice'
import { readFlags } from '../../options/flags'
import { UsageError } from '../../options/serve'
import type { LogRecord } from '../../records/record'
import { table } from '../groups/output'
import { type ConnectParts, sourceClient, targetClient } from './connect'
import { flags, type Given, helpText, lastOf, namesOf, rateOf, sinceOf } from './flags'

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
    const source = await sourceClient(given.from?.[0], given['secret-file']?.[0] ?? null, parts)
    clients.push(source)
    const target = await targetClient(given, parts)
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
  const order: CopyOrder = {
    topics: names,
    as: given.as?.[0] ?? null,
    part: partOf(given, parts.clock.now()),
    filter: given.filter?.[0] ?? null,
    masks: given.mask ?? [],
    groups: namesOf(given.groups),
    registries: registriesOf(given),
    rate: given.rate ? rateOf(given.rate[0] ?? '') : null,
  }
  maskOf(order.masks)
  const { warn, textFilter } = parts
  await Promise.all([source.nodes(), target.nodes()])
  const of = [source.metadata.clusterId, target.metadata.clusterId, ...argumentsOf(given)].join(' ')
  const file = given.progress?.[0]
  const earlier = file === undefined ? undefined : readProgress(file, of)
  const plan = await planCopy(order, { source, target, warn }, earlier)
  parts.print(preview(plan, order))
  if (given['dry-run']) {
    parts.print('Dry run: nothing was written.\n')
    return true
  }
  const began = parts.clock.now()
  const onProgress = ({ left, bookmarks, offsets, offsetsDone, totals }: CopyState) => {
    if (file !== undefined) writeProgress(file, { of, left, bookmarks })
    const percent = Math.floor((100 * offsetsDone) / Math.max(1, offsets))
    parts.progress(`${percent} %, ${grouped(totals.messages)} messages, ${megabytes(totals.bytes)}`)
  }
  const { registered, totals, committed, problems } = await runCopy(plan, order, {
    source,
    target,
    warn,
    textFilter,
    onProgress,
  })
  if (order.registries) {
    parts.print(`Registered ${registered} of ${plan.schemas.length} schemas; the others were there.\n`)
  }
  const seconds = Math.max(0.1, (parts.clock.now() - began) / 1000).toFixed(1)
  parts.print(`Copied ${grouped(totals.messages)} messages, ${megabytes(totals.bytes)} of log, in ${seconds} s.\n`)
  if (totals.filtered > 0) parts.print(`${grouped(totals.filtered)} messages do not have the text of --filter.\n`)
  if (totals.unmasked > 0) {
    warn(
      `${grouped(totals.unmasked)} messages were left out: their values are not JSON, so --mask could not mask them.`,
    )
  }
  for (const { groupId, partitions } of committed) {
    parts.print(
      `Committed the offsets of ${groupId} in ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}.\n`,
    )
  }
  for (const problem of problems) warn(problem)
  return problems.length === 0 && totals.unmasked === 0
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

/** What a copy would write. */
function preview({ topics, bookmarks, schemas }: CopyPlan, order: CopyOrder): string {
  const rows = topics.map(({ name, target, partitions, offsets, bytes, isThere }) => {
    const to = isThere ? 'added to the topic that is there' : 'new topic'
    return [name, target, `${partitions}`, grouped(offsets), bytes === null ? '-' : megabytes(bytes), to]
  })
  const groups = new Set(bookmarks.all.map(({ groupId }) => groupId)).size
  return [
    table([['TOPIC', 'COPY', 'PARTITIONS', 'OFFSETS', 'BYTES', 'TARGET'], ...rows]),
    ...(groups > 0 ? [`Groups: ${groups}\n`] : []),
    ...(order.registries ? [`Schemas: ${schemas.length}\n`] : []),
  ].join('')
}

function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
