import { errorCode } from '../../protocol/errors'
import { handler } from '../handler'
import { leaderEpoch, leaderEpochProblem } from '../log/leader-epoch'

/** OffsetForLeaderEpoch 2-4 (ReplicaManager.lastOffsetForLeaderEpoch): the only epoch ends where the log ends. */
export const offsetForLeaderEpoch = handler({
  api: 'OffsetForLeaderEpoch',
  versions: [2, 4],
  handle: (request, { core, client }) => ({
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition: number, currentLeaderEpoch, leaderEpoch: asked }) => {
        const failed = (error: Parameters<typeof errorCode>[0]) => ({ partition: number, errorCode: errorCode(error) })
        if (!core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', topic)) return failed('TOPIC_AUTHORIZATION_FAILED')
        const partition = core.topics.partition(topic, number)
        if (!partition) return failed('UNKNOWN_TOPIC_OR_PARTITION')
        const problem = leaderEpochProblem(currentLeaderEpoch)
        if (problem) return failed(problem)
        // An epoch that has not begun yet ends nowhere (LeaderEpochFileCache.endOffsetFor).
        if (asked > leaderEpoch || asked < 0)
          return { partition: number, errorCode: 0, leaderEpoch: -1, endOffset: -1n }
        return { partition: number, errorCode: 0, leaderEpoch, endOffset: BigInt(partition.highWatermark) }
      }),
    })),
  }),
})
