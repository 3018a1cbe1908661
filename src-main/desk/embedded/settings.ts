import { Emitter } from '../../base/emitter'
import { type ConfigValue, definitionOf, workspaceSettings } from '../../broker/config/configs'
import { configProblem } from '../../broker/config/definition'
import { documentationOf } from '../../broker/config/documentation'
import { topicSynonyms } from '../../broker/config/topic-definitions'
import type { Core } from '../../broker/core'
import type { SettingLine } from '../../contract/workspace'
import { defaultText, needsRestart, type SettingName, settingText } from '../../options/workspace-settings'
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

/** What all settings of listening share. */
const listening = { section: 'Listening', type: 'string', choices: null } as const

type Shown = Pick<SettingLine, 'section' | 'label' | 'type' | 'choices' | 'documentation'> & {
  readonly name: SettingName
}

/** How the page shows the settings for which Kafka has no config. `ottla.plaintext` is on the Security page. */
const own: readonly Shown[] = [
  {
    ...listening,
    name: 'ottla.port',
    label: 'Port',
    type: 'int',
    documentation: 'Port for Kafka clients, on IPv4 and IPv6.',
  },
  {
    ...listening,
    name: 'ottla.interfaces',
    label: 'Who can connect',
    choices: [
      { value: 'local', label: 'this machine' },
      { value: 'all', label: 'all' },
    ],
    documentation:
      'this machine: only programs on this computer, through localhost. all: everyone who can reach this computer over a network can read and write every topic, unless ACLs are enforced.',
  },
  {
    ...listening,
    name: 'ottla.advertise',
    label: 'Advertised address',
    documentation:
      'Address that the broker gives to clients, as HOST:PORT (advertised.listeners). Without it, each client gets the address that it connected to, which is right in almost all cases.',
  },
  {
    ...listening,
    name: 'ottla.containers',
    label: 'Port for containers',
    type: 'int',
    documentation:
      'A separate listener on all network interfaces that advertises host.docker.internal, the name by which containers reach this machine. Other machines that can reach this one can connect to it too.',
  },
  {
    ...listening,
    name: 'ottla.listeners',
    label: 'Further listeners',
    documentation:
      'PROTOCOL://HOST:PORT, separated by commas. sasl_plaintext and sasl_ssl authenticate clients; ssl and sasl_ssl encrypt with the certificate of the Security page. Example: sasl_ssl://127.0.0.1:9094.',
  },
  {
    ...listening,
    name: 'ottla.metrics',
    label: 'Metrics for Prometheus',
    type: 'boolean',
    documentation:
      'GET /metrics on this machine answers in the text format of Prometheus: offsets and traffic of topics, lag of groups, requests, connections.',
  },
  {
    section: 'Storage',
    name: 'ottla.durability',
    label: 'Durability',
    type: 'string',
    choices: choicesFrom(['process', 'power']),
    documentation:
      'What acknowledged messages survive. process: a crash or kill of the app. power: also a power loss of the machine; every commit then waits for the disk.',
  },
]

/** Values that a config can have where it is one of a few. */
const choicesOf: Readonly<Record<string, SettingLine['choices']>> = {
  'group.consumer.migration.policy': choicesFrom(['bidirectional', 'upgrade', 'downgrade', 'disabled']),
}

function choicesFrom(values: readonly string[]): SettingLine['choices'] {
  return values.map((value) => ({ value, label: value }))
}

const givenAtStart = 'Set on the command line or in the environment, which takes precedence.'

export function embeddedSettings(core: Core, start: StartFacts, onError: (error: unknown) => void): SettingsSource {
  const changes = new Emitter<void>(onError)
  core.configs.changed(() => changes.emit())
  return {
    changed: changes.listen,
    lines: async () => settingLines(core, start),
    set: (name, value) => stored(core, () => setSetting(core, name, value)),
  }
}

/** The settings of this workspace, each with what it is and when it takes effect. */
function settingLines(core: Core, { decided, metrics }: StartFacts): SettingLine[] {
  const { configs } = core
  const overrides = configs.overrides(workspaceSettings)
  return [
    ...own.map((setting): SettingLine => {
      const { name } = setting
      const defaultValue = defaultText(name)
      const isFixed = decided.includes(name)
      const text = overrides.get(name)
      const place = name === 'ottla.metrics' ? metrics?.() : null
      return {
        ...setting,
        // The value in force is shown with the listeners.
        value: isFixed ? '' : text === undefined ? defaultValue : (settingText(name, text) ?? text),
        defaultValue,
        isDefault: text === undefined,
        inherited: null,
        fixed: isFixed ? givenAtStart : null,
        atOnce: !needsRestart(name),
        address: place?.url ?? null,
        problem: place?.problem ?? null,
      }
    }),
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
        inherited: values[0]?.value === null ? inherited(core, name) : null,
        fixed: fixedBy(values[0], configs.isFixed(name)),
        atOnce: true,
        documentation: documentationOf('broker', name) ?? '',
        address: null,
        problem: null,
      }
    }),
  ]
}

/** Topics take log.retention.minutes, else log.retention.hours, while log.retention.ms is not set. */
function inherited({ configs }: Core, name: string): SettingLine['inherited'] {
  const ofTopics = Object.keys(topicSynonyms).find((config) =>
    topicSynonyms[config]?.some(([synonym, factor]) => synonym === name && factor === 1),
  )
  const found = ofTopics === undefined ? undefined : configs.topicValues('', ofTopics)[0]
  return found && found.value !== null ? { name: found.name, value: found.value } : null
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
  const text = value === null || !setting ? value : settingText(setting.name, value)
  if (text === undefined) throw new Error(`${value} is not a value for ${name}.`)
  const problem = value === null || !definition ? undefined : configProblem(definition, value)
  if (problem) throw new Error(problem)
  core.configs.set(workspaceSettings, new Map([[name, text]]))
}
