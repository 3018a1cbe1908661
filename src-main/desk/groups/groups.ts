import type { Client } from '../../broker/clients'
import type { Core } from '../../broker/core'
import type { CommittedOffset } from '../../broker/groups/offsets'
import type { GroupView } from '../../broker/groups/view'
import type { GroupDetail, GroupLine, GroupMember, GroupPartition } from '../../contract/groups'
import type { MemberHues } from '../rebalances/hues'
import type { WaitingResets } from '../reset/waiting'
import { ageOf, type Lags, lagMsOf, lagOf } from './lags'

export function groupLines(core: Core, lags: Lags): GroupLine[] {
  return core.groups
    .list()
    .map((view) => ({
      groupId: view.groupId,
      type: view.type,
      state: view.state,
      epoch: view.epoch,
      protocol: view.protocol,
      members: view.members.length,
      topics: topicsOf(core, view),
      lag: lagOf(core, view.groupId),
      lagMs: lagMsOf(core, view.groupId),
      lagHistory: lags.recent(view.groupId),
    }))
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
}

/** Topics that a group has committed to, is subscribed to, or reads. */
export function topicsOf(core: Core, view: GroupView): string[] {
  const names = new Set(view.members.flatMap(({ subscribed, assigned }) => [...subscribed, ...Object.keys(assigned)]))
  for (const { topic } of core.groups.offsets.of(view.groupId)) names.add(topic)
  return [...names].sort()
}

export function groupDetail(core: Core, hues: MemberHues, waiting: WaitingResets, groupId: string): GroupDetail | null {
  const view = core.groups.find(groupId)
  if (!view) return null
  const byClientId = new Map<string, Client[]>()
  for (const client of core.clients.all()) {
    const clients = byClientId.get(client.clientId ?? '')
    if (clients) clients.push(client)
    else byClientId.set(client.clientId ?? '', [client])
  }
  const members = view.members.map((member): GroupMember => {
    const named = byClientId.get(member.clientId)?.find(({ softwareName }) => softwareName !== '')
    const library = named ? `${named.softwareName} ${named.softwareVersion}` : ''
    return { ...member, library, hue: hues.of(groupId, member.memberId) }
  })
  const partitions = partitionsOf(core, view, members, byClientId)
  return {
    groupId,
    type: view.type,
    state: view.state,
    epoch: view.epoch,
    protocol: view.protocol,
    leader: view.leader,
    lag: partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
    lagMs: lagMsOf(core, groupId),
    members,
    partitions,
    waiting: waiting.of(groupId),
  }
}

/** Puts one member out: it joins again, if it still runs, and the group shares its partitions anew. @throws Error with a sentence */
export async function removeMember(core: Core, groupId: string, memberId: string): Promise<void> {
  const error = await core.groups.remove(groupId, memberId, 'it was removed by hand')
  if (error !== 'NONE') throw new Error(`This member is not in group ${groupId} any more.`)
}

function partitionsOf(
  core: Core,
  view: GroupView,
  members: readonly GroupMember[],
  byClientId: ReadonlyMap<string, readonly Client[]>,
): GroupPartition[] {
  const owners = new Map<string, GroupMember>()
  for (const member of members) {
    for (const [topic, numbers] of Object.entries(member.assigned)) {
      for (const number of numbers) owners.set(`${topic}:${number}`, member)
    }
  }
  const committed = new Map(core.groups.offsets.of(view.groupId).map((row) => [`${row.topic}:${row.partition}`, row]))
  const names = new Set([...committed.keys(), ...owners.keys()])
  for (const topic of topicsOf(core, view)) {
    const count = core.topics.find(topic)?.partitionCount ?? 0
    for (let number = 0; number < count; number++) names.add(`${topic}:${number}`)
  }
  return [...names]
    .map((name): GroupPartition | undefined => {
      const colon = name.lastIndexOf(':')
      const owner = owners.get(name)
      return partitionLine(
        core,
        name.slice(0, colon),
        Number(name.slice(colon + 1)),
        committed.get(name),
        owner,
        positionOf(name, owner, byClientId),
      )
    })
    .filter((line) => line !== undefined)
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
}

/** Where the partition's owner fetched last. */
function positionOf(
  name: string,
  owner: GroupMember | undefined,
  byClientId: ReadonlyMap<string, readonly Client[]>,
): number | null {
  let position: number | null = null
  for (const { positions } of (owner && byClientId.get(owner.clientId)) ?? []) {
    const at = positions.get(name)
    if (at !== undefined && (position === null || at > position)) position = at
  }
  return position
}

function partitionLine(
  core: Core,
  topic: string,
  number: number,
  committed: CommittedOffset | undefined,
  owner: GroupMember | undefined,
  fetched: number | null,
): GroupPartition | undefined {
  const log = core.topics.partition(topic, number)
  if (!log) return undefined
  const { logStartOffset: start, highWatermark: end } = log
  const lag = committed ? Math.max(0, end - Math.max(committed.offset, start)) : null
  return {
    topic,
    partition: number,
    start,
    end,
    committed: committed?.offset ?? null,
    metadata: committed?.metadata ?? '',
    committedAt: committed?.committedAt ?? null,
    fetched,
    lag,
    lagMs: committed ? ageOf(core, log, committed) : null,
    owner: owner?.memberId ?? null,
  }
}
