import { Collected, type Found } from './found'
import type { Leaves } from './leaves'
import { collectProperties } from './properties'

/** One form of file: the places of its connections, and how each is read. */
export interface YamlForm {
  readonly kind: string
  /** `undefined` when the document has another form. */
  readonly places: (document: Readonly<Record<string, unknown>>) => readonly Place[] | undefined
  readonly read: (leaves: Leaves, place: string, collected: Collected) => void
}

interface Place {
  readonly path: string
  readonly name: string
}

export function readPlaces(form: YamlForm, places: readonly Place[], leaves: Leaves): Found[] {
  return places.map(({ path, name }) => {
    const collected = new Collected()
    form.read(leaves, path, collected)
    for (const unread of leaves.unread(path)) collected.passed(unread)
    return { name, kind: form.kind, stage: null, settings: collected.settings, rows: collected.rows }
  })
}

type Document = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objectsOf(value: unknown): Document[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise
}

/** A value of the file that becomes one setting. */
function rename(leaves: Leaves, collected: Collected, path: string, setting: string): string | undefined {
  const value = leaves.take(path)
  if (value !== undefined && value !== '') collected.took(path, { [setting]: value })
  return value
}

/** Sets what follows from several values of the file, and has no row of its own. */
function protocol(collected: Collected, isTls: boolean, isSasl: boolean): void {
  const name = isSasl ? (isTls ? 'SASL_SSL' : 'SASL_PLAINTEXT') : isTls ? 'SSL' : 'PLAINTEXT'
  collected.settings.set('security.protocol', name)
}

function skipped(leaves: Leaves, collected: Collected, path: string): void {
  if (leaves.take(path) === 'true') {
    collected.took(
      path,
      { 'enable.ssl.certificate.verification': 'false' },
      'The certificate of the broker is not checked.',
    )
  }
}

/** `plaintext`, `scram-sha512` and the like. */
function mechanism(leaves: Leaves, collected: Collected, path: string, otherwise: string): void {
  const given = leaves.take(path)
  const text = (given ?? otherwise).toUpperCase().replaceAll('_', '-')
  const known: Readonly<Record<string, string>> = {
    PLAINTEXT: 'PLAIN',
    'SCRAM-SHA256': 'SCRAM-SHA-256',
    'SCRAM-SHA512': 'SCRAM-SHA-512',
    OAUTH: 'OAUTHBEARER',
    'AWS-MSK-IAM': 'AWS_MSK_IAM',
  }
  const name = known[text] ?? text
  if (given === undefined) collected.settings.set('sasl.mechanism', name)
  else collected.took(path, { 'sasl.mechanism': name })
}

function registryUser(leaves: Leaves, collected: Collected, userPath: string, passwordPath: string): void {
  const user = leaves.take(userPath)
  const password = leaves.take(passwordPath)
  if (user === undefined || user === '') return
  const setting = { 'schema.registry.basic.auth.user.info': `${user}:${password ?? ''}` }
  collected.took(`${userPath}, ${passwordPath}`, setting)
}

/** `rpk.yaml` of Redpanda: profiles since version 4. */
const rpk: YamlForm = {
  kind: 'rpk profile',
  places: ({ profiles }) =>
    Array.isArray(profiles)
      ? objectsOf(profiles).map(({ name }, i) => ({ path: `profiles[${i}]`, name: textOf(name, `profile ${i + 1}`) }))
      : undefined,
  read(leaves, place, collected) {
    const at = `${place}.kafka_api`
    leaves.take(`${place}.name`)
    leaves.take(`${place}.description`)
    rename(leaves, collected, `${at}.brokers`, 'bootstrap.servers')
    const tls = leaves.has(`${at}.tls`) && leaves.take(`${at}.tls.enabled`) !== 'false'
    leaves.take(`${at}.tls`)
    rename(leaves, collected, `${at}.tls.ca_file`, 'ssl.truststore.location')
    rename(leaves, collected, `${at}.tls.cert_file`, 'ssl.certificate.location')
    rename(leaves, collected, `${at}.tls.key_file`, 'ssl.key.location')
    skipped(leaves, collected, `${at}.tls.insecure_skip_verify`)
    const sasl = leaves.has(`${at}.sasl`)
    if (sasl) {
      mechanism(leaves, collected, `${at}.sasl.mechanism`, 'SCRAM-SHA-256')
      rename(leaves, collected, `${at}.sasl.user`, 'sasl.username')
      rename(leaves, collected, `${at}.sasl.password`, 'sasl.password')
    }
    protocol(collected, tls, sasl)
    const registry = leaves.take(`${place}.schema_registry.addresses`)
    if (registry) {
      const scheme = leaves.has(`${place}.schema_registry.tls`) ? 'https' : 'http'
      const [first = ''] = registry.split(',')
      const url = first.includes('://') ? first : `${scheme}://${first}`
      collected.took(`${place}.schema_registry.addresses`, { 'schema.registry.url': url })
      leaves.take(`${place}.schema_registry.tls`)
    }
  },
}

