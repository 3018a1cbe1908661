import type { Clock } from '../../base/clock'
import { deleteGroup, deleteOffsets } from '../../client/admin/groups'
import type { KafkaClient } from '../../client/client'
import { readFlags } from '../../options/flags'
import { UsageError } from '../../options/serve'
import { clientFor } from './connect'
import { describe } from './describe'
import { flags, type Given, helpText } from './flags'
import { list } from './list'
import type { Output } from './output'
import { reset } from './reset'
import { partitionsIn, readScopes } from './scopes'

const verbs = ['list', 'describe', 'reset', 'delete', 'delete-offsets'] as const
type Verb = (typeof verbs)[number]

export interface CommandParts extends Output {
  readonly clock: Clock
  readonly environment: NodeJS.ProcessEnv
  readonly version: string
}

/**
 * Runs `ottla groups ...`.
 *
 * @returns false when something could not be read; what is missing was said
 * @throws UsageError, SettingsError, ClientError and KafkaError, whose messages are sentences for the user
 */
export async function groupsCommand(argv: readonly string[], parts: CommandParts): Promise<boolean> {
  const words: string[] = []
  const given = readFlags(argv, parts.environment, flags, words)
  const [verb, ...groupIds] = words
  if (given.help || verb === undefined) {
    parts.print(helpText())
    return true
  }
  const known = verbs.find((one) => one === verb)
  if (!known) throw new UsageError(`There is no "ottla groups ${verb}"; there are ${verbs.join(', ')}.`)
  if (given.json && known !== 'list' && known !== 'describe')
    throw new UsageError('--json goes with list and describe.')
  checkGroups(known, groupIds, given)
  const client = clientFor(given, parts.clock, parts.version, parts.warn)
  try {
    return await run(client, known, groupIds, given, parts)
  } finally {
    client.dispose()
  }
}

/** How many groups each verb needs. */
function checkGroups(verb: Verb, groupIds: readonly string[], given: Given): void {
  const isAll = verb === 'describe' && given['all-groups'] !== undefined
  const needsNone = verb === 'list' || isAll
  const needsOne = verb === 'reset' || verb === 'delete-offsets'
  if (needsNone && groupIds.length > 0) throw new UsageError(`${isAll ? '--all-groups' : verb} takes no group.`)
  if (!needsNone && groupIds.length === 0) throw new UsageError(`Specify the group: ottla groups ${verb} GROUP.`)
  if (needsOne && groupIds.length > 1) throw new UsageError(`${verb} takes one group.`)
}

async function run(
  client: KafkaClient,
  verb: Verb,
  groupIds: readonly string[],
  given: Given,
  output: Output,
): Promise<boolean> {
  const [groupId = ''] = groupIds
  switch (verb) {
    case 'list':
      await list(client, given, output)
      return true
    case 'describe':
      return await describe(client, groupIds, given, output)
    case 'reset':
      await reset(client, groupId, given, output)
      return true
    case 'delete':
      for (const id of groupIds) {
        await deleteGroup(client, id)
        output.print(`Deleted ${id}.\n`)
      }
      return true
    case 'delete-offsets': {
      if (!given.topic) throw new UsageError('delete-offsets needs --topic NAME or --topic NAME:0,1.')
      const partitions = await partitionsIn(client, readScopes(given.topic))
      await deleteOffsets(client, groupId, partitions)
      output.print(
        `Deleted the offsets of ${groupId} in ${partitions.map(({ topic, partition }) => `${topic}-${partition}`).join(', ')}.\n`,
      )
      return true
    }
  }
}
