import { keyOf } from '../../base/topic-partition'
import { describeGroup, type GroupDescription } from '../../client/admin/describe-group'
import { listGroups } from '../../client/admin/groups'
import { describeShareGroup, shareOffsets } from '../../client/admin/share-groups'
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
  const wanted = given['all-groups'] ? await describable(client) : groupIds
  let isComplete = true
  for (const [i, groupId] of wanted.entries()) {
    if (i > 0) output.print('\n')
    const group = await describeGroup(client, groupId)
    if (!group) {
      await describeShare(client, groupId, given.members !== undefined, output)
      continue
    }
    output.print(headline(group))
    if (given.members) output.print(membersTable(group))
    else if (!(await printOffsets(client, group, output))) isComplete = false
  }
  return isComplete
}

function headline({
  groupId,
  state,
  members,
}: Pick<GroupDescription, 'groupId' | 'state'> & { readonly members: readonly unknown[] }): string {
  return `${groupId}: ${state}, ${members.length} member${members.length === 1 ? '' : 's'}\n`
}

/** A share group has start offsets where others have committed ones, and its partitions may have several members. */
async function describeShare(client: KafkaClient, groupId: string, members: boolean, { print }: Output): Promise<void> {
  const listed = (await listGroups(client)).find((group) => group.groupId === groupId)
  const group = /^share$/i.test(listed?.type ?? '') ? await describeShareGroup(client, groupId) : undefined
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
    return
  }
  const offsets = await shareOffsets(client, groupId)
  const rows = offsets.map(({ topic, partition, startOffset, lag }) => [
    topic,
    String(partition),
    cell(startOffset),
    cell(lag),
  ])
  print(table([['TOPIC', 'PARTITION', 'START-OFFSET', 'LAG'], ...rows]))
}

/** Streams groups have a tool of their own, as with Kafka. */
async function describable(client: KafkaClient): Promise<string[]> {
  const groups = await listGroups(client)
  return groups.filter(({ type }) => !/^streams$/i.test(type)).map(({ groupId }) => groupId)
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

async function printOffsets(client: KafkaClient, group: GroupDescription, { print, warn }: Output): Promise<boolean> {
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
