import type { RequestOf, ResponseInput } from '../../protocol/api-types'
import { configSourceCodes, configTypeCodes } from '../../protocol/config-codes'
import { errorCode, errorMessage } from '../../protocol/errors'
import type { ConfigResource, ConfigValue } from '../config/configs'
import { type DescribedConfig, describeConfigs as describe } from '../config/describe'
import { documentationOf } from '../config/documentation'
import { isOurLoggers, resourceOf, resourceRefusal } from '../config/resources'
import { topicSynonyms } from '../config/topic-definitions'
import { handler } from '../handler'
import { type KafkaFailure, kafkaFailure } from '../kafka-failure'
import { topicNameProblem } from '../topic-name'

type Result = NonNullable<ResponseInput<'DescribeConfigs'>['results']>[number]

/** DescribeConfigs 0-4 (ConfigHelper.handleDescribeConfigsRequest). */
export const describeConfigs = handler({
  api: 'DescribeConfigs',
  versions: [0, 4],
  handle: (request, call) => ({
    results: request.resources.map((wanted): Result => {
      const { resourceType, resourceName, configurationKeys } = wanted
      if (hasUnknownType(request)) return refusedWhole(resourceType, resourceName)
      const refused = resourceRefusal(resourceType, resourceName, 'DESCRIBE_CONFIGS', call)
      if (refused) {
        const { error, message } = missingTopic(resourceType, resourceName, refused)
        return { errorCode: errorCode(error), errorMessage: message, resourceType, resourceName, configs: [] }
      }
      if (isOurLoggers(resourceType, resourceName, call)) {
        return { errorCode: errorCode('NONE'), errorMessage: '', resourceType, resourceName, configs: [] }
      }
      // An empty list of keys means all of them, as null does (DescribeConfigsRequest before KIP-1000 clients).
      const keys = configurationKeys?.length ? configurationKeys : null
      const resource = resourceOf(resourceType, resourceName)
      const configs = describe(call.core.configs, resource, keys)
      return {
        errorCode: errorCode('NONE'),
        errorMessage: '',
        resourceType,
        resourceName,
        configs: configs.map((config) => ({
          name: config.name,
          value: config.value,
          readOnly: config.readOnly,
          configSource: configSourceCodes.code(config.source),
          ...(call.version === 0 ? { isDefault: config.source === 'DEFAULT_CONFIG' } : {}),
          isSensitive: config.isSensitive,
          synonyms: request.includeSynonyms
            ? synonymsOf(resource, config).map(({ name, value, source }) => ({
                name,
                value,
                source: configSourceCodes.code(source),
              }))
            : [],
          configType: configTypeCodes.code(config.type),
          documentation: request.includeDocumentation ? documentationOf(resource.type, config.name) : null,
        })),
      }
    }),
  }),
})

/**
 * What Kafka shows as synonyms of a topic config: its own value, and those of brokers from the first that has the synonym's own name.
 * So `retention.ms` has none of `log.retention.hours` before `log.retention.ms` is set (ConfigHelper.configSynonyms).
 */
function synonymsOf(resource: ConfigResource, { name, synonyms }: DescribedConfig): readonly ConfigValue[] {
  if (resource.type !== 'topic') return synonyms
  const own = synonyms.filter(({ source }) => source === 'DYNAMIC_TOPIC_CONFIG')
  const first = topicSynonyms[name]?.[0]?.[0]
  const from = synonyms.findIndex((synonym) => synonym.name === first && !own.includes(synonym))
  return from < 0 ? own : [...own, ...synonyms.slice(from)]
}

/** Topics, brokers, their loggers, client metrics and groups (ConfigResource.Type). */
const knownTypes: readonly number[] = [2, 4, 8, 16, 32]

function hasUnknownType({ resources }: RequestOf<'DescribeConfigs'>): boolean {
  return resources.some(({ resourceType }) => !knownTypes.includes(resourceType))
}

/** One unknown type fails the request of Kafka's handler as a whole (DescribeConfigsRequest.getErrorResponse). */
function refusedWhole(resourceType: number, resourceName: string): Result {
  const error = 'INVALID_REQUEST'
  return { errorCode: errorCode(error), errorMessage: errorMessage(error), resourceType, resourceName, configs: [] }
}

const topicType = 2

/** Of a topic that is not there this API says in its own way why (ConfigHelper.describeConfigs). */
function missingTopic(resourceType: number, name: string, refused: KafkaFailure): KafkaFailure {
  if (resourceType !== topicType || refused.error !== 'UNKNOWN_TOPIC_OR_PARTITION') return refused
  const problem = topicNameProblem(name)
  return problem ? kafkaFailure('INVALID_TOPIC_EXCEPTION', problem) : kafkaFailure(refused.error, '')
}
