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
