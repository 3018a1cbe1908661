import { allTasks, type Tasks } from '../../groups/streams/tasks'
import type { TopicInfo, Topology } from '../../groups/streams/topology'
import type { RequestOf } from '../../protocol/api-types'

type RequestTopology = NonNullable<RequestOf<'StreamsGroupHeartbeat'>['topology']>
type RequestTopic = RequestTopology['subtopologies'][number]['stateChangelogTopics'][number]

export function topologyOf({ epoch, subtopologies }: RequestTopology): Topology {
  return {
    epoch,
    subtopologies: subtopologies
      .map((each) => ({
        subtopologyId: each.subtopologyId,
        sourceTopics: each.sourceTopics,
        sourceTopicRegex: each.sourceTopicRegex,
        changelogs: each.stateChangelogTopics.map(topicOf),
        sinks: each.repartitionSinkTopics,
        repartitions: each.repartitionSourceTopics.map(topicOf),
        copartitionGroups: each.copartitionGroups.map(
          ({ sourceTopics, sourceTopicRegex, repartitionSourceTopics: repartitions }) => ({
            sourceTopics,
            sourceTopicRegex,
            repartitions,
          }),
        ),
      }))
      .sort((a, b) => (a.subtopologyId < b.subtopologyId ? -1 : 1)),
  }
}

function topicOf({ name, partitions, replicationFactor, topicConfigs }: RequestTopic): TopicInfo {
  return { name, partitions, replicationFactor, configs: topicConfigs.map(({ key, value }) => ({ key, value })) }
}

/** Tasks as responses list them. */
export function listedTasks(tasks: Tasks): { subtopologyId: string; partitions: number[] }[] {
  return Object.entries(allTasks(tasks)).map(([subtopologyId, partitions]) => ({
    subtopologyId,
    partitions: [...partitions],
  }))
}
