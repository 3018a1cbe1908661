import { keyOf, type TopicPartition, type TopicPartitionKey } from '../base/topic-partition'

/** A committed offset of the source, and where its copy is in the target as soon as that is known. */
export interface Bookmark extends TopicPartition {
  readonly groupId: string
  readonly offset: number
  target: number | null
}

/**
 * Translates committed offsets: each becomes the offset of the first copied message at or behind it. Offsets of the source have gaps
 * that the copy does not have, so they are counted while the messages go by.
 */
export class Bookmarks {
  readonly #places: ReadonlyMap<TopicPartitionKey, Bookmark[]>

  constructor(readonly all: readonly Bookmark[]) {
    const places = new Map<TopicPartitionKey, Bookmark[]>()
    for (const bookmark of all) {
      const key = keyOf(bookmark.topic, bookmark.partition)
      places.set(key, [...(places.get(key) ?? []), bookmark])
    }
    this.#places = places
  }

  /** Messages with these offsets of the source were written from `target` on, one behind the other. */
  wrote({ topic, partition }: TopicPartition, offsets: () => readonly number[], target: number): void {
    for (const bookmark of this.#places.get(keyOf(topic, partition)) ?? []) {
      if (bookmark.target !== null) continue
      const ahead = offsets().findIndex((offset) => offset >= bookmark.offset)
      if (ahead >= 0) bookmark.target = target + ahead
    }
  }

  isOpen({ topic, partition }: TopicPartition): boolean {
    return (this.#places.get(keyOf(topic, partition)) ?? []).some(({ target }) => target === null)
  }

  /** No further message comes: what is still open stands at the end. */
  finish({ topic, partition }: TopicPartition, end: number): void {
    for (const bookmark of this.#places.get(keyOf(topic, partition)) ?? []) bookmark.target ??= end
  }
}
