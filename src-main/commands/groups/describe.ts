import { keyOf } from '../../base/topic-partition'
import { describeGroup, type GroupDescription } from '../../client/admin/describe-group'
import { listGroups } from '../../client/admin/groups'
import { describeShareGroup, shareOffsets } from '../../client/admin/share-groups'
import { describeStreamsGroup } from '../../client/admin/streams-groups'
import type { KafkaClient } from '../../client/client'
import { UsageError } from '../../options/serve'
import type { Given } from './flags'
import { cell, type Output, table } from './output'
import { positionsOf } from './positions'

/** `ottla groups describe`. @returns false when something of it could not be read */
export async function describe(
  client: KafkaClient,
  groupIds: readonly string[],
  given: Given,
  output: Output,
): Promise<boolean> {
  const listed = await listGroups(client)
  const wanted = given['all-groups'] ? listed.map(({ groupId }) => groupId) : groupIds
  let isComplete = true
  for (const [i, groupId] of wanted.entries()) {
    if (i > 0) output.print('\n')
    const type = listed.find((group) => group.groupId === groupId)?.type.toLowerCase()
    if (!(await describeOne(client, groupId, type, given.members !== undefined, output))) isComplete = false
  }
  return isComplete
}

async function describeOne(
  client: KafkaClient,
  groupId: string,
  type: string | undefined,
  members: boolean,
  output: Output,
): Promise<boolean> {
  if (type === 'share') return await describeShare(client, groupId, members, output)
  if (type === 'streams') return await describeStreams(client, groupId, members, output)
  const group = await describeGroup(client, groupId)
  if (!group) throw new UsageError(`There is no group ${groupId}.`)
  output.print(headline(group))
  if (!members) return await printOffsets(client, group, output)
  output.print(membersTable(group))
  return true
}

function headline({
  groupId,
  state,
  members,
}: Pick<GroupDescription, 'groupId' | 'state'> & { readonly members: readonly unknown[] }): string {
  return `${groupId}: ${state}, ${members.length} member${members.length === 1 ? '' : 's'}\n`
}

/** Members of a streams group have tasks; its offsets are committed as those of consumers. */
async function describeStreams(
  client: KafkaClient,
  groupId: string,
  members: boolean,
  output: Output,
): Promise<boolean> {
  const group = await describeStreamsGroup(client, groupId)
  if (!group) throw new UsageError(`There is no group ${groupId}.`)
  output.print(headline(group))
  if (!members) return await printOffsets(client, { groupId, members: [] }, output)
  const rows = group.members.map(({ memberId, instanceId, clientId, host, active, standby }) => [
    memberId,
    instanceId ?? '-',
    clientId,
    host,
    active.join(' ') || '-',
    standby.join(' ') || '-',
  ])
  output.print(table([['MEMBER-ID', 'INSTANCE-ID', 'CLIENT-ID', 'HOST', 'ACTIVE-TASKS', 'STANDBY-TASKS'], ...rows]))
  return true
}

/** A share group has start offsets where others have committed ones, and its partitions may have several members. */
async function describeShare(
  client: KafkaClient,
  groupId: string,
  members: boolean,
  { print }: Output,
): Promise<boolean> {
  const group = await describeShareGroup(client, groupId)
  if (!group) throw new UsageError(`There is no group ${groupId}.`)
  print(headline(group))
  if (members) {
    const rows = group.members.map(({ memberId, clientId, host, assigned }) => [
      memberId,
      clientId,
      host,
      String(assigned.length),
    ])
    print(table([['CONSUMER-ID', 'CLIENT-ID', 'HOST', 'PARTITIONS'], ...rows]))
    return true
  }
  const offsets = await shareOffsets(client, groupId)
  const rows = offsets.map(({ topic, partition, startOffset, lag }) => [
    topic,
    String(partition),
    cell(startOffset),
    cell(lag),
  ])
  print(table([['TOPIC', 'PARTITION', 'START-OFFSET', 'LAG'], ...rows]))
  return true
}

function membersTable({ members }: GroupDescription): string {
  return table([
    ['CONSUMER-ID', 'INSTANCE-ID', 'CLIENT-ID', 'HOST', 'PARTITIONS'],
    ...members.map(({ memberId, groupInstanceId, clientId, host, assigned }) => [
      memberId,
      groupInstanceId ?? '-',
      clientId,
      host,
      String(assigned.length),
    ]),
  ])
}

async function printOffsets(
  client: KafkaClient,
  group: Pick<GroupDescription, 'groupId' | 'members'>,
  { print, warn }: Output,
): Promise<boolean> {
  const assigned = group.members.flatMap((member) => member.assigned)
  const owners = new Map(
    group.members.flatMap(({ clientId, memberId, assigned: own }) =>
      own.map(({ topic, partition }) => [keyOf(topic, partition), `${clientId} ${memberId}`] as const),
    ),
  )
  const positions = await positionsOf(client, group.groupId, assigned)
  const rows = positions.map((position) => {
    const { topic, partition, committed } = position
    const end = 'end' in position ? position.end : null
    const lag = end === null || committed === null ? null : end > committed ? end - committed : 0n
    const owner = owners.get(keyOf(topic, partition)) ?? '-'
    return [topic, String(partition), cell(committed), cell(end), cell(lag), owner]
  })
  print(table([['TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG', 'CONSUMER'], ...rows]))
  const problems = positions.flatMap((position) => ('problem' in position ? [position.problem.message] : []))
  for (const problem of problems) warn(problem)
  return problems.length === 0
}
