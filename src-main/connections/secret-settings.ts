/**
 * Settings that may be shown. Every other one is taken for a secret, so that a setting which nobody thought of is not shown by accident.
 */
const shown: ReadonlySet<string> = new Set([
  'bootstrap.servers',
  'client.id',
  'client.rack',
  'security.protocol',
  'sasl.mechanism',
  'sasl.username',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.client.id',
  'sasl.oauthbearer.scope',
  'sasl.oauthbearer.extensions',
  'ssl.truststore.location',
  'ssl.truststore.type',
  'ssl.truststore.certificates',
  'ssl.keystore.location',
  'ssl.keystore.type',
  'ssl.keystore.certificate.chain',
  'ssl.certificate.location',
  'ssl.key.location',
  'ssl.endpoint.identification.algorithm',
  'enable.ssl.certificate.verification',
  'socket.connection.setup.timeout.ms',
  'request.timeout.ms',
  'default.api.timeout.ms',
  'schema.registry.url',
  'schema.registry.ssl.truststore.location',
  'schema.registry.ssl.truststore.type',
  'schema.registry.ssl.keystore.location',
  'schema.registry.ssl.keystore.type',
])

/** A setting whose value never goes to a page, and is stored encrypted. */
export function isSecret(name: string, value: string): boolean {
  if (!shown.has(name) && !name.startsWith('ottla.')) return true
  if (name === 'ottla.addresses') return hasPassword(value)
  // A key in a file of certificates; a user and a password in an address.
  return value.includes('PRIVATE KEY') || /[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*@/i.test(value)
}

/**
 * True for rules with the user of a proxy, also when they cannot be read: a password with a comma or a slash makes two rules of one. The user
 * of `ssh://USER@HOST` alone is none: ssh takes no password there.
 */
function hasPassword(rules: string): boolean {
  return rules.replace(/ssh:\/\/[^:@/,\s]*@/g, '').includes('@')
}
