import type { Core } from '../../broker/core'
import type { StreamsSource } from '../source/streams'

/** Streams groups of the broker in this process. */
export function embeddedStreams({ groups, topics }: Core): StreamsSource {
  return {
    find: async (groupId) => {
      const group = groups.streams(groupId)
      return group ? { group, state: groups.find(groupId)?.state ?? '' } : null
    },
    logEnds: async (names) =>
      new Map(
        names.flatMap((name): (readonly [string, readonly number[]])[] => {
          const topic = topics.find(name)
          if (!topic) return []
          return [[name, topic.partitions().map(({ highWatermark }) => highWatermark)]]
        }),
      ),
  }
}
