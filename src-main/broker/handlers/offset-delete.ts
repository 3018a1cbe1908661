import { errorCode } from '../../protocol/errors'
import { type Answer, handler } from '../handler'

/** OffsetDelete 0 (KafkaApis.handleOffsetDeleteRequest, KIP-496). */
export const offsetDelete = handler({
  api: 'OffsetDelete',
  versions: [0, 0],
  handle(request, { core, client, at }): Answer<'OffsetDelete'> {
    const { groupId } = request
    const problem = core.authorizer.allows(client, 'DELETE', 'GROUP', groupId)
      ? core.groups.deleteOffsetsProblem(groupId)
      : 'GROUP_AUTHORIZATION_FAILED'
    if (problem) return { errorCode: errorCode(problem), topics: [] }
    const gone: { topic: string; partition: number }[] = []
    const topics = request.topics.map(({ name, partitions }) => {
      const error = !core.authorizer.allows(client, 'READ', 'TOPIC', name)
        ? 'TOPIC_AUTHORIZATION_FAILED'
        : !core.topics.find(name)
          ? 'UNKNOWN_TOPIC_OR_PARTITION'
          : core.groups.isSubscribed(groupId, name)
            ? 'GROUP_SUBSCRIBED_TO_TOPIC'
            : 'NONE'
      return {
        name,
        partitions: partitions.map(({ partitionIndex }) => {
          if (error === 'NONE') gone.push({ topic: name, partition: partitionIndex })
          return { partitionIndex, errorCode: errorCode(error) }
        }),
      }
    })
    core.groups.offsets.remove(groupId, gone, at)
    return { errorCode: 0, topics }
  },
  storageFailed: () => ({ errorCode: errorCode('COORDINATOR_NOT_AVAILABLE'), topics: [] }),
})
