import type { SecurityView } from '../../../src-main/contract/security'

type Listener = SecurityView['listeners'][number]

/** The client configuration for a listener, per library. A listener with a keystore has an issuer that is not ours. */
export const snippets: readonly {
  readonly label: string
  readonly text: (listener: Listener, hasKeystore: boolean) => string
}[] = [
  { label: 'Java', text: java },
  { label: 'librdkafka', text: librdkafka },
]

/** The address for a client's configuration: localhost for a loopback address. */
export function addressOf({ advertised, addresses }: Listener): string {
  return advertised ?? (addresses[0] ?? '').replace(/^(127\.0\.0\.1|\[::1\]):/, 'localhost:')
}

function mechanismOf({ mechanisms }: Listener): string | undefined {
  return mechanisms.find((name) => name === 'SCRAM-SHA-512') ?? mechanisms[0]
}

function java(listener: Listener, hasKeystore: boolean): string {
  const { securityProtocol, clientAuth } = listener
  const mechanism = mechanismOf(listener)
  const lines = [`bootstrap.servers=${addressOf(listener)}`, `security.protocol=${securityProtocol}`]
  if (mechanism === 'OAUTHBEARER') {
    lines.push(
      'sasl.mechanism=OAUTHBEARER',
      'sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;',
    )
  } else if (mechanism) {
    const login = mechanism === 'PLAIN' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule'
    lines.push(
      `sasl.mechanism=${mechanism}`,
      `sasl.jaas.config=org.apache.kafka.common.security.${login} required username="USER" password="PASSWORD";`,
    )
  }
  if (securityProtocol.endsWith('SSL')) {
    lines.push(
      ...(hasKeystore
        ? ['ssl.truststore.type=PEM', 'ssl.truststore.location=ISSUER.pem']
        : ['ssl.truststore.location=ottla-truststore.jks', 'ssl.truststore.password=changeit']),
    )
  }
  if (clientAuth !== 'none') {
    lines.push('ssl.keystore.type=PKCS12', 'ssl.keystore.location=NAME.p12', 'ssl.keystore.password=changeit')
  }
  return lines.join('\n')
}

function librdkafka(listener: Listener, hasKeystore: boolean): string {
  const { securityProtocol, clientAuth } = listener
  const mechanism = mechanismOf(listener)
  const lines = [`bootstrap.servers=${addressOf(listener)}`, `security.protocol=${securityProtocol.toLowerCase()}`]
  if (mechanism) lines.push(`sasl.mechanisms=${mechanism}`)
  if (mechanism && mechanism !== 'OAUTHBEARER') lines.push('sasl.username=USER', 'sasl.password=PASSWORD')
  if (securityProtocol.endsWith('SSL')) lines.push(`ssl.ca.location=${hasKeystore ? 'ISSUER' : 'ottla-ca'}.pem`)
  if (clientAuth !== 'none') lines.push('ssl.certificate.location=NAME.pem', 'ssl.key.location=NAME.pem')
  return lines.join('\n')
}
