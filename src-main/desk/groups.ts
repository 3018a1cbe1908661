import type { Client } from '../broker/clients'
import type { Core } from '../broker/core'
import type { CommittedOffset } from '../broker/groups/offsets'
import type { GroupView } from '../broker/groups/view'
import type { GroupDetail, GroupLine, GroupMember, GroupPartition } from '../contract/groups'
import { readBatch } from '../records/batch'
import { lagOf, type Pulse } from './pulse'

export function groupLines(core: Core, pulse: Pulse): GroupLine[] {
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
      lagHistory: pulse.lagHistory(view.groupId),
    }))
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
}

function topicsOf(core: Core, view: GroupView): string[] {
  const names = new Set(view.members.flatMap(({ subscribed, assigned }) => [...subscribed, ...Object.keys(assigned)]))
  for (const { topic } of core.groups.offsets.of(view.groupId)) names.add(topic)
  return [...names].sort()
}

export function groupDetail(core: Core, groupId: string): GroupDetail | null {
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
    return { ...member, library: named ? `${named.softwareName} ${named.softwareVersion}` : '' }
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
    members,
    partitions,
  }
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
  for (const topic of new Set(members.flatMap(({ subscribed }) => subscribed))) {
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
    lagMs: lag === null ? null : lag === 0 ? 0 : ageAt(core, log, Math.max(committed?.offset ?? start, start)),
    owner: owner?.memberId ?? null,
  }
}

/** How old the batch at an offset is: lag in time, without opening it. */
function ageAt(core: Core, log: NonNullable<ReturnType<Core['topics']['partition']>>, offset: number): number | null {
  const bytes = log.read(offset, 1, true, log.highWatermark).batches[0]
  if (!bytes) return null
  const { baseTimestamp } = readBatch(bytes)
  return baseTimestamp < 0 ? null : Math.max(0, core.clock.now() - baseTimestamp)
}
