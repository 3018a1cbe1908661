import { allowsOnCluster, type Operation } from '../authorization'
import type { Call } from '../handler'
import { type KafkaFailure, kafkaFailure, unauthorized } from '../kafka-failure'
import type { ConfigResource, ConfigResourceType } from './configs'

/** org.apache.kafka.common.config.ConfigResource.Type; BROKER_LOGGER has no counterpart here. */
const types: Record<number, ConfigResourceType> = { 2: 'topic', 4: 'broker', 16: 'client-metrics', 32: 'group' }
const brokerLogger = 8

/** Whether it is the loggers of this broker; there are none that could be configured. */
export function isOurLoggers(resourceType: number, name: string, { core }: Call): boolean {
  return resourceType === brokerLogger && name === core.configs.brokerName
}

/** The wire's number for a kind of resource. */
export function resourceTypeCode(type: ConfigResourceType): number {
  return Number(Object.keys(types).find((code) => types[Number(code)] === type))
}

/** Only after `resourceRefusal` found nothing to refuse. */
export function resourceOf(resourceType: number, name: string): ConfigResource {
  const type = types[resourceType]
  if (!type) throw new RangeError(`config resource type ${resourceType} was not refused`)
  return { type, name }
}

/** Why a client may not see or alter the configs of a resource (ConfigHelper, ConfigurationControlManager). */
export function resourceRefusal(
  resourceType: number,
  name: string,
  operation: Extract<Operation, 'DESCRIBE_CONFIGS' | 'ALTER_CONFIGS'>,
  call: Call,
): KafkaFailure | undefined {
  const { core, client } = call
  const type = types[resourceType]
  if (!type) {
    if (resourceType === brokerLogger && !allowsOnCluster({ core, client }, operation)) {
      return unauthorized('CLUSTER_AUTHORIZATION_FAILED')
    }
    if (operation === 'DESCRIBE_CONFIGS' && isOurLoggers(resourceType, name, call)) return undefined
    return resourceType === brokerLogger
      ? kafkaFailure('INVALID_REQUEST', 'Ottla has no loggers that can be configured.')
      : kafkaFailure('INVALID_REQUEST', `Unsupported resource type: ${resourceType}`)
  }
  if (type === 'topic') {
    if (!core.authorizer.allows(client, operation, 'TOPIC', name)) return unauthorized('TOPIC_AUTHORIZATION_FAILED')
    if (!core.topics.find(name)) {
      return kafkaFailure('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`)
    }
    return undefined
  }
  if (type === 'group') {
    if (!core.authorizer.allows(client, operation, 'GROUP', name)) return unauthorized('GROUP_AUTHORIZATION_FAILED')
    return name === '' ? kafkaFailure('INVALID_REQUEST', 'Group name must not be empty') : undefined
  }
  if (!allowsOnCluster({ core, client }, operation)) {
    return unauthorized('CLUSTER_AUTHORIZATION_FAILED')
  }
  if (type === 'client-metrics') {
    return name === ''
      ? kafkaFailure('INVALID_REQUEST', 'Client metrics subscription name must not be empty')
      : undefined
  }
  if (name !== '' && name !== core.configs.brokerName) {
    return kafkaFailure(
      'INVALID_REQUEST',
      `Unexpected broker id, expected ${core.configs.brokerName} or empty string, but received ${name}`,
    )
  }
  return undefined
}
