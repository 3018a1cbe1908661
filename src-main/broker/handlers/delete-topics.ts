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

/** DeleteTopics 0-6 (ControllerApis.deleteTopics): by name, or by id from version 6. A client that may not see a topic does not learn its name.
 * Kafka shuffles the answers. */
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
    const refused = wanted.flatMap((topic) => {
      const why = wordsAgainst(topic)
      return why ? [result(topic, 'INVALID_REQUEST', why)] : []
    })
    const valid = wanted.filter((topic) => wordsAgainst(topic) === null)
    const ids = onceAndTwice(valid.flatMap(({ name, topicId }) => (name === null ? [topicId] : [])))
    const names = onceAndTwice(valid.flatMap(({ name }) => (name === null ? [] : [name])))
    for (const name of names.twice) refused.push(result(unnamed(name), 'INVALID_REQUEST', 'Duplicate topic name.'))
    for (const topicId of ids.twice) {
      refused.push(result({ name: null, topicId }, 'INVALID_REQUEST', 'Duplicate topic id.'))
    }
    const doomed = new Set<Topic>()
    for (const topicId of ids.once) {
      const found = byId(topicId, call)
      if ('topic' in found) doomed.add(found.topic)
      else refused.push(found.refused)
    }
    for (const name of names.once) {
      const found = byName(name, call)
      if ('refused' in found) refused.push(found.refused)
      // Not deleted at all: its id is there as well.
      else if (doomed.delete(found.topic) || ids.twice.includes(found.topic.id)) {
        const why = 'The provided topic name maps to an ID that was already supplied.'
        refused.push(result({ name, topicId: found.topic.id }, 'INVALID_REQUEST', why))
      } else doomed.add(found.topic)
    }
    const deleted = [...doomed].map((topic) => {
      const answered = { name: topic.name, topicId: topic.id }
      const throttled = mutationProblem(call, topic.partitionCount, firstStrictVersion)
      if (throttled) return result(answered, throttled.error, throttled.message)
      core.topics.delete(topic)
      return result(answered, 'NONE')
    })
    return { responses: [...refused, ...deleted] }
  },
  storageFailed: (request) => ({
    responses: [
      ...request.topics.map(({ name, topicId }) => ({ name, topicId })),
      ...request.topicNames.map((name) => ({ name, topicId: zeroUuid })),
    ].map((topic) => ({ ...topic, errorCode: errorCode('KAFKA_STORAGE_ERROR') })),
  }),
})

interface Wanted {
  readonly name: string | null
  readonly topicId: string
}

/** A topic to delete, or the answer that refuses it. */
type Found = { readonly topic: Topic } | { readonly refused: TopicResult }

function wordsAgainst({ name, topicId }: Wanted): string | null {
  if (name !== null && topicId !== zeroUuid) return 'You may not specify both topic name and topic id.'
  return name === null && topicId === zeroUuid ? 'Neither topic name nor id were specified.' : null
}

function onceAndTwice(values: readonly string[]): { readonly once: string[]; readonly twice: string[] } {
  const once = new Set<string>()
  const twice = new Set<string>()
  for (const value of values) {
    if (twice.has(value) || once.delete(value)) twice.add(value)
    else once.add(value)
  }
  return { once: [...once], twice: [...twice] }
}

function unnamed(name: string): Wanted {
  return { name, topicId: zeroUuid }
}

function result({ name, topicId }: Wanted, error: ErrorName, errorMessage: string | null = null): TopicResult {
  return { name, topicId, errorCode: errorCode(error), errorMessage }
}

function byId(topicId: string, { core, client }: Call): Found {
  const topic = core.topics.byId(topicId)
  if (!topic) {
    return { refused: result({ name: null, topicId }, 'UNKNOWN_TOPIC_ID', 'This server does not host this topic ID.') }
  }
  if (core.authorizer.allows(client, 'DELETE', 'TOPIC', topic.name)) return { topic }
  const name = core.authorizer.wouldAllow(client, 'DESCRIBE', 'TOPIC', topic.name) ? topic.name : null
  return { refused: result({ name, topicId }, 'TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed.') }
}

function byName(name: string, { core, client }: Call): Found {
  const denied = () => ({
    refused: result(unnamed(name), 'TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed.'),
  })
  if (!core.authorizer.wouldAllow(client, 'DESCRIBE', 'TOPIC', name)) {
    // It is noted as a denial of DELETE: that is the permission that a person would grant.
    core.authorizer.allows(client, 'DELETE', 'TOPIC', name)
    return denied()
  }
  const topic = core.topics.find(name)
  if (!topic) return { refused: result(unnamed(name), 'UNKNOWN_TOPIC_OR_PARTITION', absent) }
  return core.authorizer.allows(client, 'DELETE', 'TOPIC', name) ? { topic } : denied()
}
