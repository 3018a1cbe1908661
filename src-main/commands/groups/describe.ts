import { keyOf } from '../../base/topic-partition'
import { describeGroup, type GroupDescription } from '../../client/admin/describe-group'
import { listGroups } from '../../client/admin/groups'
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
    if (!group) throw new UsageError(`There is no group ${groupId}.`)
    const count = `${group.members.length} member${group.members.length === 1 ? '' : 's'}`
    output.print(`${groupId}: ${group.state}, ${count}\n`)
    if (given.members) output.print(membersTable(group))
    else if (!(await printOffsets(client, group, output))) isComplete = false
  }
  return isComplete
}

/** Share and streams groups have tools of their own, as with Kafka. */
async function describable(client: KafkaClient): Promise<string[]> {
  const groups = await listGroups(client)
  return groups.filter(({ type }) => !/^(share|streams)$/i.test(type)).map(({ groupId }) => groupId)
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
