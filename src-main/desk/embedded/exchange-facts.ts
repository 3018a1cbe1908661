import type { ExchangePlace } from '../../contract/exchanges'
import { errorName } from '../../protocol/errors'

/** A message is a small tree; nothing deeper than this names a topic or an error. */
const deepest = 6
/** What is collected of a message with very many entries. */
const most = 100

/** Topics that a request names, by name or by id. `nameOf` tells the name of an id. */
export function topicsIn(body: unknown, nameOf: (topicId: string) => string | undefined): string[] {
  const found = new Set<string>()
  walk(body, '', (key, value, parent) => {
    if (typeof value !== 'string' || value === '' || found.size >= most) return
    // Kafka calls it `topic` in some messages; in others it is the `name` of an entry of `topics` or `topicData`.
    if (key === 'topic' || key === 'topicName' || (key === 'name' && /^topic|topics$/i.test(parent))) found.add(value)
    else if (key === 'topicId') {
      const name = nameOf(value)
      if (name !== undefined) found.add(name)
    }
  })
  return [...found]
}

/** The first error that an answer carries; `null` when all went well. */
export function errorIn(answer: unknown): string | null {
  let found: string | null = null
  walk(answer, '', (key, value) => {
    if (found === null && (key === 'errorCode' || key === 'error') && typeof value === 'number' && value !== 0)
      found = errorName(value)
  })
  return found
}

/** Messages that a request or an answer names by topic, partition and offset: those that were asked for, committed or written. */
export function placesIn(message: unknown, nameOf: (topicId: string) => string | undefined): ExchangePlace[] {
  const found: ExchangePlace[] = []
  collectPlaces(message, nameOf, { found, topic: '' })
  return found
}

interface Collected {
  readonly found: ExchangePlace[]
  readonly topic: string
}

const offsetNames = ['fetchOffset', 'committedOffset', 'baseOffset']
const partitionNames = ['partition', 'partitionIndex', 'index']
const mostPlaces = 20

function collectPlaces(
  value: unknown,
  nameOf: (topicId: string) => string | undefined,
  { found, topic }: Collected,
  depth = 0,
): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > deepest) return
  if (found.length >= mostPlaces) return
  if (Array.isArray(value)) {
    for (const item of value.slice(0, most)) collectPlaces(item, nameOf, { found, topic }, depth + 1)
    return
  }
  const fields = value as Readonly<Record<string, unknown>>
  const id = typeof fields.topicId === 'string' ? nameOf(fields.topicId) : undefined
  const own = [fields.topic, fields.name, id].find((name) => typeof name === 'string' && name !== '')
  const name = typeof own === 'string' ? own : topic
  const numberOf = (names: readonly string[]) => {
    const given = names.map((each) => fields[each]).find((each) => each !== undefined)
    return typeof given === 'number' || typeof given === 'bigint' ? Number(given) : -1
  }
  const [partition, offset] = [numberOf(partitionNames), numberOf(offsetNames)]
  if (name !== '' && partition >= 0 && offset >= 0) found.push({ topic: name, partition, offset })
  for (const child of Object.values(fields)) collectPlaces(child, nameOf, { found, topic: name }, depth + 1)
}

/** The group that a request names. */
export function groupIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null
  const { groupId } = body as { readonly groupId?: unknown }
  return typeof groupId === 'string' && groupId !== '' ? groupId : null
}

/** A heartbeat, or a fetch that found nothing. */
export function isNoise(api: string, answer: unknown): boolean {
  if (/Heartbeat$/.test(api)) return true
  if (api !== 'Fetch' && api !== 'ShareFetch') return false
  let hasRecords = false
  walkRecords(answer, () => {
    hasRecords = true
  })
  return !hasRecords
}

/** Calls for every partition of an answer that carries records. */
function walkRecords(value: unknown, found: () => void, depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > deepest) return
  for (const [key, child] of Object.entries(value)) {
    if (key === 'records') {
      const chunks: readonly unknown[] = Array.isArray(child) ? child : [child]
      if (chunks.some((chunk) => chunk instanceof Uint8Array && chunk.byteLength > 0)) found()
    } else walkRecords(child, found, depth + 1)
  }
}

function walk(
  value: unknown,
  parent: string,
  see: (key: string, value: unknown, parent: string) => void,
  depth = 0,
): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > deepest) return
  if (Array.isArray(value)) {
    for (const item of value.slice(0, most)) {
      if (typeof item === 'string') see('name', item, parent)
      else walk(item, parent, see, depth + 1)
    }
    return
  }
  for (const [key, child] of Object.entries(value)) {
    if (typeof child === 'object') walk(child, key, see, depth + 1)
    else see(key, child, parent)
  }
}
