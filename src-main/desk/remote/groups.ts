import { Emitter } from '../../base/emitter'
import { type DescribedGroup, describeGroup, describeGroups } from '../../client/admin/describe-group'
import {
  commitOffsets,
  committedOffsets,
  committedOffsetsOf,
  deleteGroup,
  deleteOffsets,
  type GroupListing,
  listGroups,
  type MemberToRemove,
  removeMembers,
} from '../../client/admin/groups'
import { describeShareGroup } from '../../client/admin/share-groups'
import { describeStreamsGroup, describeStreamsGroups, removeStreamsMembers } from '../../client/admin/streams-groups'
import type { KafkaClient } from '../../client/client'
import { KafkaError } from '../../client/failures'
import {
  type CommittedOffset,
  checkMayMove,
  type GroupFacts,
  type GroupSource,
  type MoveOrder,
  type OffsetMove,
  type StoredMove,
} from '../source/groups'
import { byTopic } from './by-topic'
import { Fresh } from './fresh'
import { describedShares, moveShares, shareRows } from './share-groups'
import { streamsGroupFacts } from './streams'

const groupsMaxAgeMs = 5000
const offsetsMaxAgeMs = 2000
/** Offsets of all groups: what a list shows. */
const allOffsetsMaxAgeMs = 10_000
/** Groups that are shown one by one and remembered. */
const keptSingles = 100
/** Groups of one question. */
const portion = 50
/** Resets that are remembered for each group, until the app ends. */
const keptMoves = 50
const groupTypes = ['consumer', 'share'] as const

/** Groups of a cluster elsewhere, polled while somebody asks. */
export class RemoteGroups implements GroupSource {
  readonly changed: GroupSource['changed']
  readonly #client: KafkaClient
  readonly #changes: Emitter<string>
  /** The groups of each coordinator. */
  readonly #listing: Fresh<ReadonlyMap<number, readonly GroupListing[]>>
  readonly #groups: Fresh<readonly GroupFacts[]>
  /** Single ones, which are shown without the others. */
  readonly #single = new Map<string, Fresh<GroupFacts | null>>()
  readonly #allOffsets: Fresh<ReadonlyMap<string, readonly CommittedOffset[]>>
  readonly #offsets = new Map<string, Fresh<readonly CommittedOffset[]>>()
  readonly #moves = new Map<string, StoredMove[]>()
  #known = new Map<string, string>()
  #lastMove = 0

