import type { SchemaUse } from '../../contract/schemas'
import { readBatch } from '../../records/batch'
import { readRecords } from '../../records/record'
import { schemasTopic } from '../../registry/records'
import { type FoundSchema, framing, type SchemaSource, schemaNames } from '../decoders/framing'
import type { ClusterSource } from '../source/source'

/** Messages that are looked at in each partition, from its end. */
const newestMessages = 200
/** Partitions that are looked at, so that a cluster with thousands is answered too. */
const maxPartitions = 300

/** One key or value of the newest messages. */
export interface Named {
  readonly topic: string
  readonly part: 'key' | 'value'
  /** undefined: it names no schema of this registry. */
  readonly found: FoundSchema | undefined
}

/** The schemas that the newest messages of all topics, or of some, name. Null keys and values are left out. */
export async function namedSchemas(source: ClusterSource, topics?: readonly string[]): Promise<Named[]> {
  const { decoding, records } = source
  const all = (await source.topics.list()).filter(({ internal, name }) => !internal && name !== schemasTopic)
  const wanted = topics === undefined ? all : all.filter(({ name }) => topics.includes(name))
  const logs = await source.topics.logs(wanted.map(({ name }) => name))
  const places = [...logs].flatMap(([topic, partitions]) =>
    partitions.map(({ end }, partition) => ({ topic, partition, end })),
  )
  const named: Named[] = []
  for (const { end, ...place } of places.slice(0, maxPartitions)) {
    for (let from = Math.max(0, end - newestMessages); from < end; ) {
      const read = await records.read(place, from)
      if (!read) break
      const batch = readBatch(read.bytes)
      if (!batch.isControl) {
        const found = [...readRecords(batch)]
        await decoding.prepare?.(schemaNames(found, place.topic, ['key', 'value']))
        for (const { key, value, headers } of found) {
          for (const [part, bytes] of [['key', key] as const, ['value', value] as const]) {
            if (bytes === null) continue
            named.push({ topic: place.topic, part, found: foundFor(decoding, place.topic, part, bytes, headers) })
          }
        }
      }
      from = batch.lastOffset + 1
    }
  }
  return named
}

function foundFor(
  decoding: SchemaSource,
  topic: string,
  part: 'key' | 'value',
  bytes: Uint8Array,
  headers: Parameters<typeof framing>[2],
): FoundSchema | undefined {
  const framed = framing(bytes, part, headers)
  if (!framed) return undefined
  const { name } = framed
  try {
    return 'id' in name ? decoding.byId(name.id, `${topic}-${part}`) : decoding.byGuid(name.guid)
  } catch {
    // The schema cannot be had now, or not be parsed: the message's own row says why.
    return undefined
  }
}

/** Topics by what is in their logs: those whose newest messages name a schema of the subject. */
export async function usesOf(source: ClusterSource, subject: string): Promise<SchemaUse[]> {
  const uses = new Map<string, { topic: string; part: 'key' | 'value'; versions: Map<number, number> }>()
  for (const { topic, part, found } of await namedSchemas(source)) {
    if (found?.subject !== subject) continue
    const key = `${part} ${topic}`
    const use = uses.get(key) ?? { topic, part, versions: new Map<number, number>() }
    use.versions.set(found.version, (use.versions.get(found.version) ?? 0) + 1)
    uses.set(key, use)
  }
  return [...uses.values()].map(({ topic, part, versions }) => ({
    topic,
    part,
    messages: [...versions.values()].reduce((sum, count) => sum + count, 0),
    versions: [...versions].sort(([a], [b]) => b - a).map(([version, messages]) => ({ version, messages })),
  }))
}
