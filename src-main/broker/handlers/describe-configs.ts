import type { ResponseInput } from '../../protocol/api-types'
import { errorCode } from '../../protocol/errors'
import { configSourceCode, configTypeCode, describeConfigs as describe } from '../config/describe'
import { documentationOf } from '../config/documentation'
import { resourceOf, resourceRefusal } from '../config/resources'
import { handler } from '../handler'

type Result = NonNullable<ResponseInput<'DescribeConfigs'>['results']>[number]

/** DescribeConfigs 0-4 (ConfigHelper.handleDescribeConfigsRequest). */
export const describeConfigs = handler({
  api: 'DescribeConfigs',
  versions: [0, 4],
  handle: (request, call) => ({
    results: request.resources.map((wanted): Result => {
      const { resourceType, resourceName, configurationKeys } = wanted
      const refused = resourceRefusal(resourceType, resourceName, 'DESCRIBE_CONFIGS', call)
      if (refused) {
        const { error, message } = refused
        return { errorCode: errorCode(error), errorMessage: message, resourceType, resourceName, configs: [] }
      }
      // An empty list of keys means all of them, as null does (DescribeConfigsRequest before KIP-1000 clients).
      const keys = configurationKeys?.length ? configurationKeys : null
      const resource = resourceOf(resourceType, resourceName)
      const configs = describe(call.core.configs, resource, keys)
      return {
        errorCode: errorCode('NONE'),
        errorMessage: null,
        resourceType,
        resourceName,
        configs: configs.map((config) => ({
          name: config.name,
          value: config.value,
          readOnly: config.readOnly,
          configSource: configSourceCode(config.source),
          ...(call.version === 0 ? { isDefault: config.source === 'DEFAULT_CONFIG' } : {}),
          isSensitive: config.isSensitive,
          synonyms: request.includeSynonyms
            ? config.synonyms.map(({ name, value, source }) => ({ name, value, source: configSourceCode(source) }))
            : [],
          configType: configTypeCode(config.type),
          documentation: request.includeDocumentation ? documentationOf(resource.type, config.name) : null,
        })),
      }
    }),
  }),
})
