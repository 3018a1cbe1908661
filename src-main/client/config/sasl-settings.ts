import { type Mechanism, mechanisms } from '../../security/mechanism'
import type { SaslSettings } from '../settings'
import { awsIdentity } from './aws-identity'
import { expiryAdvice, type TokenSource, tokenFrom } from './oauth-token'
import { type JaasConfig, readJaas, SettingsError } from './properties'

/** Takes a setting by its first name that is given, and remembers that it was read. */
export type Take = (...names: readonly string[]) => string | undefined

type ClientMechanism = Mechanism | 'AWS_MSK_IAM'
const clientMechanisms: readonly ClientMechanism[] = [...mechanisms, 'AWS_MSK_IAM']

/** The login modules of Java, by the mechanism that they speak. */
const moduleMechanisms: Readonly<Record<string, readonly ClientMechanism[]>> = {
  PlainLoginModule: ['PLAIN'],
  ScramLoginModule: ['SCRAM-SHA-256', 'SCRAM-SHA-512'],
  OAuthBearerLoginModule: ['OAUTHBEARER'],
  IAMLoginModule: ['AWS_MSK_IAM'],
}

/** Authentication by the settings of Java or librdkafka. @throws SettingsError */
export function saslSettings(take: Take, now: () => number): SaslSettings {
  const name = take('sasl.mechanism', 'sasl.mechanisms')?.toUpperCase()
  const jaasText = take('sasl.jaas.config')
  const jaas = jaasText === undefined ? undefined : readJaas(jaasText)
  const mechanism = mechanismOf(name, jaas)
  if (mechanism === 'OAUTHBEARER') return oauthSettings(take, jaas, now)
  if (mechanism === 'AWS_MSK_IAM') return mskSettings(take, jaas)
  const user = jaas?.options.get('username') ?? take('sasl.username')
  const password = jaas?.options.get('password') ?? take('sasl.password')
  if (user === undefined || password === undefined) {
    throw new SettingsError(`${mechanism} needs a user: sasl.jaas.config (Java), or sasl.username and sasl.password.`)
  }
  const isToken = jaas?.options.get('tokenauth') === 'true'
  return { mechanism, isToken, credentials: async () => ({ mechanism, user, password }) }
}

function mechanismOf(name: string | undefined, jaas: JaasConfig | undefined): ClientMechanism {
  const ofModule = jaas && moduleMechanisms[jaas.module]
  if (jaas && !ofModule) {
    throw new SettingsError(
      `sasl.jaas.config names ${jaas.module}; ${Object.keys(moduleMechanisms).join(', ')} can be used.`,
    )
  }
  // Java's default is GSSAPI; with one of these modules it would fail, so the module says what is meant.
  const mechanism = clientMechanisms.find((known) => known === (name ?? ofModule?.[0]))
  if (!mechanism) {
    throw new SettingsError(`sasl.mechanism is ${name ?? 'not set'}; it can be ${clientMechanisms.join(', ')}.`)
  }
  if (ofModule && !ofModule.includes(mechanism)) {
    throw new SettingsError(`sasl.mechanism is ${mechanism}, and sasl.jaas.config names ${jaas?.module}.`)
  }
  return mechanism
}

/** Credentials of AWS are looked up for every connection: they may be temporary. */
function mskSettings(take: Take, jaas: JaasConfig | undefined): SaslSettings {
  // Java loads this class to sign; here the mechanism says it.
  take('sasl.client.callback.handler.class')
  const options = jaas?.options ?? new Map<string, string>()
  if (options.has('awsRoleArn')) {
    throw new SettingsError(
      'sasl.jaas.config names awsRoleArn: let a profile of ~/.aws/config assume the role, and name it with awsProfileName.',
    )
  }
  const profile = options.get('awsProfileName') ?? null
  const { env } = process
  return {
    mechanism: 'AWS_MSK_IAM',
    credentials: async () => ({
      mechanism: 'AWS_MSK_IAM',
      region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? null,
      ...(await awsIdentity(profile, { environment: env })),
    }),
  }
}

function oauthSettings(take: Take, jaas: JaasConfig | undefined, now: () => number): SaslSettings {
  const options = jaas?.options ?? new Map<string, string>()
  const source = tokenSource(take, options)
  const extensions = new Map(
    [...options].flatMap(([name, value]) => (name.startsWith('extension_') ? [[name.slice(10), value]] : [])),
  )
  for (const pair of (take('sasl.oauthbearer.extensions') ?? '').split(',').filter(Boolean)) {
    const at = pair.indexOf('=')
    if (at < 1) throw new SettingsError('sasl.oauthbearer.extensions needs the form name=value,name=value.')
    extensions.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim())
  }
  return {
    mechanism: 'OAUTHBEARER',
    credentials: async () => ({ mechanism: 'OAUTHBEARER', token: await tokenFrom(source, now), extensions }),
    advice: (used) => (used.mechanism === 'OAUTHBEARER' ? expiryAdvice(source, used.token, now()) : undefined),
  }
}

function tokenSource(take: Take, options: ReadonlyMap<string, string>): TokenSource {
  const url = take('sasl.oauthbearer.token.endpoint.url')
  const subject = options.get('unsecuredLoginStringClaim_sub')
  if (url === undefined && subject !== undefined) return { kind: 'unsecured', subject, lifetimeMs: 3_600_000 }
  if (url === undefined) {
    throw new SettingsError(
      'OAUTHBEARER needs sasl.oauthbearer.token.endpoint.url: https://..., or file:///path/of/token.',
    )
  }
  if (url.startsWith('file:')) return { kind: 'file', path: decodeURIComponent(new URL(url).pathname) }
  const clientId =
    options.get('clientId') ?? take('sasl.oauthbearer.client.credentials.client.id', 'sasl.oauthbearer.client.id')
  const clientSecret =
    options.get('clientSecret') ??
    take('sasl.oauthbearer.client.credentials.client.secret', 'sasl.oauthbearer.client.secret')
  if (clientId === undefined || clientSecret === undefined) {
    throw new SettingsError(
      'OAUTHBEARER with a token endpoint needs clientId and clientSecret in sasl.jaas.config, or sasl.oauthbearer.client.id and .secret.',
    )
  }
  if (!/^https?:\/\//.test(url))
    throw new SettingsError('sasl.oauthbearer.token.endpoint.url needs to begin with https:// or file://.')
  return {
    kind: 'clientCredentials',
    url,
    clientId,
    clientSecret,
    scope: options.get('scope') ?? take('sasl.oauthbearer.scope') ?? null,
  }
}
