import { type SecurityProtocol, usesSasl, usesTls } from '../../base/security-protocol'
import { principalMapper } from '../../security/principal'
import type { BrokerConfigs } from '../config/configs'

/**
 * A config as it holds for one listener and mechanism, the nearest first (ChannelBuilders.channelBuilderConfigs, JaasContext):
 * `listener.name.sasl_ssl.plain.sasl.jaas.config`, `listener.name.sasl_ssl.…`, `plain.…`, and the bare name.
 */
export function listenerConfig(configs: BrokerConfigs, listener: string, name: string, mechanism?: string): string {
  const prefix = listenerPrefix(listener)
  const byMechanism = mechanism === undefined ? [] : [`${mechanism.toLowerCase()}.${name}`]
  for (const key of [...byMechanism.map((key) => `${prefix}${key}`), `${prefix}${name}`, ...byMechanism]) {
    const value = configs.broker(key)
    if (value !== '') return value
  }
  return configs.broker(name)
}

/** The prefix of configs of one listener (ListenerName.configPrefix). */
export function listenerPrefix(listener: string): string {
  return `listener.name.${listener.toLowerCase()}.`
}

/** What a listener's own configs are found by. */
export interface ListenerIdentity {
  readonly name: string
  readonly securityProtocol: SecurityProtocol
}

/**
 * What a listener with OAUTHBEARER does not check of a signed token, in a sentence. Kafka logs the same where `allow.unverified.issuer` and
 * `allow.unverified.audience` say that it is meant, and does not start otherwise (BrokerJwtValidator).
 */
export function uncheckedTokens(
  configs: BrokerConfigs,
  { name, securityProtocol }: ListenerIdentity,
): string | undefined {
  const mechanisms = listenerConfig(configs, name, 'sasl.enabled.mechanisms').split(',')
  if (!usesSasl(securityProtocol) || !mechanisms.some((mechanism) => mechanism.trim() === 'OAUTHBEARER'))
    return undefined
  if (configs.broker('sasl.oauthbearer.jwks.endpoint.url') === '') return undefined
  const missing = ['issuer', 'audience'].filter((claim) => configs.broker(`sasl.oauthbearer.expected.${claim}`) === '')
  if (missing.length === 0) return undefined
  const names = missing.map((claim) => `sasl.oauthbearer.expected.${claim}`).join(' and ')
  return `listener ${name} accepts tokens of any ${missing.join(' and any ')}: set ${names}`
}

/** Why the rules that name clients by their certificates cannot be used, in a sentence; Kafka does not start with them either. */
export function mappingProblem(
  configs: BrokerConfigs,
  { name, securityProtocol }: ListenerIdentity,
): string | undefined {
  if (securityProtocol !== 'SSL') return undefined
  try {
    principalMapper(listenerConfig(configs, name, 'ssl.principal.mapping.rules'))
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return `ssl.principal.mapping.rules of the listener ${name} cannot be used: ${why}.`
  }
}

/** `ssl.client.auth`; where users log in, only the value that is set for the listener itself is used (ChannelBuilders). */
export function clientAuthOf(
  configs: BrokerConfigs,
  { name, securityProtocol }: ListenerIdentity,
): 'none' | 'requested' | 'required' {
  if (!usesTls(securityProtocol)) return 'none'
  const own = configs.broker(`${listenerPrefix(name)}ssl.client.auth`)
  const wanted = (own || (securityProtocol === 'SSL' ? configs.broker('ssl.client.auth') : '')).toLowerCase()
  return wanted === 'required' || wanted === 'requested' ? wanted : 'none'
}
