/** Longest topic name that Kafka accepts (org.apache.kafka.common.internals.Topic.MAX_NAME_LENGTH). */
const maxNameLength = 249

/** Topics that the broker itself writes; clients may read them, not produce to them. */
export const internalTopics: ReadonlySet<string> = new Set(['__consumer_offsets', '__transaction_state'])

/** Why `name` cannot be a topic's name, in Kafka's words (Topic.validate), or `undefined` when it can. */
export function topicNameProblem(name: string): string | undefined {
  const invalid = (why: string) => `Topic name is invalid: ${why}`
  if (name === '') return invalid('the empty string is not allowed')
  if (name === '.' || name === '..') return invalid(`'${name}' is not allowed`)
  if (name.length > maxNameLength) {
    return invalid(`the length of '${name}' is longer than the max allowed length ${maxNameLength}`)
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return invalid(`'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`)
  }
  return undefined
}

/** A topic's name in its metrics: two topics must not share one, so Kafka refuses the second (Topic.unifyCollisionChars). */
export function metricName(name: string): string {
  return name.replaceAll('.', '_')
}
