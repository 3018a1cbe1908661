import type { Millis } from '../../base/clock'
import type { Cause } from '../causes'
import { topicChanges } from '../consumer/subscription'
import type { TopicMetadata } from '../context'
import { assignTasks } from './assignor'
import { configure, InvalidTopology } from './configure'
import { isReady, type StreamsGroup } from './group'
import type { StreamsRefusal } from './members'
import { noTasks, type Roles } from './tasks'
import { requiredTopics } from './topology'

/** [G5] The group with its topology held against the topics of now. `isChanged` asks for a new group epoch. */
export function refreshed(
  group: StreamsGroup,
  metadata: TopicMetadata,
): { readonly group: StreamsGroup; readonly isChanged: boolean; readonly causes: readonly Cause[] } | StreamsRefusal {
  const { topology } = group
  if (topology === null) return { group, isChanged: false, causes: [] }
  const topics = requiredTopics(topology, metadata)
  const changes = topicChanges(group.topics, topics)
  if (group.configured !== null && changes.length === 0) return { group, isChanged: false, causes: [] }
  try {
    const configured = configure(topology, metadata)
    const next = { ...group, topics, configured, refusedTopics: null }
    const isFirst = group.configured === null
    return {
      group: next,
      isChanged: changes.length > 0 || isReady(next) !== isReady(group),
      causes: [
        ...(changes.length > 0 && !isFirst ? [{ kind: 'topicsChanged' as const, changes }] : []),
        ...(configured.problem && (isFirst || isReady(group))
          ? [{ kind: 'notReady' as const, why: configured.problem.detail }]
          : []),
        ...(isReady(next) && !isFirst && !isReady(group) ? [{ kind: 'topologyReady' as const }] : []),
      ],
    }
  } catch (error) {
    if (!(error instanceof InvalidTopology)) throw error
    return { error: 'STREAMS_INVALID_TOPOLOGY', message: error.message }
  }
}

/** [G14] Why the target is not made yet; `null` when nothing is waited for. */
export function delayOf(group: StreamsGroup, at: Millis, intervalMs: Millis): string | null {
  if (group.firstAssignmentAt !== null && at < group.firstAssignmentAt) {
    return 'Assignment delayed due to the configured initial rebalance delay.'
  }
  if (group.assignmentEpoch >= group.groupEpoch || at >= group.assignedAt + intervalMs) return null
  return 'Assignment delayed due to the configured assignment interval.'
}

/** [G15] The group with a target for its epoch: nothing for anybody while the topology is not ready. */
export function targeted(group: StreamsGroup, at: Millis): StreamsGroup {
  if (group.assignmentEpoch >= group.groupEpoch) return { ...group, firstAssignmentAt: null }
  const subtopologies = isReady(group) ? group.configured?.subtopologies : null
  const members = group.members.map(({ memberId, processId, taskOffsets }) => ({
    memberId,
    processId,
    taskOffsets,
    before: group.targets[memberId] ?? noTasks,
  }))
  const nothing: Readonly<Record<string, Roles>> = Object.fromEntries(
    members.map(({ memberId }) => [memberId, noTasks]),
  )
  return {
    ...group,
    targets: subtopologies ? assignTasks(members, subtopologies, group.configs.standbys) : nothing,
    assignmentEpoch: group.groupEpoch,
    assignedAt: at,
    firstAssignmentAt: null,
  }
}
