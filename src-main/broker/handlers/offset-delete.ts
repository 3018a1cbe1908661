import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, type Call, handler } from '../handler'

/**
 * OffsetDelete 0 (KafkaApis.handleOffsetDeleteRequest, KIP-496). Offsets of topics that a member subscribes to, by name or by pattern,
 * are in use: GROUP_SUBSCRIBED_TO_TOPIC.
 */
export const offsetDelete = handler({
  api: 'OffsetDelete',
  versions: [0, 0],
  handle(request, call): Answer<'OffsetDelete'> {
    const { core, client, at } = call
    const { groupId } = request
    const problem = core.authorizer.allows(client, 'DELETE', 'GROUP', groupId)
      ? core.groups.deleteOffsetsProblem(groupId)
      : 'GROUP_AUTHORIZATION_FAILED'
    if (problem) return { errorCode: errorCode(problem), topics: [] }
    const gone: { topic: string; partition: number }[] = []
    const topics = request.topics.map(({ name, partitions }) => {
      const errorOf = errorsOf(groupId, name, call)
      return {
        name,
        partitions: partitions.map(({ partitionIndex }) => {
          const error = errorOf(partitionIndex)
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

/** The error of each partition of a topic. */
function errorsOf(groupId: string, name: string, { core, client }: Call): (partition: number) => ErrorName {
  if (!core.authorizer.allows(client, 'READ', 'TOPIC', name)) return () => 'TOPIC_AUTHORIZATION_FAILED'
  const topic = core.topics.find(name)
  const present = core.groups.isSubscribed(groupId, name) ? 'GROUP_SUBSCRIBED_TO_TOPIC' : 'NONE'
  return (partition) => (topic?.partition(partition) ? present : 'UNKNOWN_TOPIC_OR_PARTITION')
}
