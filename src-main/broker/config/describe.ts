import { brokerDefinitions } from './broker-definitions'
import { clientMetricsDefinitions } from './client-metrics'
import type { ConfigResource, ConfigSource, Configs, ConfigValue } from './configs'
import type { ConfigDefinition, ConfigType } from './definition'
import { dynamicBrokerConfigs } from './dynamic-broker-configs'
import { groupDefinitions } from './group-definitions'
import { schemaValidationDefinitions } from './schema-validation-definitions'
import { topicDefinitions } from './topic-definitions'

/** One config of a resource as DescribeConfigs shows it. */
export interface DescribedConfig {
  readonly name: string
  /** `null` for secrets and for what has no value. */
  readonly value: string | null
  readonly source: ConfigSource
  readonly readOnly: boolean
  readonly isSensitive: boolean
  readonly type: ConfigType
  readonly synonyms: readonly ConfigValue[]
}

/**
 * The configs of a resource (ConfigHelper.describeConfigs), all or those of `names`. `fresh` are values of a topic that is not stored yet.
 */
export function describeConfigs(
  configs: Configs,
  resource: ConfigResource,
  names: readonly string[] | null,
  fresh?: ReadonlyMap<string, string | null>,
): DescribedConfig[] {
  const chosen = (definitions: readonly ConfigDefinition[]) =>
    names === null ? definitions : definitions.filter(([name]) => names.includes(name))
  if (resource.type === 'topic') {
    const own = configs.overrides(resource)
    const isSet = ([name]: ConfigDefinition) => own.has(name) || (fresh?.get(name) ?? null) !== null
    return chosen([...topicDefinitions, ...schemaValidationDefinitions.filter(isSet)]).map((definition) => {
      const value = fresh?.get(definition[0])
      const values = configs.topicValues(resource.name, definition[0])
      return described(
        definition,
        value === undefined || value === null
          ? values
          : [
              { name: definition[0], value, source: 'DYNAMIC_TOPIC_CONFIG' },
              ...values.filter((v) => v.source !== 'DYNAMIC_TOPIC_CONFIG'),
            ],
        false,
      )
    })
  }
  if (resource.type === 'group') {
    return chosen(groupDefinitions).map((definition) =>
      described(definition, configs.groupValues(resource.name, definition[0]), false),
    )
  }
  if (resource.type === 'client-metrics') {
    const own = configs.overrides(resource)
    return chosen(clientMetricsDefinitions).map((definition) => {
      const [name, , usual] = definition
      const value = own.get(name)
      const source = value === undefined ? 'DEFAULT_CONFIG' : 'CLIENT_METRICS_CONFIG'
      return described(definition, [{ name, value: value ?? usual, source }], false)
    })
  }
  // The cluster-wide default broker shows only what was set for it.
  if (resource.name === '') {
    return [...configs.overrides(resource)]
      .filter(([name]) => names === null || names.includes(name))
      .map(([name, value]) =>
        described(
          brokerDefinitions.find((definition) => definition[0] === name) ?? [name, 'string', null],
          [{ name, value, source: 'DYNAMIC_DEFAULT_BROKER_CONFIG' }],
          false,
        ),
      )
  }
  return chosen(brokerDefinitions).map((definition) =>
    described(definition, configs.brokerValues(definition[0]), !(definition[0] in dynamicBrokerConfigs)),
  )
}

function described(definition: ConfigDefinition, values: readonly ConfigValue[], readOnly: boolean): DescribedConfig {
  const [name, type] = definition
  const isSensitive = type === 'password'
  const hide = (value: ConfigValue): ConfigValue => (isSensitive ? { ...value, value: null } : value)
  const winner = values[0]
  return {
    name,
    type,
    value: winner && !isSensitive ? winner.value : null,
    source: winner?.source ?? 'DEFAULT_CONFIG',
    readOnly,
    isSensitive,
    // A place without a value is none (ConfigHelper.brokerSynonyms).
    synonyms: values.filter(({ value }) => value !== null).map(hide),
  }
}
