import type { Core } from '../broker/core'
import { shareLag } from '../broker/share/lag'
import { Family, labels } from './text'

/** Groups between which other work of this thread gets its turn. */
const portion = 50

interface GroupOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly lag: number
}

/**
 * Names of kafka-exporter; states and rebalances, which that does not have, begin with `ottla_`. Share groups have the same: their start offset
 * is the current one, and what is finished after it is no lag.
 */
export async function groupMetrics(
  core: Pick<Core, 'groups' | 'topics' | 'share'>,
  rebalances: ReadonlyMap<string, number>,
  mostPartitions: number,
): Promise<{ readonly families: readonly Family[]; readonly leftOut: number }> {
  const members = new Family('kafka_consumergroup_members', 'gauge', 'Number of members of a group')
  const states = new Family('ottla_consumergroup_state', 'gauge', 'The state and the type that a group is in')
  const rebalanced = new Family(
    'ottla_consumergroup_rebalances_total',
    'counter',
    'Rebalances of a group that ended since the broker started',
  )
  const committed = new Family(
    'kafka_consumergroup_current_offset',
    'gauge',
    'Committed offset of a group at a partition; the start offset of a share group',
  )
  const lags = new Family(
    'kafka_consumergroup_lag',
    'gauge',
    'Offsets from the committed one to the end of a partition, without those that a share group has finished',
  )
  const sums = new Family('kafka_consumergroup_lag_sum', 'gauge', 'Lag of a group over all partitions of a topic')
  let told = 0
  let leftOut = 0
  for (const [i, { groupId, type, state, members: all }] of core.groups.list().entries()) {
    if (i % portion === portion - 1) await new Promise((resolve) => setImmediate(resolve))
    const own = labels({ consumergroup: groupId })
    members.add(own, all.length)
    states.add(`${own},${labels({ type, state })}`, 1)
    rebalanced.add(own, rebalances.get(groupId) ?? 0)
    const byTopic = new Map<string, number>()
    for (const { topic, partition, offset, lag } of offsetsOf(core, groupId)) {
      byTopic.set(topic, (byTopic.get(topic) ?? 0) + lag)
      if (told === mostPartitions) {
        leftOut++
        continue
      }
      told++
      const one = `${own},topic="${topic}",partition="${partition}"`
      committed.add(one, offset)
      lags.add(one, lag)
    }
    for (const [topic, lag] of byTopic) sums.add(`${own},topic="${topic}"`, lag)
  }
  return { families: [members, states, rebalanced, committed, lags, sums], leftOut }
}

/** Offsets of a group with its lag at each; topics that are gone are left out. */
function offsetsOf(
  { groups, topics, share }: Pick<Core, 'groups' | 'topics' | 'share'>,
  groupId: string,
): GroupOffset[] {
  const shareGroup = groups.share(groupId)
  if (!shareGroup) {
    return groups.offsets.of(groupId).flatMap(({ topic, partition, offset }): GroupOffset[] => {
      const end = topics.partition(topic, partition)?.highWatermark
      if (end === undefined) return []
      return [{ topic, partition, offset: Number(offset), lag: Math.max(0, end - Number(offset)) }]
    })
  }
  return Object.entries(shareGroup.initialized).flatMap(([topicId, partitions]) => {
    const topic = topics.byId(topicId)
    return partitions.flatMap((partition): GroupOffset[] => {
      const value = share.partitions.value(groupId, topicId, partition)
      const log = topic?.partition(partition)
      if (!topic || !value || !log) return []
      const { startOffset, lag } = shareLag(value, log)
      return [{ topic: topic.name, partition, offset: startOffset, lag: Math.max(0, lag) }]
    })
  })
}
