import { zeroUuid } from '../../base/uuid'
import type { ResponseInput } from '../../protocol/api-types'
import { errorCode } from '../../protocol/errors'
import { type Call, handler } from '../handler'
import { type Refusal, refusal } from '../refusal'

type TopicResult = NonNullable<ResponseInput<'DeleteTopics'>['responses']>[number]

/** DeleteTopics 0-6 (ControllerApis.deleteTopics): by name, or by id from version 6. */
export const deleteTopics = handler({
  api: 'DeleteTopics',
  versions: [0, 6],
  handle(request, call) {
    const wanted = call.version >= 6 ? request.topics : request.topicNames.map((name) => ({ name, topicId: zeroUuid }))
    const names = new Map<string, number>()
    for (const { name } of wanted) if (name !== null) names.set(name, (names.get(name) ?? 0) + 1)
    const done = new Set<string>()
    const responses: TopicResult[] = []
    for (const { name, topicId } of wanted) {
      const key = name ?? topicId
      if (done.has(key)) continue
      done.add(key)
      const { error, message } =
        name !== null && (names.get(name) ?? 0) > 1
          ? refusal('INVALID_REQUEST', 'Duplicate topic name.')
          : remove(name, topicId, call)
      const known = name === null ? call.core.topics.byId(topicId) : undefined
      responses.push({ name: name ?? known?.name ?? null, topicId, errorCode: errorCode(error), errorMessage: message })
    }
    return { responses }
  },
  storageFailed: (request) => ({
    responses: [
      ...request.topics.map(({ name, topicId }) => ({ name, topicId })),
      ...request.topicNames.map((name) => ({ name, topicId: zeroUuid })),
    ].map((topic) => ({ ...topic, errorCode: errorCode('KAFKA_STORAGE_ERROR') })),
  }),
})

function remove(name: string | null, topicId: string, { core, client }: Call): Refusal {
  if (name !== null && topicId !== zeroUuid) {
    return refusal('INVALID_REQUEST', 'You may not specify both topic name and topic id.')
  }
  if (name === null && topicId === zeroUuid) {
    return refusal('INVALID_REQUEST', 'Neither topic name nor id were specified.')
  }
  const topic = name === null ? core.topics.byId(topicId) : core.topics.find(name)
  const describable = core.authorizer.allows(client, 'DESCRIBE', 'TOPIC', topic?.name ?? name ?? '')
  if (!topic) {
    if (name === null) return refusal('UNKNOWN_TOPIC_ID', 'This server does not host this topic ID.')
    return describable
      ? refusal('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.')
      : refusal('TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed.')
  }
  if (!core.authorizer.allows(client, 'DELETE', 'TOPIC', topic.name)) {
    return refusal('TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed.')
  }
  if (!core.configs.brokerFlag('delete.topic.enable'))
    return refusal('TOPIC_DELETION_DISABLED', 'Topic deletion is disabled.')
  core.topics.delete(topic)
  return refusal('NONE')
}
