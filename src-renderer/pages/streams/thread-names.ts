import { threadNameOf, threadText } from '../../../src-main/contract/thread-name'
import { type Names, namesOf } from '../../format/members'
import { texts } from './texts'

type Members = Parameters<typeof namesOf>[0]

/** Names of threads: as Kafka Streams makes client ids, of the instance and the number of the thread. */
export interface ThreadNames extends Names {
  /** Without its instance. */
  thread(memberId: string): string
  /** The instance as its `client.id` names it; `null`: it has no name of its own. */
  instance(memberId: string): string | null
}

/** Short names of a streams group's members. Two that would be the same have the end of the member id too. */
export function threadNamesOf(members: Members): ThreadNames {
  const plain = namesOf(members)
  const known = new Map(members.map((member) => [member.memberId, threadNameOf(member.clientId)]))
  const statics = new Set(members.flatMap(({ memberId, instanceId }) => (instanceId === null ? [] : [memberId])))
  const short = new Map<string, string>()
  const counts = new Map<string, number>()
  for (const [memberId, parts] of known) {
    if (!parts || statics.has(memberId)) continue
    const name = threadText(parts)
    short.set(memberId, name)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return {
    hue: plain.hue,
    of(memberId) {
      const name = short.get(memberId)
      if (name === undefined) return plain.of(memberId)
      return counts.get(name) === 1 ? name : `${name} ${memberId.slice(-4)}`
    },
    thread(memberId) {
      const parts = known.get(memberId)
      return parts && !statics.has(memberId) ? texts.thread(parts.thread) : plain.of(memberId)
    },
    instance(memberId) {
      const parts = known.get(memberId)
      return parts?.isNamed ? parts.name : null
    },
  }
}
