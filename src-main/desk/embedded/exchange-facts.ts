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
