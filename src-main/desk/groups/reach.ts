import { javaAddress } from '../../base/java-address'
import type { PartitionReader } from '../source/clients'
import type { GroupFacts, MemberFacts } from '../source/groups'

/** How far a member was given a partition: surely everything before `least`, surely nothing from `most` on. */
export interface Reach {
  readonly least: number
  readonly most: number
  /** What lies from `from` to `least` was delivered at `at`; `null` when several connections may have got it. */
  readonly last: { readonly from: number; readonly at: number } | null
}

type Group = Pick<GroupFacts, 'groupId'>
type Member = Pick<MemberFacts, 'clientId' | 'clientHost'>

/**
 * Connections that may fetch for a member of a group. A Fetch names neither group nor member. A connection that also speaks for
 * groups (as of kafkajs) fetches for them; others (Java, librdkafka) are those with the member's client id and host.
 *
 * @param readers connections that fetch the member's partition
 */
export function readersFor(
  { groupId }: Group,
  { clientId, clientHost }: Member,
  readers: readonly PartitionReader[],
): readonly PartitionReader[] {
  const plain = (address: string) => javaAddress(address.replace(/^\//, ''))
  const host = plain(clientHost)
  const named = readers.filter((reader) => reader.clientId === clientId && plain(reader.remoteAddress) === host)
  const own = named.filter(({ groupIds }) => groupIds.has(groupId))
  return own.length > 0 ? own : named.filter(({ groupIds }) => groupIds.size === 0)
}

/**
 * How far a member of a group was given a partition. Where several connections fit, such as of two groups whose members share a client id,
 * only what all of them got is certain.
 *
 * @param readers connections that fetch this partition; `null` when none fits
 */
export function reachOf(group: Group, member: Member, readers: readonly PartitionReader[]): Reach | null {
  const fitting = readersFor(group, member, readers)
  const [first] = fitting
  if (!first) return null
  const offsets = fitting.map(({ offset }) => offset)
  const isOne = fitting.length === 1
  return {
    least: Math.min(...offsets),
    most: Math.max(...offsets),
    last: isOne && first.from < first.offset ? { from: first.from, at: first.at } : null,
  }
}
