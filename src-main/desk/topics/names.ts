import type { Outlet } from '../../contract/server'
import type { TopicName } from '../../contract/topics'
import type { ClusterSource } from '../source/source'

export async function topicNames({ topics }: ClusterSource): Promise<TopicName[]> {
  return (await topics.list()).map(({ name, internal, partitions }) => ({ name, internal, partitions }))
}

/** Passes on only lists that differ from the one before. */
export function changedNames(outlet: Outlet<readonly TopicName[]>): Outlet<readonly TopicName[]> {
  let last: readonly TopicName[] | undefined
  return {
    ...outlet,
    push(names) {
      if (last && areSame(last, names)) return
      last = names
      outlet.push(names)
    },
  }
}

function areSame(before: readonly TopicName[], now: readonly TopicName[]): boolean {
  return before.length === now.length && before.every((one, i) => isSame(one, now[i]))
}

function isSame(before: TopicName, now: TopicName | undefined): boolean {
  return before.name === now?.name && before.partitions === now.partitions && before.internal === now.internal
}
