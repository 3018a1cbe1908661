import { resourceTypeCodes } from '../../protocol/acl-codes'
import { configSourceCodes, configTypeCodes } from '../../protocol/config-codes'
import { errorName } from '../../protocol/errors'
import type { KafkaClient } from '../client'
import { ClientError, check, KafkaError } from '../failures'

export interface DescribedConfig {
  readonly name: string
  /** Null for secrets and for what has no value. */
  readonly value: string | null
  readonly type: string
  readonly source: string
  readonly readOnly: boolean
  readonly isSensitive: boolean
  readonly documentation: string | null
}

/** Topics of one question: an answer holds all their configs. */
const portion = 100

/**
 * Configs of topics, all or those of `keys`. A topic that may not be described has its error, and so has every topic of a cluster
 * without this API: whoever asks can show everything else.
 */
export async function describeTopicConfigs(
  client: KafkaClient,
  topics: readonly string[],
  keys: readonly string[] | null,
): Promise<Map<string, readonly DescribedConfig[] | KafkaError | ClientError>> {
  try {
    return await described(client, topics, keys)
  } catch (error) {
    if (!(error instanceof ClientError) || error.problem !== 'unsupported') throw error
    return new Map(topics.map((topic) => [topic, error]))
  }
}

async function described(
  client: KafkaClient,
  topics: readonly string[],
  keys: readonly string[] | null,
): Promise<Map<string, readonly DescribedConfig[] | KafkaError>> {
  const found = new Map<string, readonly DescribedConfig[] | KafkaError>()
  for (let at = 0; at < topics.length; at += portion) {
    const answer = await client.retry(() =>
      client.ask({ to: 'any' }, 'DescribeConfigs', (version) => ({
        resources: topics.slice(at, at + portion).map((resourceName) => ({
          resourceType: resourceTypeCodes.code('TOPIC'),
          resourceName,
          configurationKeys: keys,
        })),
        includeDocumentation: version >= 3,
      })),
    )
    for (const { resourceName, errorCode, errorMessage, configs } of answer.results) {
      const what = `The configs of ${resourceName} cannot be read`
      found.set(
        resourceName,
        errorCode !== 0
          ? new KafkaError(errorName(errorCode), what, { detail: errorMessage })
          : configs.map((config) => ({
              name: config.name,
              value: config.value,
              type: configTypeCodes.name(config.configType),
              source: config.isDefault ? 'DEFAULT_CONFIG' : configSourceCodes.name(config.configSource),
              readOnly: config.readOnly,
              isSensitive: config.isSensitive,
              documentation: config.documentation,
            })),
      )
    }
  }
  return found
}

/** Sets one config of a topic; null removes its own value. @throws KafkaError */
export async function alterTopicConfig(
  client: KafkaClient,
  topic: string,
  name: string,
  value: string | null,
): Promise<void> {
  await alter(client, resourceTypeCodes.code('TOPIC'), topic, { [name]: value })
}

/** ConfigResource.Type.GROUP, which has another code than among ACLs. */
const groupResource = 32

/** Sets configs of a group; null removes the group's own value. @throws KafkaError */
export async function alterGroupConfigs(
  client: KafkaClient,
  groupId: string,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  await alter(client, groupResource, groupId, values)
}

async function alter(
  client: KafkaClient,
  resourceType: number,
  resourceName: string,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  // AlterConfigOp.OpType: SET is 0, DELETE 1.
  const configs = Object.entries(values).map(([name, value]) => ({
    name,
    configOperation: value === null ? 1 : 0,
    value,
  }))
  await client.retry(async () => {
    const answer = await client.ask({ to: 'controller' }, 'IncrementalAlterConfigs', {
      resources: [{ resourceType, resourceName, configs }],
      validateOnly: false,
    })
    for (const { errorCode, errorMessage } of answer.responses) {
      check(errorCode, `${Object.keys(values).join(', ')} of ${resourceName} cannot be changed`, errorMessage)
    }
  })
}
