import { formatHostPort, type HostPort, isPort, type ListenerOptions, parseHostPort, parseListener } from './listener'

/** The text in the file for a value, and back. */
interface Codec<T> {
  /** `undefined` for a text that is no value. */
  readonly read: (text: string) => T | undefined
  readonly write: (value: T) => string
}

interface Setting<T> extends Codec<T> {
  /** The value where none is stored. */
  readonly otherwise: T
  readonly needsRestart: boolean
}

const port: Codec<number> = {
  read: (text) => (/^\d+$/.test(text) && Number(text) > 0 && isPort(Number(text)) ? Number(text) : undefined),
  write: String,
}

const address: Codec<HostPort> = {
  read(text) {
    const found = parseHostPort(text)
    return found && found.port > 0 ? found : undefined
  },
  write: ({ host, port }) => formatHostPort(host, port),
}

const flag: Codec<boolean> = {
  read: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
  write: String,
}

/** Entries that are no listener are left out; `settingText` refuses them before they are stored. */
const listenerList: Codec<readonly ListenerOptions[]> = {
  read: (text) => text.split(',').flatMap((one) => parseListener(one.trim()) ?? []),
  write: (listeners) => listeners.map(formatListener).join(', '),
}

/** One of a few words. @param earlier words that older versions stored, and what they are called now */
function oneOf<T extends string>(words: readonly T[], earlier: Readonly<Record<string, T>> = {}): Codec<T> {
  const known = new Map<string, T>([...words.map((word) => [word, word] as const), ...Object.entries(earlier)])
  return { read: (text) => known.get(text), write: (word) => word }
}

/** `null` says that there is none: nothing is stored then. */
function orNone<T>({ read, write }: Codec<T>): Codec<T | null> {
  return { read, write: (value) => (value === null ? '' : write(value)) }
}

function atRestart<T>(codec: Codec<T>, otherwise: T): Setting<T> {
  return { ...codec, otherwise, needsRestart: true }
}

interface SettingValues {
  readonly 'ottla.port': number
  readonly 'ottla.interfaces': 'local' | 'all'
  readonly 'ottla.advertise': HostPort | null
  readonly 'ottla.containers': number | null
  readonly 'ottla.listeners': readonly ListenerOptions[]
  readonly 'ottla.plaintext': boolean
  readonly 'ottla.metrics': boolean
  readonly 'ottla.durability': 'process' | 'power'
}

export type SettingName = keyof SettingValues

/** Settings of a workspace for which Kafka has no config. The file keeps them as texts, under these names. */
const settings: { readonly [N in SettingName]: Setting<SettingValues[N]> } = {
  /** Port of the first listener. */
  'ottla.port': atRestart(port, 9092),
  /** Who can connect: programs of this machine alone, or everyone who reaches it. */
  'ottla.interfaces': atRestart(oneOf(['local', 'all'], { 'this machine': 'local' }), 'local'),
  /** What the first listener tells clients instead of the address that they dialled. */
  'ottla.advertise': atRestart(orNone(address), null),
  /** Port of a listener for containers. */
  'ottla.containers': atRestart(orNone(port), null),
  /** Listeners besides the first. */
  'ottla.listeners': atRestart(listenerList, []),
  /** Whether the first listener is opened although it asks for nothing. */
  'ottla.plaintext': atRestart(flag, true),
  /** Whether metrics are served for Prometheus, beside the broker. */
  'ottla.metrics': atRestart(flag, false),
  /** `power` survives the loss of power too, as Kafka does with `flush.messages=1`; else what is acknowledged survives the death of the process. */
  'ottla.durability': atRestart(oneOf(['process', 'power']), 'process'),
}

/** Text that is stored for a setting; `undefined` when it is not set. */
export type StoredTexts = (name: SettingName) => string | undefined

/** A setting as it is stored; `otherwise`, or the setting's own default, where nothing is stored that can be read. */
export function readSetting<N extends SettingName>(
  stored: StoredTexts,
  name: N,
  otherwise: SettingValues[N] = settings[name].otherwise,
): SettingValues[N] {
  const text = stored(name)
  return text === undefined ? otherwise : (settings[name].read(text) ?? otherwise)
}

/** Entry of the file for a value. */
export function writeSetting<N extends SettingName>(name: N, value: SettingValues[N]): readonly [SettingName, string] {
  return [name, settings[name].write(value)]
}

/** A default as a text; empty where there is none. */
export function defaultText<N extends SettingName>(name: N): string {
  const { write, otherwise } = settings[name]
  return write(otherwise)
}

export function needsRestart(name: SettingName): boolean {
  return settings[name].needsRestart
}

/** How a text that a person gave is stored; `undefined` when it is no value of the setting. */
export function settingText<N extends SettingName>(name: N, text: string): string | undefined {
  if (name === 'ottla.listeners' && text.split(',').some((one) => !parseListener(one.trim()))) return undefined
  const { read, write } = settings[name]
  const value = read(text)
  return value === undefined ? undefined : write(value)
}

/** Text that `parseListener` reads: `sasl_ssl://localhost:9094`, `INSIDE=sasl_ssl://localhost:9094` */
export function formatListener({ name, securityProtocol, hosts, port }: ListenerOptions): string {
  const prefix = name === securityProtocol ? '' : `${name}=`
  const host = hosts.length === 1 ? hosts[0]! : 'localhost'
  return `${prefix}${securityProtocol.toLowerCase()}://${formatHostPort(host, port)}`
}
