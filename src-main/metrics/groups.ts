import type { Core } from '../broker/core'
import { Family, labels } from './text'

/** Groups between which other work of this thread gets its turn. */
const portion = 50

/** Names of kafka-exporter; states and rebalances, which that does not have, begin with `ottla_`. */
export async function groupMetrics(
  { groups, topics }: Pick<Core, 'groups' | 'topics'>,
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
    'Committed offset of a group at a partition',
  )
  const lags = new Family(
    'kafka_consumergroup_lag',
    'gauge',
    'Offsets between the committed one and the end of a partition',
  )
  const sums = new Family('kafka_consumergroup_lag_sum', 'gauge', 'Lag of a group over all partitions of a topic')
  let told = 0
  let leftOut = 0
  for (const [i, { groupId, type, state, members: all }] of groups.list().entries()) {
    if (i % portion === portion - 1) await new Promise((resolve) => setImmediate(resolve))
    const own = labels({ consumergroup: groupId })
    members.add(own, all.length)
    states.add(`${own},${labels({ type, state })}`, 1)
    rebalanced.add(own, rebalances.get(groupId) ?? 0)
    const byTopic = new Map<string, number>()
    for (const { topic, partition, offset } of groups.offsets.of(groupId)) {
      const end = topics.find(topic)?.partition(partition)?.highWatermark
      if (end === undefined) continue
      const lag = Math.max(0, end - Number(offset))
      byTopic.set(topic, (byTopic.get(topic) ?? 0) + lag)
      if (told === mostPartitions) {
        leftOut++
        continue
      }
      told++
      const one = `${own},topic="${topic}",partition="${partition}"`
      committed.add(one, Number(offset))
      lags.add(one, lag)
    }
    for (const [topic, lag] of byTopic) sums.add(`${own},topic="${topic}"`, lag)
  }
  return { families: [members, states, rebalanced, committed, lags, sums], leftOut }
}
