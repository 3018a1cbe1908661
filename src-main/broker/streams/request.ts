import type { RequestOf } from '../../protocol/api-types'

type Request = RequestOf<'StreamsGroupHeartbeat'>

interface RequestProblem {
  readonly error: 'INVALID_REQUEST' | 'STREAMS_INVALID_TOPOLOGY'
  readonly message: string
}

/** Why a heartbeat is wrong whatever the group is (GroupCoordinatorService.throwIfStreamsGroupHeartbeatRequestIsInvalid). */
export function streamsRequestProblem(request: Request): RequestProblem | undefined {
  const message = idsProblem(request) ?? joinProblem(request) ?? tasksProblem(request) ?? offsetsProblem(request)
  if (message !== undefined) return { error: 'INVALID_REQUEST', message }
  const { topology } = request
  if (topology === null) return undefined
  for (const { stateChangelogTopics } of topology.subtopologies) {
    const changelog = stateChangelogTopics.find(({ partitions }) => partitions !== 0)
    if (!changelog) continue
    const text = `Changelog topic ${changelog.name} must have an undefined partition count, but it is set to ${changelog.partitions}.`
    return { error: 'STREAMS_INVALID_TOPOLOGY', message: text }
  }
  const wrong = topologyProblem(topology)
  return wrong === undefined ? undefined : { error: 'INVALID_REQUEST', message: wrong }
}

function idsProblem({ groupId, memberId, instanceId, rackId, memberEpoch }: Request): string | undefined {
  if (memberId.trim() === '') return "MemberId can't be empty."
  if (groupId.trim() === '') return "GroupId can't be empty."
  if (instanceId?.trim() === '') return "InstanceId can't be empty."
  if (rackId?.trim() === '') return "RackId can't be empty."
  if (memberEpoch < -2) return `MemberEpoch is ${memberEpoch}, but must be greater than or equal to -2.`
  return memberEpoch === -2 && instanceId === null ? "InstanceId can't be null." : undefined
}

function joinProblem(request: Request): string | undefined {
  if (request.memberEpoch !== 0) {
    return request.topology === null ? undefined : 'Topology can only be provided when (re-)joining.'
  }
  if (request.rebalanceTimeoutMs === -1) return 'RebalanceTimeoutMs must be provided in first request.'
  if (request.activeTasks?.length) return 'ActiveTasks must be empty when (re-)joining.'
  if (request.standbyTasks?.length) return 'StandbyTasks must be empty when (re-)joining.'
  if (request.warmupTasks?.length) return 'WarmupTasks must be empty when (re-)joining.'
  return request.topology === null ? 'Topology must be non-null when (re-)joining.' : undefined
}

function tasksProblem({ activeTasks, standbyTasks, warmupTasks }: Request): string | undefined {
  const lists = [activeTasks, standbyTasks, warmupTasks]
  const isMixed = lists.includes(null) && lists.some((tasks) => tasks !== null)
  return isMixed ? 'If one task-type is non-null, all must be non-null.' : undefined
}

function offsetsProblem({ taskOffsets, taskEndOffsets }: Request): string | undefined {
  for (const offsets of [taskOffsets, taskEndOffsets]) {
    const keys = offsets?.map(({ subtopologyId, partition }) => `${subtopologyId}_${partition}`) ?? []
    if (new Set(keys).size < keys.length) return 'A task is named twice in one list of task offsets.'
  }
  return undefined
}

/** Ours: indexes that point nowhere, and ids that are there twice, fail in Kafka with UNKNOWN_SERVER_ERROR. */
function topologyProblem({ subtopologies }: NonNullable<Request['topology']>): string | undefined {
  const ids = new Set(subtopologies.map(({ subtopologyId }) => subtopologyId))
  if (ids.size < subtopologies.length) return 'A subtopology id is there twice in the topology.'
  for (const { subtopologyId, sourceTopics, repartitionSourceTopics, copartitionGroups } of subtopologies) {
    const isWrong = copartitionGroups.some(
      (group) =>
        group.sourceTopics.some((i) => sourceTopics[i] === undefined) ||
        group.repartitionSourceTopics.some((i) => repartitionSourceTopics[i] === undefined),
    )
    if (isWrong) return `A copartition group of subtopology ${subtopologyId} names a topic that is not there.`
    const negative = repartitionSourceTopics.find(({ partitions }) => partitions < 0)
    if (negative) return `Repartition topic ${negative.name} has a negative number of partitions.`
  }
  return undefined
}
