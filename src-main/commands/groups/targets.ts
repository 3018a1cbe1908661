import { readFileSync } from 'node:fs'
import { keyOf, type TopicPartitionKey } from '../../base/topic-partition'
import type { KafkaClient } from '../../client/client'
import { listOffsets, valueAt, valuesOf } from '../../client/offsets'
import { UsageError } from '../../options/serve'
import type { Flag, Given } from './flags'
import type { Position } from './positions'

/** The flags that say where to, of which a reset needs exactly one. */
const wheres = [
  'to-earliest',
  'to-latest',
  'to-current',
  'to-offset',
  'shift-by',
  'to-datetime',
  'by-duration',
  'from-file',
] as const satisfies readonly Flag[]
export type Where = (typeof wheres)[number]

/** @throws UsageError for none or several */
export function whereOf(given: Given): Where {
  const found = wheres.filter((name) => given[name])
  const [where, second] = found
  if (!where) throw new UsageError(`Specify where to: ${wheres.map((name) => `--${name}`).join(', ')}.`)
  if (second) throw new UsageError(`--${where} and --${second} exclude each other.`)
  return where
}

/** The new offset of every position, within what its log holds (as kafka-consumer-groups does). @throws UsageError, KafkaError */
export async function targetsOf(
  client: KafkaClient,
  positions: readonly Position[],
  where: Where,
  given: Given,
): Promise<Map<TopicPartitionKey, bigint>> {
  const text = given[where]?.[0] ?? ''
  const each = (of: (position: Position) => bigint) =>
    new Map(
      positions.map((position) => [keyOf(position.topic, position.partition), within(of(position), position)] as const),
    )
  switch (where) {
    case 'to-earliest':
      return each(({ start }) => start)
    case 'to-latest':
      return each(({ end }) => end)
    case 'to-current':
      return each(({ committed, end }) => committed ?? end)
    case 'to-offset': {
      const offset = whole(text, where)
      return each(() => offset)
    }
    case 'shift-by': {
      const by = whole(text, where)
      const without = positions.find(({ committed }) => committed === null)
      if (without) {
        throw new UsageError(`${without.topic}-${without.partition} has no committed offset that could be shifted.`)
      }
      return each(({ committed, start }) => (committed ?? start) + by)
    }
    case 'to-datetime':
      return await byTime(client, positions, instantOf(text), each)
    case 'by-duration':
      return await byTime(client, positions, client.clock.now() - durationMs(text), each)
    case 'from-file': {
      const wanted = offsetsIn(readText(text))
      return each((position) => {
        const offset = wanted.get(keyOf(position.topic, position.partition))
        if (offset === undefined)
          throw new UsageError(`--from-file has no offset for ${position.topic}-${position.partition}.`)
        return offset
      })
    }
  }
}

async function byTime(
  client: KafkaClient,
  positions: readonly Position[],
  at: number,
  each: (of: (position: Position) => bigint) => Map<TopicPartitionKey, bigint>,
): Promise<Map<TopicPartitionKey, bigint>> {
  const queries = positions.map(({ topic, partition }) => ({ topic, partition, timestamp: BigInt(at) }))
  const found = valuesOf(await listOffsets(client, queries))
  return each((position) => valueAt(found, position).offset ?? position.end)
}

function within(offset: bigint, { start, end }: Position): bigint {
  return offset < start ? start : offset > end ? end : offset
}

function whole(text: string, where: Where): bigint {
  if (!/^[+-]?\d{1,18}$/.test(text)) throw new UsageError(`--${where} needs a whole number.`)
  return BigInt(text)
}

/** Without a zone it is UTC (org.apache.kafka.common.utils.Utils.getDateTime). */
function instantOf(text: string): number {
  const hasZone = /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)
  const at = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN
  if (Number.isNaN(at)) throw new UsageError('--to-datetime needs the form 2026-01-31T12:00:00.000.')
  return at
}

/** ISO 8601: `P1DT2H30M`. */
function durationMs(text: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text)
  if (!match || /^P$|T$/.test(text)) throw new UsageError('--by-duration needs the form P1DT2H30M, e.g. PT1H.')
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`--from-file cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

/** Lines of `topic,partition,offset`, as `--export` writes them. @throws UsageError */
export function offsetsIn(text: string): Map<TopicPartitionKey, bigint> {
  const found = new Map<TopicPartitionKey, bigint>()
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const match = /^\s*"?([^",]+)"?\s*,\s*(\d{1,9})\s*,\s*(\d{1,18})\s*$/.exec(line)
    if (!match) throw new UsageError(`Line ${i + 1} of --from-file needs the form topic,partition,offset.`)
    found.set(keyOf(match[1] as string, Number(match[2])), BigInt(match[3] as string))
  }
  return found
}
