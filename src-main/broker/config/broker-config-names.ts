import { brokerDefinitions } from './broker-definitions'

/** Configs of the authorizer (StandardAuthorizer). They have no definition, as in Kafka: a description of the broker does not list them. */
export const authorizerConfigs = ['super.users', 'allow.everyone.if.no.acl.found'] as const

/** Names that the broker reads. */
export const brokerConfigNames: readonly string[] = [
  ...brokerDefinitions.map((definition) => definition[0]),
  ...authorizerConfigs,
]
