import { Emitter } from '../../base/emitter'
import { type ConfigValue, definitionOf, workspaceSettings } from '../../broker/config/configs'
import { configProblem } from '../../broker/config/definition'
import { documentationOf } from '../../broker/config/documentation'
import type { Core } from '../../broker/core'
import type { SettingLine } from '../../contract/workspace'
import { parseHostPort, parseListener } from '../../options/listener'
import type { SettingsSource } from '../source/workspace'
import type { StartFacts } from './start'
import { stored } from './stored'

/** Configs of the broker that the Settings page offers: what a developer changes, in this order. */
const offered: readonly (readonly [SettingLine['section'], string])[] = [
  ['Topics', 'auto.create.topics.enable'],
  ['Topics', 'num.partitions'],
  ['Topics', 'log.retention.ms'],
  ['Topics', 'log.retention.bytes'],
  ['Topics', 'message.max.bytes'],
  ['Groups', 'group.initial.rebalance.delay.ms'],
  ['Groups', 'group.consumer.session.timeout.ms'],
  ['Groups', 'group.consumer.heartbeat.interval.ms'],
  ['Groups', 'group.consumer.migration.policy'],
  ['Groups', 'offsets.retention.minutes'],
  ['Transactions', 'transaction.max.timeout.ms'],
]

const isNoPort = (text: string) => !/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 65_535

/** What all settings of listening share. */
const listening = { section: 'Listening', type: 'string', choices: null, atOnce: false } as const

/** Settings that Kafka has no name for; they count when the workspace is opened. */
const own: readonly (Omit<SettingLine, 'value' | 'fixed' | 'isDefault'> & {
  readonly problem: (text: string) => boolean
})[] = [
  {
    ...listening,
    name: 'ottla.port',
    label: 'Port',
    type: 'int',
    defaultValue: '9092',
    documentation: 'The port that Kafka clients connect to, by IPv4 and IPv6.',
    problem: isNoPort,
  },
  {
    ...listening,
    name: 'ottla.interfaces',
    label: 'Who can connect',
    choices: ['this machine', 'all'],
    defaultValue: 'this machine',
    documentation:
      'this machine: programs on this computer alone, by localhost. all: everybody who can reach this computer over any network may read and write every topic, unless ACLs say otherwise.',
    problem: (text) => text !== 'this machine' && text !== 'all',
  },
  {
    ...listening,
    name: 'ottla.advertise',
    label: 'Advertised address',
    defaultValue: '',
    documentation:
      'What clients are told to connect to, as HOST:PORT (advertised.listeners). Without it, each client is told the address that it dialled, which is nearly always right.',
    problem: (text) => (parseHostPort(text)?.port ?? 0) === 0,
  },
  {
    ...listening,
    name: 'ottla.containers',
    label: 'Containers connect to port',
    type: 'int',
    defaultValue: '',
    documentation:
      'A listener of its own, on all interfaces, that tells clients host.docker.internal: containers reach this machine by that name. Other machines that can reach this one may connect there as well.',
    problem: isNoPort,
  },
  {
    ...listening,
    name: 'ottla.listeners',
    label: 'Further listeners',
    defaultValue: '',
    documentation:
      'Parted by commas, each as PROTOCOL://HOST:PORT: sasl_plaintext and sasl_ssl ask who is there, ssl and sasl_ssl are encrypted by the certificates of the Security page. Example: sasl_ssl://127.0.0.1:9094.',
    problem: (text) => text.split(',').some((one) => !parseListener(one.trim())),
  },
  {
    section: 'Storage',
    name: 'ottla.durability',
    label: 'Durability',
    type: 'string',
    choices: ['process', 'power'],
    defaultValue: 'process',
    atOnce: false,
    documentation:
      'What an acknowledged message survives. process: that the app is killed or crashes. power: also that the machine loses power; every group commit then waits for the disk.',
    problem: (text) => text !== 'process' && text !== 'power',
  },
]

/** Values that a config can have where it is one of a few. */
const choicesOf: Readonly<Record<string, readonly string[]>> = {
  'group.consumer.migration.policy': ['bidirectional', 'upgrade', 'downgrade', 'disabled'],
}

const givenAtStart = 'It was given when the broker was started, so this setting has no effect.'

export function embeddedSettings(core: Core, start: StartFacts, onError: (error: unknown) => void): SettingsSource {
  const changes = new Emitter<void>(onError)
  core.configs.changed(() => changes.emit())
  return {
    changed: changes.listen,
    lines: async () => settingLines(core, start.decided),
    set: (name, value) => stored(core, () => setSetting(core, name, value)),
  }
}

/** The settings of this workspace, each with what it is and when it takes effect. */
function settingLines({ configs }: Core, decided: readonly string[]): SettingLine[] {
  const overrides = configs.overrides(workspaceSettings)
  return [
    ...own.map(({ problem: _, ...setting }) => ({
      ...setting,
      // What counts instead is told where it shows: in the listeners.
      value: decided.includes(setting.name) ? '' : (overrides.get(setting.name) ?? setting.defaultValue),
      isDefault: !overrides.has(setting.name),
      fixed: decided.includes(setting.name) ? givenAtStart : null,
    })),
    ...offered.map(([section, name]): SettingLine => {
      const values = configs.brokerValues(name)
      const rest = values.filter(
        ({ source, value }) => source !== 'STATIC_BROKER_CONFIG' || value !== overrides.get(name),
      )
      return {
        section,
        name,
        label: name,
        type: definitionOf('broker', name)?.[1] ?? 'string',
        choices: choicesOf[name] ?? null,
        value: values[0]?.value ?? '',
        defaultValue: (rest.at(-1) ?? values.at(-1))?.value ?? '',
        isDefault: !overrides.has(name),
        fixed: fixedBy(values[0], configs.isFixed(name)),
        atOnce: true,
        documentation: documentationOf('broker', name) ?? '',
      }
    }),
  ]
}

function fixedBy(first: ConfigValue | undefined, isFixed: boolean): string | null {
  if (first?.source.startsWith('DYNAMIC')) return 'A client altered it (AlterConfigs), so this setting has no effect.'
  return isFixed ? givenAtStart : null
}

/** `null` removes the setting. @throws Error with a sentence */
function setSetting(core: Core, name: string, value: string | null): void {
  const setting = own.find((known) => known.name === name)
  const definition = offered.some(([, known]) => known === name) ? definitionOf('broker', name) : undefined
  if (!setting && !definition) throw new Error(`There is no setting ${name}.`)
  if (value !== null && setting?.problem(value)) throw new Error(`${value} is not a value for ${name}.`)
  const problem = value === null || !definition ? undefined : configProblem(definition, value)
  if (problem) throw new Error(problem)
  core.configs.set(workspaceSettings, new Map([[name, value]]))
}
