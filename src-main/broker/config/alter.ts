import type { Call } from '../handler'
import { type KafkaFailure, kafkaFailure } from '../kafka-failure'
import { clientMetricsDefinitions, clientMetricsProblem } from './client-metrics'
import { type ConfigResource, type Configs, type ConfigValue, definitionOf } from './configs'
import { topicConfigConflict } from './conflicts'
import { configProblem } from './definition'
import { dynamicBrokerConfigs } from './dynamic-broker-configs'
import { groupConfigProblem } from './group-bounds'
import { resourceOf, resourceRefusal } from './resources'

interface Target {
  readonly resourceType: number
  readonly resourceName: string
}

/** What of TLS can be changed while the broker runs, for a single listener (DynamicBrokerConfig.DynamicSecurityConfigs). */
const securityOfListener: ReadonlySet<string> = new Set([
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
  'ssl.key.password',
  'ssl.truststore.type',
  'ssl.truststore.location',
  'ssl.truststore.password',
  'ssl.truststore.certificates',
])

/** Configs of a listener that may be set for all brokers (DynamicBrokerConfig.ClusterLevelListenerConfigs). */
const clusterLevelOfListener: ReadonlySet<string> = new Set([
  'max.connections',
  'max.connection.creation.rate',
  'num.network.threads',
])

/** The numbers of AlterConfigOp.OpType. */
const operations = ['SET', 'DELETE', 'APPEND', 'SUBTRACT'] as const

/** The old form: the given values are all that the resource has afterwards (ConfigurationControlManager.legacyAlterConfigs). */
export function replaceAll(
  target: Target,
  configs: readonly { readonly name: string; readonly value: string | null }[],
  validateOnly: boolean,
  call: Call,
): KafkaFailure | Promise<KafkaFailure> {
  const refused = resourceRefusal(target.resourceType, target.resourceName, 'ALTER_CONFIGS', call)
  if (refused) return refused
  const resource = resourceOf(target.resourceType, target.resourceName)
  const values = new Map<string, string | null>()
  for (const { name, value } of configs) {
    if (values.has(name)) return kafkaFailure('INVALID_REQUEST', `Duplicate config key ${name}`)
    const problem = value === null ? nullValue([name]) : problemWith(resource, name, value)
    if (problem) return problem
    values.set(name, value)
  }
  for (const name of call.core.configs.overrides(resource).keys()) if (!values.has(name)) values.set(name, null)
  return apply(resource, values, validateOnly, call)
}

/** The incremental form (ConfigurationControlManager.incrementalAlterConfigs). */
export function applyOperations(
  target: Target,
  configs: readonly { readonly name: string; readonly configOperation: number; readonly value: string | null }[],
  validateOnly: boolean,
  call: Call,
): KafkaFailure | Promise<KafkaFailure> {
  const refused = resourceRefusal(target.resourceType, target.resourceName, 'ALTER_CONFIGS', call)
  if (refused) return refused
  const resource = resourceOf(target.resourceType, target.resourceName)
  const names = configs.map(({ name }) => name)
  if (new Set(names).size < names.length) {
    return kafkaFailure('INVALID_REQUEST', `Error due to duplicate config keys in ${[...new Set(names)].join(',')}`)
  }
  const withoutValue = configs.filter(
    (config) => operations[config.configOperation] !== 'DELETE' && config.value === null,
  )
  if (withoutValue.length > 0) return nullValue(withoutValue.map(({ name }) => name))
  const values = new Map<string, string | null>()
  for (const { name, configOperation, value } of configs) {
    const outcome = newValue(resource, name, operations[configOperation], value ?? '', call)
    if (outcome !== null && typeof outcome === 'object') return outcome
    if (outcome !== null) {
      const problem = problemWith(resource, name, outcome)
      if (problem) return problem
    }
    values.set(name, outcome)
  }
  return apply(resource, values, validateOnly, call)
}

function nullValue(names: readonly string[]): KafkaFailure {
  return kafkaFailure('INVALID_REQUEST', `Null value not supported for : ${names.join(',')}`)
}

function newValue(
  resource: ConfigResource,
  name: string,
  operation: (typeof operations)[number] | undefined,
  value: string,
  { core }: Call,
): string | null | KafkaFailure {
  if (operation === 'SET') return value
  if (operation === 'DELETE') return null
  if (operation === undefined) return kafkaFailure('INVALID_REQUEST', 'Unknown operation type for a config.')
  if (definitionOf(resource.type, name)?.[1] !== 'list') {
    return kafkaFailure('INVALID_CONFIG', `Can't ${operation} to key ${name} because its type is not LIST.`)
  }
  const present = core.configs.overrides(resource).get(name) ?? definitionOf(resource.type, name)?.[2] ?? ''
  const parts = present.split(',').filter((part) => part !== '')
  const given = value.split(',')
  return operation === 'APPEND'
    ? [...parts, ...given.filter((part) => !parts.includes(part))].join(',')
    : parts.filter((part) => !given.includes(part)).join(',')
}

