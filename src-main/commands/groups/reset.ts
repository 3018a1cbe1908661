import { readFileSync } from 'node:fs'
import { keyOf, parseKey, type TopicPartition, type TopicPartitionKey } from '../../base/topic-partition'
import { describeGroup } from '../../client/admin/describe-group'
import { commitOffsets, committedOffsets, removeMembers } from '../../client/admin/groups'
import type { KafkaClient } from '../../client/client'
import { KafkaError } from '../../client/failures'
import { UsageError } from '../../options/serve'
import type { Given } from './flags'
import { cell, type Output, table } from './output'
import { type Position, positionsOf } from './positions'
import { partitionsIn, readScopes } from './scopes'
import { offsetsIn, targetsOf, whereOf } from './targets'

/** A member that was removed may rejoin before the offsets are committed: then it is removed again, so many times. */
const fenceAttempts = 5
/** Errors of a commit without a member while the group has members. */
const notEmpty: ReadonlySet<string> = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'])

/** `ottla groups reset`. @throws UsageError, KafkaError; nothing is committed when any offset cannot be read */
export async function reset(client: KafkaClient, groupId: string, given: Given, { print }: Output): Promise<void> {
  const where = whereOf(given)
  if (given.topic && given['all-topics']) throw new UsageError('--topic and --all-topics exclude each other.')
  const positions = await affected(client, groupId, given)
  const targets = await targetsOf(client, positions, where, given)
  if (given.export) {
    for (const [key, offset] of targets) {
      const { topic, partition } = parseKey(key)
      print(`${topic},${partition},${offset}\n`)
    }
    return
  }
  print(
    table([
      ['TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'NEW-OFFSET'],
      ...positions.map(({ topic, partition, committed }) => [
        topic,
        String(partition),
        cell(committed),
        cell(targets.get(keyOf(topic, partition)) ?? null),
      ]),
    ]),
  )
  if (!given.execute || given['dry-run']) {
    print('Dry run: nothing changed. Use --execute to apply.\n')
    return
  }
  await commit(client, groupId, targets, given.fence !== undefined)
  print(`Moved ${groupId}.\n`)
}

/** The positions that the reset is about, all of them known. */
async function affected(client: KafkaClient, groupId: string, given: Given): Promise<Position[]> {
  const scopes = given.topic && readScopes(given.topic)
  const file = given['from-file']?.[0]
  const named: readonly TopicPartition[] | undefined = scopes
    ? await partitionsIn(client, scopes)
    : file === undefined
      ? undefined
      : [...offsetsIn(readFileSync(file, 'utf8')).keys()].map(parseKey)
  const wanted = named && new Set(named.map(({ topic, partition }) => keyOf(topic, partition)))
  const all = await positionsOf(client, groupId, named ?? [])
  const positions = all.filter(({ topic, partition }) => !wanted || wanted.has(keyOf(topic, partition)))
  if (positions.length === 0) throw new UsageError(`Group ${groupId} has no offsets; name the topics with --topic.`)
  return positions.map((position) => {
    if ('problem' in position) throw position.problem
    return position
  })
}

/** Commits the offsets, and reads them again: with `fence` members are removed first (KIP-345). */
async function commit(
  client: KafkaClient,
  groupId: string,
  targets: ReadonlyMap<TopicPartitionKey, bigint>,
  fence: boolean,
): Promise<void> {
  const offsets = [...targets].map(([key, offset]) => ({ ...parseKey(key), offset }))
  for (let attempt = 1; ; attempt++) {
    await empty(client, groupId, fence)
    try {
      await commitOffsets(client, groupId, offsets)
      break
    } catch (error) {
      const isTaken = error instanceof KafkaError && notEmpty.has(error.error)
      if (!fence || !isTaken || attempt === fenceAttempts) throw error
    }
  }
  const committed = await committedOffsets(client, groupId, offsets)
  const other = offsets.find(
    ({ topic, partition, offset }) => committed.get(keyOf(topic, partition))?.offset !== offset,
  )
  if (other) {
    throw new UsageError(
      `The offset of ${groupId} in ${other.topic}-${other.partition} was changed again by another client: stop its members and repeat the reset.`,
    )
  }
}

/** @throws UsageError when the group has members and they may not be removed */
async function empty(client: KafkaClient, groupId: string, fence: boolean): Promise<void> {
  const members = (await describeGroup(client, groupId))?.members ?? []
  if (members.length === 0) return
  if (!fence) {
    const some = members.length === 1 ? '1 active member' : `${members.length} active members`
    throw new UsageError(`Group ${groupId} has ${some}: stop them, or remove them with --fence.`)
  }
  await removeMembers(client, groupId, members, 'the offsets of the group are reset')
}
