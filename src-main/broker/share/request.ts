import type { Uuid } from '../../base/uuid'
import type { ErrorName } from '../../protocol/errors'
import type { Call } from '../handler'

/** Why a request of the data plane is refused before its session is looked at (KafkaApis.handleShareFetchRequest), or `undefined`. */
export function shareRequestProblem(
  groupId: string | null,
  memberId: string | null,
  { core, client }: Call,
): { readonly error: ErrorName; readonly message: string | null } | undefined {
  if (core.features.level('share.version') === 0) return { error: 'UNSUPPORTED_VERSION', message: null }
  if (groupId === null) return { error: 'INVALID_REQUEST', message: 'Invalid group id in the request.' }
  if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId))
    return { error: 'GROUP_AUTHORIZATION_FAILED', message: null }
  if (!isMemberId(memberId)) return { error: 'INVALID_REQUEST', message: 'Invalid member id in the request.' }
  return undefined
}

const maxMemberIdLength = 36

/** Member ids of share groups are made by clients: a UUID as text. */
export function isMemberId(memberId: string | null): memberId is string {
  return memberId !== null && memberId !== '' && memberId.length <= maxMemberIdLength
}

/** Answers of one topic together, in the order in which their topics come first. */
export function byTopicId<T extends { readonly topicId: Uuid }>(answers: readonly T[]): Map<Uuid, T[]> {
  const topics = new Map<Uuid, T[]>()
  for (const answer of answers) {
    const others = topics.get(answer.topicId)
    if (others) others.push(answer)
    else topics.set(answer.topicId, [answer])
  }
  return topics
}
