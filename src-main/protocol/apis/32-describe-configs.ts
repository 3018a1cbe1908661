import { api, array, bool, int8, int16, int32, string } from '../schema'

/**
 * DescribeConfigs: what each version changed.
 *   1: request +includeSynonyms; response -results.configs.isDefault, +results.configs.configSource, ...
 *   3: request +includeDocumentation; response +results.configs.configType, +results.configs.documentation
 *   4: flexible
 */
export const describeConfigs = api('DescribeConfigs', {
  key: 32,
  versions: [0, 4],
  flexible: 4,
  request: {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configurationKeys: array(string(), { nullable: true }),
    }),
    includeSynonyms: bool({ since: 1, default: false }),
    includeDocumentation: bool({ since: 3, default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        value: string({ nullable: true }),
        readOnly: bool(),
        isDefault: bool({ until: 0 }),
        configSource: int8({ since: 1, default: -1, ignorable: true }),
        isSensitive: bool(),
        synonyms: array(
          {
            name: string({ since: 1 }),
            value: string({ since: 1, nullable: true }),
            source: int8({ since: 1 }),
          },
          { since: 1, ignorable: true },
        ),
        configType: int8({ since: 3, default: 0, ignorable: true }),
        documentation: string({ since: 3, nullable: true, ignorable: true }),
      }),
    }),
  },
})
