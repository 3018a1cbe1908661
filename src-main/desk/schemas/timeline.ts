import type { SchemaTimeline, TimelineLine } from '../../contract/topic-schemas'
import { framing, type SchemaSource, schemaNames } from '../decoders/framing'
import type { ClusterSource } from '../source/source'
import type { LogFacts } from '../source/topics'
import { type PlacedLogRecord, recordsFrom } from './newest'

/** A topic with more offsets than this is sampled: so many batches, evenly over its partitions and offsets. */
const maxOffsets = 20_000
const sampledBatches = 1000
const buckets = 60

type Part = 'key' | 'value'

interface Line {
  readonly kind: TimelineLine['kind']
  readonly name: string
  readonly schema: TimelineLine['schema']
  readonly places: { partition: number; offset: number; at: number }[]
}

/** Which schemas the keys or values of a topic name, over time; of a large topic by a sample of its batches. */
export async function timelineOf(source: ClusterSource, topic: string, part: Part): Promise<SchemaTimeline> {
  const logs = (await source.topics.logs([topic])).get(topic)
  if (!logs) throw new Error(`There is no topic ${topic}; it may have been deleted.`)
  const lines = new Map<string, Line>()
  let looked = 0
  for await (const found of sampled(source, topic, logs)) {
    const there = found.filter(({ record }) => record[part] !== null)
    await source.decoding.prepare?.(
      schemaNames(
        there.map(({ record }) => record),
        topic,
        [part],
      ),
    )
    looked += found.length
    for (const one of there) {
      const { key, ...line } = lineOf(source.decoding, topic, part, one)
      const known = lines.get(key) ?? { ...line, places: [] }
      const { offset, timestamp } = one.record
      known.places.push({ partition: one.partition, offset, at: Number(timestamp) })
      lines.set(key, known)
    }
  }
  const times = [...lines.values()].flatMap(({ places }) => places.map(({ at }) => at)).filter((at) => at >= 0)
  const fromAt = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY)
  const toAt = times.reduce((most, at) => Math.max(most, at), 0)
  const bucketMs = times.length === 0 ? 1 : Math.max(1, Math.ceil((toAt - fromAt + 1) / buckets))
  return {
    looked,
    messages: logs.reduce((sum, { records, start, end }) => sum + (records ?? end - start), 0),
    fromAt: times.length === 0 ? -1 : fromAt,
    bucketMs,
    buckets,
    lines: [...lines.values()]
      .map((line) => counted(line, (at) => Math.min(buckets - 1, Math.max(0, Math.floor((at - fromAt) / bucketMs)))))
      .sort((a, b) => a.first.at - b.first.at || a.first.offset - b.first.offset),
  }
}

function counted({ places, ...line }: Line, bucketAt: (at: number) => number): TimelineLine {
  const counts = new Array<number>(buckets).fill(0)
  for (const { at } of places) {
    const bucket = at < 0 ? 0 : bucketAt(at)
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  const inOrder = places.sort((a, b) => a.at - b.at || a.offset - b.offset)
  const [first, last] = [inOrder[0], inOrder.at(-1)]
  if (!first || !last) throw new Error('a line of a timeline has no message')
  return { ...line, messages: places.length, counts, first, last }
}

async function* sampled(source: ClusterSource, topic: string, logs: readonly LogFacts[]) {
  const offsets = logs.reduce((sum, { start, end }) => sum + end - start, 0)
  if (offsets <= maxOffsets) {
    for (const { partition, start, end } of logs) yield* recordsFrom(source, topic, partition, start, end)
    return
  }
  for (const { partition, start, end } of logs) {
    const steps = Math.max(1, Math.round((sampledBatches * (end - start)) / offsets))
    let next = start
    for (let step = 0; step < steps; step++) {
      const from = Math.max(next, start + Math.floor(((end - start) * step) / steps))
      if (from >= end) break
      // One batch at each step; it may reach beyond the next one.
      for await (const found of recordsFrom(source, topic, partition, from, end)) {
        next = (found.at(-1)?.record.offset ?? from) + 1
        yield found
        break
      }
    }
  }
}

function lineOf(schemas: SchemaSource, topic: string, part: Part, { record }: PlacedLogRecord) {
  const bytes = record[part]
  const framed = bytes && framing(bytes, part, record.headers)
  if (!framed) return none
  const { name } = framed
  const text = 'id' in name ? String(name.id) : name.guid
  try {
    const found = 'id' in name ? schemas.byId(name.id, `${topic}-${part}`) : schemas.byGuid(name.guid)
    if (found) {
      const { id, subject, version } = found
      return { key: `${id} ${subject}`, kind: 'schema', name: text, schema: { id, subject, version } } as const
    }
  } catch {
    // It cannot be had now, or not be read: which one it is can be said all the same.
    return { key: `? ${text}`, kind: 'unknown', name: text, schema: null } as const
  }
  // Four or eight bytes are more likely a number of Java's serializers.
  return framed.isCertain || bytes.length !== 8
    ? ({ key: `? ${text}`, kind: 'unknown', name: text, schema: null } as const)
    : none
}

const none = { key: '', kind: 'none', name: '', schema: null } as const
