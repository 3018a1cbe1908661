import { type Checked, flag, list, oneOf, orNull, record, text, whole } from './check'

export const name = text(249)
export const groupId = text(1000)

export const topicPartitionOffset = record({ topic: name, partition: whole(), offset: whole() })

/** An id that is followed: as a key, as the value of a header, or as a field of JSON; with a name only headers and fields of that name. */
const follow = record({ name: orNull(text(1000)), value: text(10_000) })
export type Follow = Checked<typeof follow>

/** What a message must have, or with `isNot` must not have; all conditions of a search hold. */
const condition = record({
  /** `key`, `value`, `headers`, a field of JSON (`value.customer.id`) or a header (`headers.trace`); empty: anywhere in the message. */
  field: text(1000),
  /**
   * A text is contained whatever its case is; it is the same, matches (RE2), is a larger or smaller number; or the field exists, with
   * whatever value.
   */
  test: oneOf('contains', 'is', 'matches', 'above', 'below', 'exists'),
  value: text(1000),
  isNot: flag,
})
export type Condition = Checked<typeof condition>

/** Which messages a page asks for. */
export const searchInput = {
  topics: list(name, 1000),
  partitions: orNull(list(whole())),
  from: oneOf('newest', 'oldest', 'offset', 'time', 'group', 'live', 'latest'),
  value: orNull(whole(Number.MIN_SAFE_INTEGER)),
  until: orNull(whole()),
  groupId: orNull(groupId),
  limit: whole(1, 1_000_000_000),
  /** Only what a `read_committed` consumer sees. */
  committed: flag,
  find: text(1000),
  script: text(20_000),
  conditions: list(condition, 50),
  follow: orNull(follow),
}

export const searchPosition = list(record({ topic: name, partition: whole(), offset: whole(), seen: list(whole()) }))
