import { type JaasConfig, readJaas, SettingsError } from '../../client/config/properties'
import type { Collected } from './found'

/** Names of librdkafka and of newer Java clients, and the one that a connection is stored with. */
const sameAs: Readonly<Record<string, string>> = {
  'metadata.broker.list': 'bootstrap.servers',
  'sasl.mechanisms': 'sasl.mechanism',
  'ssl.ca.location': 'ssl.truststore.location',
  'ssl.ca.pem': 'ssl.truststore.certificates',
  'ssl.certificate.pem': 'ssl.keystore.certificate.chain',
  'ssl.key.pem': 'ssl.keystore.key',
  'sasl.oauthbearer.client.credentials.client.id': 'sasl.oauthbearer.client.id',
  'sasl.oauthbearer.client.credentials.client.secret': 'sasl.oauthbearer.client.secret',
  'socket.timeout.ms': 'request.timeout.ms',
  'basic.auth.user.info': 'schema.registry.basic.auth.user.info',
}

/** Settings that the client reads. */
const understood: ReadonlySet<string> = new Set([
  ...Object.values(sameAs),
  'client.id',
  'client.rack',
  'security.protocol',
  'sasl.username',
  'sasl.password',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.scope',
  'sasl.oauthbearer.extensions',
  'ssl.truststore.type',
  'ssl.truststore.password',
  'ssl.keystore.location',
  'ssl.keystore.type',
  'ssl.keystore.password',
  'ssl.certificate.location',
  'ssl.key.location',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
  'enable.ssl.certificate.verification',
  'socket.connection.setup.timeout.ms',
  'default.api.timeout.ms',
  'schema.registry.url',
  'schema.registry.bearer.auth.token',
  'schema.registry.ssl.truststore.location',
])

/** Settings that only say how the other client gets there: this one needs none of them. */
const builtIn: ReadonlySet<string> = new Set([
  'sasl.oauthbearer.method',
  'sasl.login.callback.handler.class',
  'sasl.client.callback.handler.class',
  'basic.auth.credentials.source',
  'schema.registry.basic.auth.credentials.source',
])

/** Reads settings of Kafka's clients, of Java or librdkafka. `place` is what the file has in front of their names. */
export function collectProperties(collected: Collected, properties: ReadonlyMap<string, string>, place = ''): void {
  for (const [given, value] of properties) {
    const name = sameAs[given] ?? given
    const shown = `${place}${given}`
    if (name === 'sasl.jaas.config') collectJaas(collected, shown, value, properties)
    else if (name === 'security.protocol') collected.took(shown, { [name]: value.toUpperCase() })
    else if (name.startsWith('ottla.') || understood.has(name)) collected.took(shown, { [name]: value })
    else if (builtIn.has(name)) collected.passed(shown, 'Not needed: it is built in.')
    else if (/^(?:ssl|sasl|security)\./.test(name)) collected.passed(shown)
    else collected.passed(shown, 'Not needed: it is for producers, consumers or another tool.')
  }
}

function collectJaas(collected: Collected, given: string, text: string, properties: ReadonlyMap<string, string>): void {
  let jaas: JaasConfig
  try {
    jaas = readJaas(text)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    collected.passed(given, error.message)
    return
  }
  if (jaas.module === 'Krb5LoginModule') collected.passed(given, 'Kerberos (GSSAPI) is not supported.')
  else {
    const hasMechanism = properties.has('sasl.mechanism') || properties.has('sasl.mechanisms')
    // A configuration that holds more than a user and a password is kept unchanged.
    collected.took(given, settingsOfJaas(jaas, hasMechanism) ?? { 'sasl.jaas.config': text })
  }
}

function settingsOfJaas({ module, options }: JaasConfig, hasMechanism: boolean): Record<string, string> | undefined {
  const option = (name: string) => options.get(name) ?? ''
  const mechanism = (name: string): Record<string, string> => (hasMechanism ? {} : { 'sasl.mechanism': name })
  const isPassword = module === 'PlainLoginModule' || module === 'ScramLoginModule'
  if (isPassword && option('tokenauth') !== 'true') {
    return {
      ...mechanism(module === 'PlainLoginModule' ? 'PLAIN' : 'SCRAM-SHA-256'),
      'sasl.username': option('username'),
      'sasl.password': option('password'),
    }
  }
  if (module !== 'OAuthBearerLoginModule' || option('clientId') === '') return undefined
  const extensions = [...options].filter(([name]) => name.startsWith('extension_'))
  return {
    ...mechanism('OAUTHBEARER'),
    'sasl.oauthbearer.client.id': option('clientId'),
    'sasl.oauthbearer.client.secret': option('clientSecret'),
    'sasl.oauthbearer.scope': option('scope'),
    'sasl.oauthbearer.extensions': extensions.map(([name, value]) => `${name.slice(10)}=${value}`).join(','),
  }
}
