import { Emitter, type Listen } from '../../base/emitter'
import { brokerDefinitions } from './broker-definitions'
import { byName, type ConfigDefinition } from './definition'
import { groupDefinitions } from './group-definitions'
import { schemaValidationDefinitions } from './schema-validation-definitions'
import { topicDefinitions, topicSynonyms } from './topic-definitions'
import { type TopicSettings, topicSettings } from './topic-settings'

export type ConfigResourceType = 'topic' | 'broker' | 'group' | 'client-metrics'

/** Whose config: a topic, a group, a client metrics subscription, or a broker (`''` is the cluster-wide default of all brokers). */
export interface ConfigResource {
  /** `workspace` is ours, and no client sees it. */
  readonly type: ConfigResourceType | 'workspace'
  readonly name: string
}

/** Where the values that people set are kept between runs. */
export interface ConfigStore {
  list(): Iterable<{ readonly type: string; readonly name: string; readonly key: string; readonly value: string }>
  set(type: string, name: string, key: string, value: string | null): void
}

/** Names of Kafka's DescribeConfigsResponse.ConfigSource. */
export type ConfigSource =
  | 'DYNAMIC_TOPIC_CONFIG'
  | 'DYNAMIC_BROKER_CONFIG'
  | 'DYNAMIC_DEFAULT_BROKER_CONFIG'
  | 'STATIC_BROKER_CONFIG'
  | 'DEFAULT_CONFIG'
  | 'CLIENT_METRICS_CONFIG'
  | 'GROUP_CONFIG'

/** One place that gives a config a value. */
export interface ConfigValue {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigSource
}

/** Reads broker configs by their names; '' where one has no value. */
export type BrokerConfigs = Pick<Configs, 'broker'>

/**
 * A check of broker configs before they are altered, by a part that uses them (ListenerReconfigurable of Kafka's DynamicBrokerConfig).
 *
 * @param next the configs as they would be; `values` are those that change
 * @returns undefined at once when they change nothing that it uses; else why they cannot be used
 */
export type BrokerConfigCheck = (
  next: BrokerConfigs,
  values: ReadonlyMap<string, string | null>,
) => Promise<string | undefined> | undefined

const brokerByName = byName(brokerDefinitions)
const topicByName = byName([...topicDefinitions, ...schemaValidationDefinitions])
const groupByName = byName(groupDefinitions)

/** A group config takes its default from the broker config of the same meaning (GroupConfig.extractGroupConfigMap). */
function groupSynonym(name: string): string {
  return `group.${name}`
}

/** Settings of the workspace, as the app's own page sets them: they count where neither a flag nor the environment says otherwise. */
export const workspaceSettings: ConfigResource = { type: 'workspace', name: '' }

const none: ReadonlyMap<string, string> = new Map()

/**
 * What is configured, the weakest first: Kafka's own defaults, ours, the workspace's settings, what the process was started with, and what
 * was altered by clients while it ran. Every value is text; readers parse what they need.
 */
export class Configs {
  readonly #store: ConfigStore
  readonly #statics: ReadonlyMap<string, string>
  readonly #ours: ReadonlyMap<string, string>
  readonly #overrides = new Map<string, Map<string, string>>()
  /** Found or parsed once and kept until something changes: some are asked for with every request. */
  #topicSettings = new Map<string, TopicSettings>()
  #brokerTexts = new Map<string, string>()
  #brokerNumbers = new Map<string, number>()
  /** Of groups that have no value of their own. */
  #groupTexts = new Map<string, string>()
  readonly #changes: Emitter<ConfigResource>
  #check: BrokerConfigCheck | undefined
  readonly brokerName: string
  readonly changed: Listen<ConfigResource>

  constructor(
    store: ConfigStore,
    statics: ReadonlyMap<string, string>,
    ours: ReadonlyMap<string, string>,
    nodeId: number,
    onError: (error: unknown) => void,
  ) {
    this.#store = store
    this.#statics = statics
    this.#ours = ours
    this.brokerName = String(nodeId)
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    this.reload()
  }