  constructor(client: KafkaClient, onError: (error: unknown) => void) {
    this.#client = client
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    this.#listing = new Fresh(client.clock, groupsMaxAgeMs, async () => {
      const listing = new Map<number, GroupListing[]>()
      for (const group of await listGroups(client)) {
        listing.set(group.nodeId, [...(listing.get(group.nodeId) ?? []), group])
      }
      return listing
    })
    this.#groups = new Fresh(client.clock, groupsMaxAgeMs, () => this.#askGroups())
    this.#allOffsets = new Fresh(client.clock, allOffsetsMaxAgeMs, () => this.#askOffsets())
  }

  async ids(): Promise<readonly string[]> {
    return [...(await this.#listing.get()).values()].flat().map(({ groupId }) => groupId)
  }

  list(): Promise<readonly GroupFacts[]> {
    return this.#groups.get()
  }

  async find(groupId: string): Promise<GroupFacts | null> {
    if (!this.#groups.isHere) return await this.#singleOf(groupId).get()
    return (await this.#groups.get()).find((group) => group.groupId === groupId) ?? null
  }

  async offsets(groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly CommittedOffset[]>> {
    const all = groupIds.length > 1 ? await this.#allOffsets.get() : undefined
    const found = new Map<string, readonly CommittedOffset[]>()
    for (const groupId of groupIds) {
      const rows = all ? all.get(groupId) : await this.#offsetsOf(groupId).get()
      if (rows && rows.length > 0) found.set(groupId, rows)
    }
    return found
  }

  /** Removes the members where that is asked for, then sets and removes offsets. A classic member may rejoin in between: then nothing is set. */
  async move(order: MoveOrder): Promise<void> {
    const { groupId, moves, cause, undoes } = order
    const type = (await this.find(groupId))?.type
    const isShare = type === 'share'
    const isOther = isShare || type === 'streams'
    const shared = isShare ? ((await describeShareGroup(this.#client, groupId))?.members ?? []) : []
    const threads = type === 'streams' ? ((await describeStreamsGroup(this.#client, groupId))?.members ?? []) : []
    const consumers = isOther ? [] : ((await describeGroup(this.#client, groupId))?.members ?? [])
    const members = [...shared, ...threads, ...consumers]
    checkMayMove(order, members.length)
    const before = await this.#rowsOf(groupId, isShare)
    const ids = shared.map(({ memberId }) => memberId)
    const threadIds = threads.map(({ memberId }) => memberId)
    await removeStreamsMembers(this.#client, groupId, threadIds)
    if (isShare) await moveShares(this.#client, groupId, moves, ids)
    else await this.#commit(groupId, moves, consumers)
    const changes = moves.map(({ topic, partition, offset }) => {
      const row = before.find((one) => one.topic === topic && one.partition === partition)
      return { topic, partition, before: row ?? null, after: offset }
    })
    const id = ++this.#lastMove
    const kind = undoes === null ? 'reset' : 'undo'
    const entry: StoredMove = { id, at: this.#client.clock.now(), kind, cause, undoneBy: null, changes }
    const known = (this.#moves.get(groupId) ?? []).map((one) => (one.id === undoes ? { ...one, undoneBy: id } : one))
    this.#moves.set(groupId, [entry, ...known].slice(0, keptMoves))
    this.#forget(groupId)
  }

  async moves(groupId: string, count: number): Promise<readonly StoredMove[]> {
    return (this.#moves.get(groupId) ?? []).slice(0, count)
  }

  async removeMember(groupId: string, memberId: string): Promise<void> {
    const members: readonly MemberToRemove[] = (await describeGroup(this.#client, groupId))?.members ?? []
    const member = members.find((one) => one.memberId === memberId)
    if (!member) throw new Error(`This member is no longer in group ${groupId}.`)
    await removeMembers(this.#client, groupId, [member], 'it was removed by hand')
    this.#forget(groupId)
  }

  async delete(groupId: string): Promise<void> {
    await deleteGroup(this.#client, groupId)
    this.#forget(groupId)
  }

  async #commit(groupId: string, moves: readonly OffsetMove[], members: readonly MemberToRemove[]): Promise<void> {
    await removeMembers(this.#client, groupId, members, 'the offsets of the group are reset')
    const set = moves.flatMap(({ topic, partition, offset, row }) =>
      offset === null ? [] : [{ topic, partition, offset: BigInt(offset), metadata: row?.metadata ?? '' }],
    )
    const removed = moves.filter(({ offset }) => offset === null)
    if (set.length > 0) await commitOffsets(this.#client, groupId, set)
    if (removed.length > 0) await deleteOffsets(this.#client, groupId, removed)
  }

  async #rowsOf(groupId: string, isShare: boolean): Promise<CommittedOffset[]> {
    if (isShare) return await shareRows(this.#client, groupId)
    return [...(await committedOffsets(this.#client, groupId)).values()].map(rowOf)
  }

  #forget(groupId: string): void {
    this.#listing.forget()
    this.#groups.forget()
    this.#single.delete(groupId)
    this.#offsets.delete(groupId)
    this.#allOffsets.forget()
    this.#changes.emit(groupId)
  }

  #singleOf(groupId: string): Fresh<GroupFacts | null> {
    let single = this.#single.get(groupId)
    if (!single) {
      single = new Fresh(this.#client.clock, groupsMaxAgeMs, async () => {
        const listed = await this.#listed(groupId)
        const [group = null] = listed ? await this.#describe(listed.nodeId, [listed]) : []
        this.#tell(groupId, groupId, JSON.stringify(group))
        return group
      })
      this.#single.set(groupId, single)
      for (const oldest of this.#single.keys()) {
        if (this.#single.size <= keptSingles) break
        this.#single.delete(oldest)
      }
    }
    return single
  }

  async #listed(groupId: string): Promise<GroupListing | undefined> {
    return [...(await this.#listing.get()).values()].flat().find((group) => group.groupId === groupId)
  }

  #offsetsOf(groupId: string): Fresh<readonly CommittedOffset[]> {
    let offsets = this.#offsets.get(groupId)
    if (!offsets) {
      offsets = new Fresh(this.#client.clock, offsetsMaxAgeMs, async () => {
        const listed = await this.#listed(groupId)
        const rows = await this.#rowsOf(groupId, listed !== undefined && kindOf(listed) === 'share')
        this.#tell(`${groupId} offsets`, groupId, JSON.stringify(rows))
        return rows
      })
      this.#offsets.set(groupId, offsets)
    }
    return offsets
  }

  /** The offsets of all groups, many in one question to each broker. */
  async #askOffsets(): Promise<ReadonlyMap<string, readonly CommittedOffset[]>> {
    const listed = [...(await this.#listing.get())]
    const found = await Promise.all(
      listed.map(([nodeId, groups]) => {
        const others = groups.filter((group) => kindOf(group) !== 'share').map(({ groupId }) => groupId)
        return committedOffsetsOf(this.#client, nodeId, others)
      }),
    )
    const all = new Map(
      found.flatMap((some) => [...some].map(([groupId, rows]) => [groupId, rows.map(rowOf)] as const)),
    )
    // Start offsets of share groups have a question of their own.
    const shares = listed.flatMap(([, groups]) => groups.filter((group) => kindOf(group) === 'share'))
    for (const { groupId } of shares) all.set(groupId, await this.#rowsOf(groupId, true))
    for (const [groupId, rows] of all) this.#tell(`${groupId} offsets`, groupId, JSON.stringify(rows))
    return all
  }

  /** The groups of each broker, described by it in portions. One that may not be described is listed without its members. */
  async #askGroups(): Promise<readonly GroupFacts[]> {
    // A listing from before would be older than this answer is said to be.
    this.#listing.forget()
    const listing = await this.#listing.get()
    const described = await Promise.all([...listing].map(([nodeId, groups]) => this.#describe(nodeId, groups)))
    const groups = described.flat().sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
    const ids = new Set(groups.map(({ groupId }) => groupId))
    for (const groupId of this.#offsets.keys()) if (!ids.has(groupId)) this.#offsets.delete(groupId)
    for (const group of groups) this.#tell(group.groupId, group.groupId, JSON.stringify(group))
    return groups
  }

  async #describe(nodeId: number, groups: readonly GroupListing[]): Promise<GroupFacts[]> {
    const found: GroupFacts[] = []
    for (let at = 0; at < groups.length; at += portion) {
      const some = groups.slice(at, at + portion)
      const described = await this.#describeSome(nodeId, some)
      for (const group of some) {
        const facts = described.get(group.groupId)
        if (facts instanceof KafkaError) found.push(listedOnly(group))
        else if (facts) found.push(facts)
      }
    }
    return found
  }

  async #describeSome(nodeId: number, groups: readonly GroupListing[]): Promise<Map<string, GroupFacts | KafkaError>> {
    const node = { to: 'node', nodeId } as const
    const ids = (kind: ReturnType<typeof kindOf>) =>
      groups.filter((group) => kindOf(group) === kind).map(({ groupId }) => groupId)
    const [shares, streams, others] = [ids('share'), ids('streams'), ids('other')]
    const isClassic = new Set(groups.filter(({ type }) => /^classic$/i.test(type)).map(({ groupId }) => groupId))
    const consuming = await describeGroups(this.#client, node, others, (groupId) => isClassic.has(groupId))
    const shared = shares.length > 0 ? await describedShares(this.#client, nodeId, shares) : []
    const streaming = streams.length > 0 ? await describeStreamsGroups(this.#client, node, streams) : []
    const found = new Map<string, GroupFacts | KafkaError>(shared)
    for (const [groupId, group] of streaming) {
      found.set(groupId, group instanceof KafkaError ? group : streamsGroupFacts(group))
    }
    for (const [groupId, group] of consuming) found.set(groupId, group instanceof KafkaError ? group : factsOf(group))
    return found
  }

  #tell(key: string, groupId: string, now: string): void {
    const before = this.#known.get(key)
    this.#known.set(key, now)
    if (before !== undefined && before !== now) this.#changes.emit(groupId)
  }
}

/** The API that describes a group: share and streams groups have their own. */
function kindOf({ type }: GroupListing): 'share' | 'streams' | 'other' {
  const known = type.toLowerCase()
  return known === 'share' || known === 'streams' ? known : 'other'
}

function listedOnly({ groupId, type, state }: GroupListing): GroupFacts {
  return {
    groupId,
    type: groupTypes.find((known) => known === type.toLowerCase()) ?? 'classic',
    state,
    epoch: -1,
    protocol: '',
    leader: null,
    members: [],
  }
}

function factsOf({ groupId, type, state, epoch, assignor, members }: DescribedGroup): GroupFacts {
  return {
    groupId,
    type,
    state,
    epoch,
    protocol: assignor,
    leader: null,
    members: members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.host,
      phase: 'stable',
      epoch: member.epoch,
      subscribed: member.subscribed,
      assigned: byTopic(member.assigned),
      target: member.target && byTopic(member.target),
    })),
  }
}

function rowOf(row: {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly leaderEpoch: number
  readonly metadata: string
}): CommittedOffset {
  return { ...row, offset: Number(row.offset), committedAt: -1, expiresAt: null }
}