/** `kafka.clusters` of kafka-ui (Provectus, Kafbat). */
const kafkaUi: YamlForm = {
  kind: 'kafka-ui cluster',
  places: ({ kafka }) =>
    isObject(kafka) && Array.isArray(kafka.clusters)
      ? objectsOf(kafka.clusters).map(({ name }, i) => ({
          path: `kafka.clusters[${i}]`,
          name: textOf(name, `cluster ${i + 1}`),
        }))
      : undefined,
  read(leaves, place, collected) {
    leaves.take(`${place}.name`)
    rename(leaves, collected, `${place}.bootstrapServers`, 'bootstrap.servers')
    collectProperties(collected, leaves.takeBelow(`${place}.properties`), `${place}.properties.`)
    rename(leaves, collected, `${place}.ssl.truststoreLocation`, 'ssl.truststore.location')
    rename(leaves, collected, `${place}.ssl.truststorePassword`, 'ssl.truststore.password')
    const verifies = leaves.take(`${place}.ssl.verifySsl`) ?? leaves.take(`${place}.ssl.verify`)
    if (verifies === 'false') {
      const setting = { 'enable.ssl.certificate.verification': 'false' }
      collected.took(`${place}.ssl.verifySsl`, setting, 'The certificate of the broker is not checked.')
    }
    rename(leaves, collected, `${place}.schemaRegistry`, 'schema.registry.url')
    registryUser(leaves, collected, `${place}.schemaRegistryAuth.username`, `${place}.schemaRegistryAuth.password`)
    if (leaves.take(`${place}.readOnly`) !== undefined) {
      collected.passed(`${place}.readOnly`, 'Not needed: every cluster is read-only until it is unlocked.')
    }
  },
}

/** `akhq.connections` of AKHQ. */
const akhq: YamlForm = {
  kind: 'AKHQ connection',
  places: ({ akhq: root }) =>
    isObject(root) && isObject(root.connections)
      ? Object.keys(root.connections).map((name) => ({ path: `akhq.connections.${name}`, name }))
      : undefined,
  read(leaves, place, collected) {
    collectProperties(collected, leaves.takeBelow(`${place}.properties`), `${place}.properties.`)
    const registry = `${place}.schema-registry`
    rename(leaves, collected, `${registry}.url`, 'schema.registry.url')
    registryUser(leaves, collected, `${registry}.basic-auth-username`, `${registry}.basic-auth-password`)
  },
}

/** `contexts` of kafkactl. */
const kafkactl: YamlForm = {
  kind: 'kafkactl context',
  places: ({ contexts }) =>
    isObject(contexts) ? Object.keys(contexts).map((name) => ({ path: `contexts.${name}`, name })) : undefined,
  read(leaves, place, collected) {
    rename(leaves, collected, `${place}.brokers`, 'bootstrap.servers')
    rename(leaves, collected, `${place}.clientID`, 'client.id')
    const tls = leaves.take(`${place}.tls.enabled`) === 'true'
    rename(leaves, collected, `${place}.tls.ca`, 'ssl.truststore.location')
    rename(leaves, collected, `${place}.tls.cert`, 'ssl.certificate.location')
    rename(leaves, collected, `${place}.tls.certKey`, 'ssl.key.location')
    rename(leaves, collected, `${place}.tls.certKeyPassphrase`, 'ssl.key.password')
    skipped(leaves, collected, `${place}.tls.insecure`)
    const sasl = leaves.take(`${place}.sasl.enabled`) === 'true'
    if (sasl) {
      mechanism(leaves, collected, `${place}.sasl.mechanism`, 'PLAIN')
      rename(leaves, collected, `${place}.sasl.username`, 'sasl.username')
      rename(leaves, collected, `${place}.sasl.password`, 'sasl.password')
    }
    protocol(collected, tls, sasl)
    const registry = `${place}.schemaRegistry`
    const address = leaves.take(`${registry}.url`)
    if (address) {
      const url = address.includes('://') ? address : `http://${address}`
      collected.took(`${registry}.url`, { 'schema.registry.url': url })
    }
    registryUser(leaves, collected, `${registry}.username`, `${registry}.password`)
  },
}

/** `kafka.brokers` of Redpanda Console. */
const redpandaConsole: YamlForm = {
  kind: 'Redpanda Console',
  places: ({ kafka }) =>
    isObject(kafka) && kafka.brokers !== undefined ? [{ path: 'kafka', name: 'console' }] : undefined,
  read(leaves, place, collected) {
    rename(leaves, collected, `${place}.brokers`, 'bootstrap.servers')
    rename(leaves, collected, `${place}.clientId`, 'client.id')
    const tls = leaves.take(`${place}.tls.enabled`) === 'true'
    rename(leaves, collected, `${place}.tls.caFilepath`, 'ssl.truststore.location')
    rename(leaves, collected, `${place}.tls.certFilepath`, 'ssl.certificate.location')
    rename(leaves, collected, `${place}.tls.keyFilepath`, 'ssl.key.location')
    rename(leaves, collected, `${place}.tls.passphrase`, 'ssl.key.password')
    skipped(leaves, collected, `${place}.tls.insecureSkipTlsVerify`)
    const sasl = leaves.take(`${place}.sasl.enabled`) === 'true'
    if (sasl) {
      mechanism(leaves, collected, `${place}.sasl.mechanism`, 'PLAIN')
      rename(leaves, collected, `${place}.sasl.username`, 'sasl.username')
      rename(leaves, collected, `${place}.sasl.password`, 'sasl.password')
      const oauth = `${place}.sasl.oauth`
      rename(leaves, collected, `${oauth}.clientId`, 'sasl.oauthbearer.client.id')
      rename(leaves, collected, `${oauth}.clientSecret`, 'sasl.oauthbearer.client.secret')
      rename(leaves, collected, `${oauth}.tokenEndpoint`, 'sasl.oauthbearer.token.endpoint.url')
      rename(leaves, collected, `${oauth}.scope`, 'sasl.oauthbearer.scope')
    }
    protocol(collected, tls, sasl)
  },
}

/** In the order in which they are tried. */
export const yamlForms: readonly YamlForm[] = [kafkaUi, redpandaConsole, akhq, rpk, kafkactl]
