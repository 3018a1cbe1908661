/** A thread of a Kafka Streams application, as its client id names it. */
export interface ThreadName {
  /** The instance: its `client.id`, or the start of its UUID. */
  readonly name: string
  /** The instance has a `client.id`. */
  readonly isNamed: boolean
  readonly thread: string
}

const threadPattern = /^(.*)-StreamThread-(\d+)-consumer$/
const uuidEnd = /-?([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * `shop-1-StreamThread-2-consumer`; without a `client.id` the first part is the application's id and a UUID. `null`: it is not the client
 * id of such a thread.
 */
export function threadNameOf(clientId: string): ThreadName | null {
  const [, prefix, thread] = threadPattern.exec(clientId) ?? []
  if (prefix === undefined || thread === undefined) return null
  const uuid = uuidEnd.exec(prefix)
  return { name: uuid?.[1] ?? prefix, isNamed: uuid === null, thread }
}

/** A client id as pages name it: short for a thread of Kafka Streams, `consumer` for a client without one. */
export function clientText(clientId: string): string {
  const thread = threadNameOf(clientId)
  return thread ? threadText(thread) : clientId || 'consumer'
}

/** `shop-1 thread 2` */
export function threadText({ name, thread }: Pick<ThreadName, 'name' | 'thread'>): string {
  return `${name} thread ${thread}`
}
