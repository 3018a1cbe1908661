import type { Partitions } from '../group'
import type { Assignor, Subscriber } from './assignor'

/** [K11] Each topic in consecutive ranges over its subscribers in order, so that topics of equal size are split alike (RangeAssignor). */
export const range: Assignor = (members) => {
  const result: Record<string, Record<string, readonly number[]>> = {}
  const subscribers = new Map<string, { partitions: number; members: Subscriber[] }>()
  const ordered = [...members].sort(byPlace)
  for (const member of ordered) {
    result[member.memberId] = {}
    for (const { topicId, partitions } of member.topics) {
      const topic = subscribers.get(topicId)
      if (topic) topic.members.push(member)
      else subscribers.set(topicId, { partitions, members: [member] })
    }
  }
  for (const [topicId, topic] of subscribers) {
    const least = Math.floor(topic.partitions / topic.members.length)
    const extra = topic.partitions % topic.members.length
    let next = 0
    topic.members.forEach(({ memberId }, i) => {
      const size = least + (i < extra ? 1 : 0)
      if (size > 0)
        (result[memberId] as Record<string, readonly number[]>)[topicId] = Array.from({ length: size }, () => next++)
    })
  }
  return result satisfies Record<string, Partitions>
}

/** Static members by their instance ids, then dynamic ones by their member ids. */
function byPlace(a: Subscriber, b: Subscriber): number {
  if ((a.instanceId === null) !== (b.instanceId === null)) return a.instanceId === null ? 1 : -1
  return compare(a.instanceId ?? a.memberId, b.instanceId ?? b.memberId)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
