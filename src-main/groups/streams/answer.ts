import type { Millis } from '../../base/clock'
import type { EndpointPartitions, Status, StreamsHeartbeat, StreamsHeartbeatReply } from './events'
import type { StreamsGroup, StreamsMember } from './group'
import { allTasks, type Tasks } from './tasks'

const staleTopology = 0
const shutdownApplication = 4
const assignmentDelayed = 5
const missingClientTags = 6

/** A member that did not send the processor graph is asked again after this time. */
const descriptionBackOffMs = 30_000

/** [G28] The answer to a heartbeat, and the group that remembers what it asked for. */
export function answerOf(
  group: StreamsGroup,
  member: StreamsMember,
  event: StreamsHeartbeat,
  at: Millis,
  delay: string | null,
  isFull: boolean,
): { readonly group: StreamsGroup; readonly reply: StreamsHeartbeatReply } {
  const statuses = statusesOf(group, member, delay)
  const wantsDescription = mustAsk(group, at) && statuses.every(({ code }) => code !== staleTopology)
  return {
    group: wantsDescription ? { ...group, descriptionAskedAt: at } : group,
    reply: {
      api: 'streamsHeartbeat',
      error: 'NONE',
      message: null,
      memberId: member.memberId,
      memberEpoch: member.memberEpoch,
      statuses,
      tasks: isFull ? member.assigned : null,
      endpointEpoch: group.endpointEpoch,
      endpoints: group.endpointEpoch === event.endpointEpoch ? null : endpointsOf(group),
      missing: group.configured?.missing ?? [],
      wantsDescription,
    },
  }
}

/** [G29] One member is asked for the processor graph of each topology. */
function mustAsk({ topology, description, descriptionAskedAt }: StreamsGroup, at: Millis): boolean {
  if (topology === null || description?.epoch === topology.epoch) return false
  return descriptionAskedAt === null || at >= descriptionAskedAt + descriptionBackOffMs
}

function statusesOf(group: StreamsGroup, member: StreamsMember, delay: string | null): Status[] {
  const { topology, configured, configs, shutdownBy } = group
  const statuses: Status[] = []
  if (topology && member.topologyEpoch < topology.epoch) {
    statuses.push({
      code: staleTopology,
      detail: `The member's topology epoch ${member.topologyEpoch} is behind the group's topology epoch ${topology.epoch}.`,
    })
  }
  const absent = configs.tags.filter((tag) => !member.clientTags.some(([key]) => key === tag))
  if (absent.length > 0) {
    statuses.push({
      code: missingClientTags,
      detail: `Missing required client tags for rack-aware standby assignment: [${absent.join(', ')}]. Configure them via 'client.tag.<tagKey>' in your Streams config.`,
    })
  }
  if (delay !== null) statuses.push({ code: assignmentDelayed, detail: delay })
  if (configured?.problem) statuses.push({ code: configured.problem.status, detail: configured.problem.detail })
  if (shutdownBy !== null) {
    statuses.push({
      code: shutdownApplication,
      detail: `Streams group member ${shutdownBy} encountered a fatal error and requested a shutdown for the entire application.`,
    })
  }
  return statuses
}

/** [G27] One entry for each member with an endpoint. Kafka 4.4 fails here while the topology is not ready; we name no partitions. */
function endpointsOf(group: StreamsGroup): EndpointPartitions[] {
  return group.members.flatMap(({ userEndpoint, assigned }) =>
    userEndpoint
      ? [
          {
            endpoint: userEndpoint,
            active: inputPartitions(group, assigned.active),
            standby: inputPartitions(group, allTasks(assigned.standby, assigned.warmup)),
          },
        ]
      : [],
  )
}

/** The partitions that tasks read from, by topic. */
export function inputPartitions({ configured, topics }: StreamsGroup, tasks: Tasks): Record<string, number[]> {
  const partitions: Record<string, number[]> = {}
  for (const [id, numbers] of Object.entries(tasks)) {
    const inputs = configured?.subtopologies?.find(({ subtopologyId }) => subtopologyId === id)?.inputs ?? []
    for (const topic of inputs) {
      const count = topics.find(({ name }) => name === topic)?.partitions ?? 0
      partitions[topic] = numbers.filter((number) => number < count)
    }
  }
  return partitions
}