function problemWith(resource: ConfigResource, name: string, value: string): KafkaFailure | undefined {
  if (resource.type === 'client-metrics') {
    if (!clientMetricsDefinitions.some((known) => known[0] === name)) {
      return kafkaFailure('INVALID_REQUEST', `Unknown client metrics configuration: ${name}`)
    }
    const why = clientMetricsProblem(name, value)
    return why === undefined ? undefined : kafkaFailure('INVALID_REQUEST', why)
  }
  const ofListener = resource.type === 'broker' ? listenerBase(name) : undefined
  if (ofListener !== undefined) return problemWithListener(resource, name, ofListener, value)
  const definition = definitionOf(resource.type, name)
  // A broker takes names that it does not know: they may belong to a plug-in. A topic and a group do not.
  if (!definition) {
    return resource.type === 'broker'
      ? undefined
      : kafkaFailure('INVALID_CONFIG', `Unknown ${resource.type} config name: ${name}`)
  }
  if (resource.type === 'broker') {
    const mode = dynamicBrokerConfigs[name]
    if (!mode) return kafkaFailure('INVALID_REQUEST', `Cannot update these configs dynamically: [${name}]`)
    if (securityOfListener.has(name)) {
      const why = 'These security configs can be dynamically updated only per-listener using the listener prefix'
      return kafkaFailure('INVALID_REQUEST', `${why}: [${name}]`)
    }
    if (mode === 'per-broker' && resource.name === '') return needsBrokerId(name)
  }
  const problem = configProblem(definition, value)
  // Kafka's broker checks its own configs, its controller all others; they differ in how they say it.
  if (problem) return kafkaFailure(resource.type === 'broker' ? 'INVALID_REQUEST' : 'INVALID_CONFIG', problem)
  return undefined
}

/** The name of a config behind the prefix of a listener (DynamicBrokerConfig.ListenerConfigRegex). */
function listenerBase(name: string): string | undefined {
  return /^listener\.name\.[^.]*\.(.*)$/.exec(name)?.[1]
}

/**
 * A config of one listener has the type of the same without the prefix; what is not dynamic is not looked at (DynamicBrokerConfig.validateConfigTypes).
 * Most belong to one broker (perBrokerConfigs).
 */
function problemWithListener(
  resource: ConfigResource,
  name: string,
  base: string,
  value: string,
): KafkaFailure | undefined {
  const definition = base in dynamicBrokerConfigs ? definitionOf('broker', base) : undefined
  const problem = definition && configProblem(definition, value)
  if (problem) return kafkaFailure('INVALID_REQUEST', problem)
  if (resource.name === '' && !clusterLevelOfListener.has(base)) return needsBrokerId(name)
  // Of each listener, and of each mechanism: the listener reads it when it is reconfigured.
  const reauthentication = 'connections.max.reauth.ms'
  const read = base.endsWith(reauthentication) ? definitionOf('broker', reauthentication) : undefined
  const unread = read && configProblem(read, value)
  return unread === undefined ? undefined : notReconfigured(unread)
}

/** What a listener says of configs that it cannot use (SocketServer.validateReconfiguration, SslFactory.validateReconfiguration). */
function notReconfigured(why: string): KafkaFailure {
  const invalid = `Invalid value org.apache.kafka.common.config.ConfigException: ${why}`
  return kafkaFailure('INVALID_REQUEST', `${invalid} for configuration Invalid dynamic configuration`)
}

function needsBrokerId(name: string): KafkaFailure {
  const why = 'Cannot update these configs at default cluster level, broker id must be specified'
  return kafkaFailure('INVALID_REQUEST', `${why}: [${name}]`)
}

/** The value that a topic's config has after a change. */
function effective(configs: Configs, topic: string, name: string, values: ReadonlyMap<string, string | null>): string {
  const given = values.get(name)
  const stays = (value: ConfigValue) => given === undefined || value.source !== 'DYNAMIC_TOPIC_CONFIG'
  return given ?? configs.topicValues(topic, name).find(stays)?.value ?? ''
}

function apply(
  resource: ConfigResource,
  values: ReadonlyMap<string, string | null>,
  validateOnly: boolean,
  call: Call,
): KafkaFailure | Promise<KafkaFailure> {
  const { configs } = call.core
  if (resource.type === 'topic') {
    const conflict = topicConfigConflict((key) => effective(configs, resource.name, key, values))
    if (conflict) return kafkaFailure('INVALID_CONFIG', conflict)
  }
  if (resource.type === 'group') {
    const after = new Map<string, string | null>([...configs.overrides(resource), ...values])
    const problem = groupConfigProblem(
      (key) => after.get(key) ?? undefined,
      (key) => configs.brokerNumber(key),
    )
    if (problem) return kafkaFailure('INVALID_CONFIG', problem)
  }
  const checked = resource.type === 'broker' && resource.name !== '' ? configs.unusable(values) : undefined
  if (checked) return checked.then((why) => applyUsable(resource, values, validateOnly, call, why))
  if (!validateOnly) configs.set(resource, values)
  return kafkaFailure('NONE')
}

/** Applies values after a listener has read the stores that they name (SslFactory.validateReconfiguration). */
async function applyUsable(
  resource: ConfigResource,
  values: ReadonlyMap<string, string | null>,
  validateOnly: boolean,
  { core }: Call,
  why: string | undefined,
): Promise<KafkaFailure> {
  if (why !== undefined) return notReconfigured(why)
  if (validateOnly) return kafkaFailure('NONE')
  core.configs.set(resource, values)
  await core.commits.settled
  return kafkaFailure('NONE')
}
