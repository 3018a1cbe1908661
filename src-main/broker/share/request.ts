import type { Uuid } from '../../base/uuid'
import type { ErrorName } from '../../protocol/errors'
import type { Call } from '../handler'

/** Why a request of the data plane is refused before its session is looked at (KafkaApis.handleShareFetchRequest): an error without a sentence. */
export function shareRequestProblem(
  groupId: string | null,
  memberId: string | null,
  { core, client }: Call,
): ErrorName | undefined {
  if (core.features.level('share.version') === 0) return 'UNSUPPORTED_VERSION'
  if (groupId === null) return 'INVALID_REQUEST'
  if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) return 'GROUP_AUTHORIZATION_FAILED'
  return isMemberId(memberId) ? undefined : 'INVALID_REQUEST'
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
