import { describeTopicConfigs } from '../../client/admin/configs'
import { committedOffsets, listGroups } from '../../client/admin/groups'
import type { KafkaClient } from '../../client/client'
import { KafkaError } from '../../client/failures'
import type { RegistryClient } from '../../client/registry-client'
import type { GroupState, Snapshot, SubjectState, TopicState } from './differences'

/** Groups whose offsets are asked for at once. */
const portion = 20

/**
 * A cluster as it is now. What may not be seen is told by `warn` and left out.
 *
 * @throws KafkaError, ClientError, RegistryCallError
 */
export async function snapshotOf(
  client: KafkaClient,
  registry: RegistryClient | null,
  warn: (text: string) => void,
): Promise<Snapshot> {
  const topics = await topicsOf(client, warn)
  return {
    topics,
    groups: await groupsOf(client, warn),
    subjects: registry && (await subjectsOf(registry)),
  }
}

async function topicsOf(client: KafkaClient, warn: (text: string) => void): Promise<Map<string, TopicState>> {
  const found = (await client.describeTopics(null)).filter(({ error, isInternal }) => error === 'NONE' && !isInternal)
  const described = await describeTopicConfigs(
    client,
    found.map(({ name }) => name),
    null,
  )
  const problems = new Set<string>()
  const topics = found.map(({ name, partitions }): [string, TopicState] => {
    const configs = described.get(name)
    if (configs instanceof Error) problems.add(configs.message)
    const known = configs && !(configs instanceof Error) ? configs.filter(({ isSensitive }) => !isSensitive) : null
    const states = known?.map(({ name: config, value, source }) => {
      return [config, { value, isOwn: source === 'DYNAMIC_TOPIC_CONFIG' }] as const
    })
    return [name, { partitions: partitions.length, configs: states ? new Map(states) : null }]
  })
  for (const problem of problems) warn(problem)
  return new Map(topics)
}

async function groupsOf(client: KafkaClient, warn: (text: string) => void): Promise<Map<string, GroupState>> {
  const groups = new Map<string, GroupState>()
  const listed = await listGroups(client)
  for (let at = 0; at < listed.length; at += portion) {
    await Promise.all(
      listed.slice(at, at + portion).map(async ({ groupId, type }) => {
        let topics: readonly string[] = []
        try {
          topics = [...new Set([...(await committedOffsets(client, groupId)).values()].map(({ topic }) => topic))]
        } catch (error) {
          if (!(error instanceof KafkaError)) throw error
          // The offsets of a share group are none of a consumer's.
          if (!/^(share|streams)$/i.test(type)) warn(error.message)
        }
        groups.set(groupId, { type: type.toLowerCase(), topics })
      }),
    )
  }
  return groups
}

async function subjectsOf(registry: RegistryClient): Promise<Map<string, SubjectState>> {
  const subjects = (await registry.get('/subjects')) as readonly string[]
  const found = new Map<string, SubjectState>()
  for (const subject of subjects) {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`
    const numbers = (await registry.get(path)) as readonly number[]
    const versions = await Promise.all(
      numbers.map(async (number) => {
        const {
          id,
          schemaType = 'AVRO',
          schema,
        } = (await registry.get(`${path}/${number}`)) as {
          readonly id: number
          readonly schemaType?: string
          readonly schema: string
        }
        return [number, { id, schemaType, schema }] as const
      }),
    )
    found.set(subject, { versions: new Map(versions) })
  }
  return found
}
