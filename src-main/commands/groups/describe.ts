import { keyOf } from '../../base/topic-partition'
import { describeGroup, type GroupDescription } from '../../client/admin/describe-group'
import { listGroups } from '../../client/admin/groups'
import { describeShareGroup, shareOffsets } from '../../client/admin/share-groups'
import { describeStreamsGroup } from '../../client/admin/streams-groups'
import type { KafkaClient } from '../../client/client'
import { UsageError } from '../../options/serve'
import type { Given } from './flags'
import { jsonLine, type Output, type Row, tableOf } from './output'
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
    const type = listed.find((group) => group.groupId === groupId)?.type.toLowerCase()
    const described = await descriptionOf(client, groupId, type, given.members !== undefined)
    if (!described) throw new UsageError(`There is no group ${groupId}.`)
    const { state, members, columns, rows, problems = [] } = described
    if (given.json) {
      const lists = given.members ? { members: rows } : { members, partitions: rows }
      output.print(jsonLine({ group: groupId, state, ...lists }))
    } else {
      if (i > 0) output.print('\n')
      output.print(`${groupId}: ${state}, ${members} member${members === 1 ? '' : 's'}\n`)
      output.print(tableOf(columns, rows))
    }
    for (const problem of problems) output.warn(problem)
    if (problems.length > 0) isComplete = false
  }
  return isComplete
}

/** A group, and its partitions or members. */
interface Description {
  readonly state: string
  readonly members: number
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
  /** Of partitions that could not be read. */
  readonly problems?: readonly string[]
}

async function descriptionOf(
  client: KafkaClient,
  groupId: string,
  type: string | undefined,
  members: boolean,
): Promise<Description | null> {
  if (type === 'share') return await shareDescription(client, groupId, members)
  if (type === 'streams') return await streamsDescription(client, groupId, members)
  const group = await describeGroup(client, groupId)
  if (!group) return null
  const facts = { state: group.state, members: group.members.length }
  if (!members) return { ...facts, ...(await offsetsOf(client, group)) }
  const rows = group.members.map(({ memberId, groupInstanceId, clientId, host, assigned }) => ({
    consumerId: memberId,
    instanceId: groupInstanceId,
    clientId,
    host,
    partitions: assigned.length,
  }))
  return { ...facts, columns: ['consumerId', 'instanceId', 'clientId', 'host', 'partitions'], rows }
}

/** Members of a streams group have tasks; its offsets are committed as those of consumers. */
async function streamsDescription(client: KafkaClient, groupId: string, members: boolean): Promise<Description | null> {
  const group = await describeStreamsGroup(client, groupId)
  if (!group) return null
  const facts = { state: group.state, members: group.members.length }
  if (!members) return { ...facts, ...(await offsetsOf(client, { groupId, members: [] })) }
  const rows = group.members.map(({ memberId, instanceId, clientId, host, active, standby }) => ({
    memberId,
    instanceId,
    clientId,
    host,
    activeTasks: active,
    standbyTasks: standby,
  }))
  return { ...facts, columns: ['memberId', 'instanceId', 'clientId', 'host', 'activeTasks', 'standbyTasks'], rows }
}

/** A share group has start offsets where others have committed ones, and its partitions may have several members. */
async function shareDescription(client: KafkaClient, groupId: string, members: boolean): Promise<Description | null> {
  const group = await describeShareGroup(client, groupId)
  if (!group) return null
  const facts = { state: group.state, members: group.members.length }
  if (members) {
    const rows = group.members.map(({ memberId, clientId, host, assigned }) => ({
      consumerId: memberId,
      clientId,
      host,
      partitions: assigned.length,
    }))
    return { ...facts, columns: ['consumerId', 'clientId', 'host', 'partitions'], rows }
  }
  const offsets = await shareOffsets(client, groupId)
  const rows = offsets.map(({ topic, partition, startOffset, lag }) => ({ topic, partition, startOffset, lag }))
  return { ...facts, columns: ['topic', 'partition', 'startOffset', 'lag'], rows }
}

async function offsetsOf(
  client: KafkaClient,
  group: Pick<GroupDescription, 'groupId' | 'members'>,
): Promise<Pick<Description, 'columns' | 'rows' | 'problems'>> {
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
    const consumer = owners.get(keyOf(topic, partition)) ?? null
    return { topic, partition, currentOffset: committed, logEndOffset: end, lag, consumer }
  })
  const columns = ['topic', 'partition', 'currentOffset', 'logEndOffset', 'lag', 'consumer']
  const problems = positions.flatMap((position) => ('problem' in position ? [position.problem.message] : []))
  return { columns, rows, problems }
}
