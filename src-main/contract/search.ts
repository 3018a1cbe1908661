import { flag, list, oneOf, orNull, record, text, whole } from './check'

export const name = text(249)
export const groupId = text(1000)

export const topicPartitionOffset = record({ topic: name, partition: whole(), offset: whole() })

/** Which messages a page asks for. */
export const searchInput = {
  topics: list(name, 1000),
  partitions: orNull(list(whole())),
  from: oneOf('newest', 'oldest', 'offset', 'time', 'group', 'live'),
  value: orNull(whole(Number.MIN_SAFE_INTEGER)),
  until: orNull(whole()),
  groupId: orNull(groupId),
  limit: whole(1, 1_000_000_000),
  /** Only what a `read_committed` consumer sees. */
  committed: flag,
  find: text(1000),
  script: text(20_000),
}

export const searchPosition = list(record({ topic: name, partition: whole(), offset: whole(), seen: list(whole()) }))