  /** Reads the store again: at start, and after a group commit that failed. Whoever derived something from a value hears of it. */
  reload(): void {
    const resources = new Map<string, ConfigResource>()
    for (const key of this.#overrides.keys()) resources.set(key, resourceOf(key))
    this.#overrides.clear()
    for (const { type, name, key, value } of this.#store.list()) {
      const resource = { type: type as ConfigResource['type'], name }
      this.#of(resource).set(key, value)
      resources.set(keyOf(resource), resource)
    }
    this.#forgetParsed()
    for (const resource of resources.values()) this.#changes.emit(resource)
  }

  /** What was set for exactly this resource. */
  overrides(resource: ConfigResource): ReadonlyMap<string, string> {
    return this.#overrides.get(keyOf(resource)) ?? none
  }

  /** The names of all resources of a type that have a value of their own. */
  named(type: ConfigResourceType): string[] {
    return [...this.#overrides].flatMap(([key, values]) =>
      key.startsWith(`${type}:`) && values.size > 0 ? [key.slice(type.length + 1)] : [],
    )
  }

  /** Registers the check of the part that uses broker configs; the returned function removes it. */
  checkedBy(check: BrokerConfigCheck): () => void {
    this.#check = check
    return () => {
      if (this.#check === check) this.#check = undefined
    }
  }

  /** The reason why new values of this broker cannot be used; undefined at once when no part uses them. */
  unusable(values: ReadonlyMap<string, string | null>): Promise<string | undefined> | undefined {
    const broker = (name: string) => {
      const given = values.get(name)
      if (given === undefined) return this.broker(name)
      const others = this.brokerValues(name).filter(({ source }) => source !== 'DYNAMIC_BROKER_CONFIG')
      return given ?? others[0]?.value ?? ''
    }
    return this.#check?.({ broker }, values)
  }

  /** Replaces or removes (`null`) values of one resource. The caller has validated them. */
  set(resource: ConfigResource, values: ReadonlyMap<string, string | null>): void {
    const overrides = this.#of(resource)
    for (const [key, value] of values) {
      this.#store.set(resource.type, resource.name, key, value)
      if (value === null) overrides.delete(key)
      else overrides.set(key, value)
    }
    if (resource.type === 'broker' || resource.type === 'workspace') this.#forgetParsed()
    else if (resource.type === 'topic') this.#topicSettings.delete(resource.name)
    this.#changes.emit(resource)
  }

  /** Forgets everything of a resource that was deleted. */
  remove(resource: ConfigResource): void {
    this.set(resource, new Map([...this.overrides(resource).keys()].map((key) => [key, null])))
    this.#overrides.delete(keyOf(resource))
  }

  /** Where a broker config has a value, the winner first. */
  brokerValues(name: string): ConfigValue[] {
    const values: ConfigValue[] = []
    const own = this.overrides({ type: 'broker', name: this.brokerName }).get(name)
    if (own !== undefined) values.push({ name, value: own, source: 'DYNAMIC_BROKER_CONFIG' })
    const shared = this.overrides({ type: 'broker', name: '' }).get(name)
    if (shared !== undefined) values.push({ name, value: shared, source: 'DYNAMIC_DEFAULT_BROKER_CONFIG' })
    const fixed = this.#statics.get(name) ?? this.overrides(workspaceSettings).get(name) ?? this.#ours.get(name)
    if (fixed !== undefined) values.push({ name, value: fixed, source: 'STATIC_BROKER_CONFIG' })
    const definition = brokerByName.get(name)
    if (definition) values.push({ name, value: definition[2], source: 'DEFAULT_CONFIG' })
    return values
  }

  /** Where a topic config has a value, the winner first. `factor` of a synonym's unit is applied. */
  topicValues(topic: string, name: string): ConfigValue[] {
    const values: ConfigValue[] = []
    const own = this.overrides({ type: 'topic', name: topic }).get(name)
    if (own !== undefined) values.push({ name, value: own, source: 'DYNAMIC_TOPIC_CONFIG' })
    for (const [synonym, factor] of topicSynonyms[name] ?? []) {
      for (const found of this.brokerValues(synonym)) {
        if (found.value === null) continue
        values.push(factor === 1 ? found : { ...found, value: String(BigInt(found.value) * BigInt(factor)) })
      }
    }
    if (!topicSynonyms[name]) values.push({ name, value: topicByName.get(name)?.[2] ?? null, source: 'DEFAULT_CONFIG' })
    return values
  }

  /** Where a group config has a value, the winner first. */
  groupValues(group: string, name: string): ConfigValue[] {
    const own = this.overrides({ type: 'group', name: group }).get(name)
    const others = this.#groupDefaults(name)
    return own === undefined ? others : [{ name, value: own, source: 'GROUP_CONFIG' }, ...others]
  }

  /** Whether the process was started with a value, which settings of the workspace cannot change. */
  isFixed(name: string): boolean {
    return this.#statics.has(name)
  }

  broker(name: string): string {
    let text = this.#brokerTexts.get(name)
    if (text === undefined) this.#brokerTexts.set(name, (text = this.brokerValues(name)[0]?.value ?? ''))
    return text
  }

  brokerNumber(name: string): number {
    let number = this.#brokerNumbers.get(name)
    // Without a definition it would be 0, which no one notices.
    if (number === undefined && !brokerByName.has(name)) throw new Error(`There is no broker config ${name}.`)
    if (number === undefined) this.#brokerNumbers.set(name, (number = Number(this.broker(name))))
    return number
  }

  brokerFlag(name: string): boolean {
    return this.broker(name).toLowerCase() === 'true'
  }

  group(group: string, name: string): string {
    const own = this.overrides({ type: 'group', name: group }).get(name)
    if (own !== undefined) return own
    let text = this.#groupTexts.get(name)
    if (text === undefined) this.#groupTexts.set(name, (text = this.#groupDefaults(name)[0]?.value ?? ''))
    return text
  }

  groupNumber(group: string, name: string): number {
    return Number(this.group(group, name))
  }

  /** The effective settings of a topic, parsed once and kept until something changes. */
  topic(topic: string): TopicSettings {
    let settings = this.#topicSettings.get(topic)
    if (!settings) {
      settings = topicSettings((name) => this.topicValues(topic, name)[0]?.value ?? '')
      this.#topicSettings.set(topic, settings)
    }
    return settings
  }

  #groupDefaults(name: string): ConfigValue[] {
    const fromBroker = this.brokerValues(groupSynonym(name))
    return fromBroker.length > 0
      ? fromBroker
      : [{ name, value: groupByName.get(name)?.[2] ?? null, source: 'DEFAULT_CONFIG' }]
  }

  #forgetParsed(): void {
    this.#topicSettings = new Map()
    this.#brokerTexts = new Map()
    this.#brokerNumbers = new Map()
    this.#groupTexts = new Map()
  }

  #of(resource: ConfigResource): Map<string, string> {
    const key = keyOf(resource)
    let values = this.#overrides.get(key)
    if (!values) this.#overrides.set(key, (values = new Map()))
    return values
  }
}

/** The definition of a config that exists for a kind of resource. */
export function definitionOf(type: ConfigResource['type'], name: string): ConfigDefinition | undefined {
  if (type === 'topic') return topicByName.get(name)
  if (type === 'broker') return brokerByName.get(name)
  if (type === 'group') return groupByName.get(name)
  return undefined
}

function keyOf({ type, name }: ConfigResource): string {
  return `${type}:${name}`
}

/** No type has a colon in it; names may. */
function resourceOf(key: string): ConfigResource {
  const colon = key.indexOf(':')
  return { type: key.slice(0, colon) as ConfigResource['type'], name: key.slice(colon + 1) }
}
