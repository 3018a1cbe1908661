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

/** Settings for which Kafka has no config; they take effect when the workspace is opened. */
const own: readonly (Omit<SettingLine, 'value' | 'fixed' | 'isDefault'> & {
  readonly problem: (text: string) => boolean
})[] = [
  {
    ...listening,
    name: 'ottla.port',
    label: 'Port',
    type: 'int',
    defaultValue: '9092',
    documentation: 'Port for Kafka clients, on IPv4 and IPv6.',
    problem: isNoPort,
  },
  {
    ...listening,
    name: 'ottla.interfaces',
    label: 'Who can connect',
    choices: ['this machine', 'all'],
    defaultValue: 'this machine',
    documentation:
      'this machine: only programs on this computer, through localhost. all: everyone who can reach this computer over a network can read and write every topic, unless ACLs are enforced.',
    problem: (text) => text !== 'this machine' && text !== 'all',
  },
  {
    ...listening,
    name: 'ottla.advertise',
    label: 'Advertised address',
    defaultValue: '',
    documentation:
      'Address that the broker gives to clients, as HOST:PORT (advertised.listeners). Without it, each client gets the address that it connected to, which is right in almost all cases.',
    problem: (text) => (parseHostPort(text)?.port ?? 0) === 0,
  },
  {
    ...listening,
    name: 'ottla.containers',
    label: 'Port for containers',
    type: 'int',
    defaultValue: '',
    documentation:
      'A separate listener on all network interfaces that advertises host.docker.internal, the name by which containers reach this machine. Other machines that can reach this one can connect to it too.',
    problem: isNoPort,
  },
  {
    ...listening,
    name: 'ottla.listeners',
    label: 'Further listeners',
    defaultValue: '',
    documentation:
      'PROTOCOL://HOST:PORT, separated by commas. sasl_plaintext and sasl_ssl authenticate clients; ssl and sasl_ssl encrypt with the certificate of the Security page. Example: sasl_ssl://127.0.0.1:9094.',
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
      'What acknowledged messages survive. process: a crash or kill of the app. power: also a power loss of the machine; every commit then waits for the disk.',
    problem: (text) => text !== 'process' && text !== 'power',
  },
]

/** Values that a config can have where it is one of a few. */
const choicesOf: Readonly<Record<string, readonly string[]>> = {
  'group.consumer.migration.policy': ['bidirectional', 'upgrade', 'downgrade', 'disabled'],
}

const givenAtStart = 'Set on the command line or in the environment, which takes precedence.'

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
      // The value in force is shown with the listeners.
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
  if (first?.source.startsWith('DYNAMIC')) return 'Set by a client (AlterConfigs), which takes precedence.'
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
