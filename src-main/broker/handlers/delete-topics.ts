import { zeroUuid } from '../../base/uuid'
import type { ResponseInput } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Call, handler } from '../handler'
import type { Topic } from '../log/topics'
import { mutationProblem } from '../quotas/mutation'

type TopicResult = NonNullable<ResponseInput<'DeleteTopics'>['responses']>[number]

const firstVersionWithDisabled = 3
/** From then on clients know that a quota can refuse them. */
const firstStrictVersion = 5

const absent = 'This server does not host this topic-partition.'

/** DeleteTopics 0-6 (ControllerApis.deleteTopics): by name, or by id from version 6. Who may not see a topic does not learn its name. */
export const deleteTopics = handler({
  api: 'DeleteTopics',
  versions: [0, 6],
  handle(request, call) {
    const { core, version } = call
    const wanted = version >= 6 ? request.topics : request.topicNames.map((name) => ({ name, topicId: zeroUuid }))
    if (!core.configs.brokerFlag('delete.topic.enable')) {
      const error = version < firstVersionWithDisabled ? 'INVALID_REQUEST' : 'TOPIC_DELETION_DISABLED'
      return { responses: wanted.map((topic) => result(topic, error, 'Topic deletion is disabled.')) }
    }
    const count = new Map<string, number>()
    for (const topic of wanted) count.set(keyOf(topic), (count.get(keyOf(topic)) ?? 0) + 1)
    const distinct = [...new Map(wanted.map((topic) => [keyOf(topic), topic])).values()]
    const doomed = new Set<Topic>()
    const responses = distinct.map((topic) => {
      const { name, topicId } = topic
      if (name !== null && topicId !== zeroUuid) {
        return result(topic, 'INVALID_REQUEST', 'You may not specify both topic name and topic id.')
      }
      if (name === null && topicId === zeroUuid) {
        return result(topic, 'INVALID_REQUEST', 'Neither topic name nor id were specified.')
      }
      if ((count.get(keyOf(topic)) ?? 0) > 1) {
        return result(topic, 'INVALID_REQUEST', `Duplicate topic ${name === null ? 'id' : 'name'}.`)
      }
      return name === null ? byId(topicId, doomed, call) : byName(name, doomed, call)
    })
    const doomedById = new Map([...doomed].map((topic) => [topic.id, topic]))
    return {
      responses: responses.map((response) => {
        const topic = doomedById.get(response.topicId ?? zeroUuid)
        if (!topic || response.errorCode !== 0) return response
        const throttled = mutationProblem(call, topic.partitionCount, firstStrictVersion)
        if (throttled) return result({ name: topic.name, topicId: topic.id }, throttled.error, throttled.message)
        core.topics.delete(topic)
        return response
      }),
    }
  },
  storageFailed: (request) => ({
    responses: [
      ...request.topics.map(({ name, topicId }) => ({ name, topicId })),
      ...request.topicNames.map((name) => ({ name, topicId: zeroUuid })),
    ].map((topic) => ({ ...topic, errorCode: errorCode('KAFKA_STORAGE_ERROR') })),
  }),
})

function keyOf({ name, topicId }: { readonly name: string | null; readonly topicId: string }): string {
  return JSON.stringify([name, topicId])
}

function result(
  { name, topicId }: { readonly name: string | null; readonly topicId: string },
  error: ErrorName,
  errorMessage: string | null = null,
): TopicResult {
  return { name, topicId, errorCode: errorCode(error), errorMessage }
}

function byId(topicId: string, doomed: Set<Topic>, { core, client }: Call): TopicResult {
  const topic = core.topics.byId(topicId)
  if (!topic) return result({ name: null, topicId }, 'UNKNOWN_TOPIC_ID', 'This server does not host this topic ID.')
  if (!core.authorizer.allows(client, 'DELETE', 'TOPIC', topic.name)) {
    const name = core.authorizer.wouldAllow(client, 'DESCRIBE', 'TOPIC', topic.name) ? topic.name : null
    return result({ name, topicId }, 'TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed.')
  }
  doomed.add(topic)
  return result({ name: topic.name, topicId }, 'NONE')
}

function byName(name: string, doomed: Set<Topic>, { core, client }: Call): TopicResult {
  const unnamed = { name, topicId: zeroUuid }
  const refused = () => result(unnamed, 'TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed.')
  if (!core.authorizer.wouldAllow(client, 'DESCRIBE', 'TOPIC', name)) {
    // It is noted as a denial of DELETE: that is the permission that a person would grant.
    core.authorizer.allows(client, 'DELETE', 'TOPIC', name)
    return refused()
  }
  const topic = core.topics.find(name)
  if (!topic) return result(unnamed, 'UNKNOWN_TOPIC_OR_PARTITION', absent)
  if (!core.authorizer.allows(client, 'DELETE', 'TOPIC', name)) return refused()
  if (doomed.has(topic)) {
    const why = 'The provided topic name maps to an ID that was already supplied.'
    return result({ name, topicId: topic.id }, 'INVALID_REQUEST', why)
  }
  doomed.add(topic)
  return result({ name, topicId: topic.id }, 'NONE')
}
