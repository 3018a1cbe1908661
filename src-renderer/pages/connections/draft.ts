import type { ConnectionDraft, ConnectionLine } from '../../../src-main/contract/connections'
import type { ClusterColor, ClusterStage } from '../../../src-main/contract/workspace'

/** Subjects of the route that are no ids of connections. */
export const newSubject = 'new'
export const importSubject = 'import'

export type Settings = Readonly<Record<string, string>>

/** What a form holds: settings of Kafka's clients by their names. */
export interface FormDraft {
  readonly name: string
  readonly color: ClusterColor | null
  readonly stage: ClusterStage | null
  readonly settings: Settings
  /** Secrets that were typed. */
  readonly secrets: Settings
  /** Stored secrets that are removed. */
  readonly removed: readonly string[]
  /** Text of the settings that have no field. */
  readonly others: string
  readonly storesSecrets: boolean
}

/** What the parts of the form share. */
export interface FormParts {
  readonly draft: FormDraft
  readonly stored: ConnectionLine | null
  readonly change: (part: Partial<FormDraft>) => void
}

export const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'AWS_MSK_IAM'] as const

const protocolName = 'security.protocol'
const mechanismName = 'sasl.mechanism'

/** Settings that have a field. */
const withField: ReadonlySet<string> = new Set([
  'bootstrap.servers',
  protocolName,
  mechanismName,
  'sasl.username',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.client.id',
  'sasl.oauthbearer.scope',
  'sasl.oauthbearer.extensions',
  'ssl.truststore.location',
  'ssl.truststore.certificates',
  'ssl.certificate.location',
  'ssl.key.location',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.location',
  'ssl.endpoint.identification.algorithm',
  'enable.ssl.certificate.verification',
  'ottla.addresses',
  'schema.registry.url',
])

export function newDraft(): FormDraft {
  const settings = { 'bootstrap.servers': '', [protocolName]: 'PLAINTEXT' }
  return { name: '', color: null, stage: null, settings, secrets: {}, removed: [], others: '', storesSecrets: false }
}

export function draftOf({ name, color, stage, settings }: ConnectionLine): FormDraft {
  const entries = Object.entries(settings)
  const others = entries.filter(([setting]) => !withField.has(setting)).map((pair) => pair.join('='))
  const own = Object.fromEntries(entries.filter(([setting]) => withField.has(setting)))
  const empty = newDraft()
  return { ...empty, name, color, stage, settings: { ...empty.settings, ...own }, others: others.join('\n') }
}

export function usesTls(settings: Settings): boolean {
  return settings[protocolName]?.includes('SSL') ?? false
}

/** `null`: without authentication. */
export function mechanismOf(settings: Settings): string | null {
  return settings[protocolName]?.startsWith('SASL') ? (settings[mechanismName] ?? 'PLAIN') : null
}

export function withSecurity(settings: Settings, tls: boolean, mechanism: string | null): Settings {
  const protocol = mechanism === null ? (tls ? 'SSL' : 'PLAINTEXT') : tls ? 'SASL_SSL' : 'SASL_PLAINTEXT'
  return { ...settings, [protocolName]: protocol, ...(mechanism === null ? {} : { [mechanismName]: mechanism }) }
}

/** How certificates are given. The fields of the other ways are emptied when it changes. */
export type Authority = 'system' | 'file' | 'text'
export type Identity = 'none' | 'files' | 'text' | 'store'

export const authorityFields: Readonly<Record<Authority, readonly string[]>> = {
  system: [],
  file: ['ssl.truststore.location', 'ssl.truststore.password'],
  text: ['ssl.truststore.certificates'],
}
export const identityFields: Readonly<Record<Identity, readonly string[]>> = {
  none: [],
  files: ['ssl.certificate.location', 'ssl.key.location', 'ssl.key.password'],
  text: ['ssl.keystore.certificate.chain', 'ssl.keystore.key', 'ssl.key.password'],
  store: ['ssl.keystore.location', 'ssl.keystore.password'],
}
export type TokenSource = 'endpoint' | 'file'

export function tokenSourceOf(settings: Settings): TokenSource {
  return (settings['sasl.oauthbearer.token.endpoint.url'] ?? '').startsWith('file:') ? 'file' : 'endpoint'
}

/** The way in which one of the fields is filled; `otherwise` when none is. */
export function wayOf<W extends string>(
  fields: Readonly<Record<W, readonly string[]>>,
  filled: ReadonlySet<string>,
  otherwise: W,
): W {
  const ways = Object.keys(fields) as W[]
  return ways.find((way) => fields[way].some((setting) => filled.has(setting))) ?? otherwise
}

export type Check = 'full' | 'chain' | 'none'

export function checkOf(settings: Settings): Check {
  if (settings['enable.ssl.certificate.verification'] === 'false') return 'none'
  return ['', 'none'].includes(settings['ssl.endpoint.identification.algorithm'] ?? 'https') ? 'chain' : 'full'
}

export function withCheck(settings: Settings, check: Check): Settings {
  const { 'enable.ssl.certificate.verification': _, 'ssl.endpoint.identification.algorithm': __, ...others } = settings
  if (check === 'none') return { ...others, 'enable.ssl.certificate.verification': 'false' }
  return check === 'chain' ? { ...others, 'ssl.endpoint.identification.algorithm': 'none' } : others
}

const userFields = ['sasl.username', 'sasl.password', 'sasl.jaas.config']
const isOfToken = (setting: string) => setting.startsWith('sasl.oauthbearer.')

/** True for a setting that the security of the form does not use: it is not saved. */
function isUnused(setting: string, settings: Settings): boolean {
  const mechanism = mechanismOf(settings)
  if (setting.startsWith('ssl.') || setting.startsWith('enable.ssl.')) return !usesTls(settings)
  if (mechanism === null) return setting.startsWith('sasl.')
  if (mechanism === 'OAUTHBEARER') return userFields.slice(0, 2).includes(setting)
  return isOfToken(setting)
}

/** Lines of `name=value`; those of another form are returned in `wrong`. */
function otherSettings(text: string): { readonly settings: Settings; readonly wrong: readonly string[] } {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  const pairs = lines.map((line) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line))
  const settings = Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1] ?? '', pair[2] ?? '']] : [])))
  return { settings, wrong: lines.filter((_, i) => !pairs[i]) }
}

export function wrongLines(draft: FormDraft): readonly string[] {
  return otherSettings(draft.others).wrong
}

/** What is sent: without what the chosen security does not use. */
export function inputOf(draft: FormDraft, stored: ConnectionLine | null): ConnectionDraft {
  const { name, color, stage, storesSecrets } = draft
  const all = { ...otherSettings(draft.others).settings, ...draft.settings }
  const used = Object.entries(all).filter(
    ([setting, value]) => value.trim() !== '' && !isUnused(setting, draft.settings),
  )
  const kept = (stored?.secrets ?? []).map(({ setting }) => setting)
  const dropped = kept.filter((setting) => draft.removed.includes(setting) || isUnused(setting, draft.settings))
  const typed = Object.entries(draft.secrets).filter(
    ([setting, value]) => value !== '' && !isUnused(setting, draft.settings),
  )
  return {
    id: stored?.id ?? null,
    name,
    color,
    stage,
    settings: Object.fromEntries(used.map(([setting, value]) => [setting, value.trim()])),
    secrets: { ...Object.fromEntries(dropped.map((setting) => [setting, null])), ...Object.fromEntries(typed) },
    storesSecrets,
  }
}
