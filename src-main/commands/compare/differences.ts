/** What can be compared of a cluster. */
export interface Snapshot {
  /** By name, without those that brokers keep for themselves. */
  readonly topics: ReadonlyMap<string, TopicState>
  readonly groups: ReadonlyMap<string, GroupState>
  /** Null: no registry was given. */
  readonly subjects: ReadonlyMap<string, SubjectState> | null
}

export interface TopicState {
  readonly partitions: number
  /** Values by name; null: they cannot be read. */
  readonly configs: ReadonlyMap<string, ConfigState> | null
}

export interface ConfigState {
  readonly value: string | null
  /** The topic has a value of its own, and not that of its broker. */
  readonly isOwn: boolean
}

export interface GroupState {
  readonly type: string
  /** Topics that it has committed offsets of. */
  readonly topics: readonly string[]
}

export interface SubjectState {
  /** By version: type, and what was registered. */
  readonly versions: ReadonlyMap<number, { readonly id: number; readonly schemaType: string; readonly schema: string }>
}

/** One thing that is not the same on both sides. */
export interface Difference {
  readonly kind: 'topic' | 'config' | 'group' | 'subject'
  readonly name: string
  /** `partitions`, the name of a config, `version 3` */
  readonly what: string
  /** Null: it is not there. */
  readonly a: string | null
  readonly b: string | null
}

/** @param allConfigs also configs that no topic sets itself: brokers of other versions and settings differ there */
export function differences(a: Snapshot, b: Snapshot, allConfigs: boolean): Difference[] {
  return [
    ...both(a.topics, b.topics).flatMap(([name, one, other]) => topicDifferences(name, one, other, allConfigs)),
    ...both(a.groups, b.groups).flatMap(([name, one, other]) => groupDifferences(name, one, other)),
    ...(a.subjects && b.subjects
      ? both(a.subjects, b.subjects).flatMap(([name, one, other]) => subjectDifferences(name, one, other))
      : []),
  ]
}

/** What is on either side, by name. */
function both<K extends string | number, V>(
  a: ReadonlyMap<K, V>,
  b: ReadonlyMap<K, V>,
): [K, V | undefined, V | undefined][] {
  const keys = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))
  return keys.map((key) => [key, a.get(key), b.get(key)])
}

function presence(kind: Difference['kind'], name: string, what: string, a: unknown, b: unknown): Difference {
  return { kind, name, what, a: a === undefined ? null : 'there', b: b === undefined ? null : 'there' }
}

function topicDifferences(
  name: string,
  a: TopicState | undefined,
  b: TopicState | undefined,
  allConfigs: boolean,
): Difference[] {
  if (!a || !b) return [presence('topic', name, 'topic', a, b)]
  const found: Difference[] = []
  if (a.partitions !== b.partitions) {
    found.push({ kind: 'topic', name, what: 'partitions', a: `${a.partitions}`, b: `${b.partitions}` })
  }
  if (!a.configs || !b.configs) return found
  for (const [config, one, other] of both(a.configs, b.configs)) {
    if (!allConfigs && !one?.isOwn && !other?.isOwn) continue
    // A config that one side does not know says nothing of the other.
    if (!one || !other || one.value === other.value) continue
    found.push({ kind: 'config', name, what: config, a: one.value, b: other.value })
  }
  return found
}

function groupDifferences(name: string, a: GroupState | undefined, b: GroupState | undefined): Difference[] {
  if (!a || !b) return [presence('group', name, 'group', a, b)]
  const found: Difference[] = []
  // Brokers before Kafka 3.8 do not tell the type.
  if (a.type !== b.type && a.type !== '' && b.type !== '') {
    found.push({ kind: 'group', name, what: 'type', a: a.type, b: b.type })
  }
  const [one, other] = [a, b].map(({ topics }) => [...topics].sort().join(', '))
  if (one !== other) found.push({ kind: 'group', name, what: 'topics', a: one ?? null, b: other ?? null })
  return found
}

function subjectDifferences(name: string, a: SubjectState | undefined, b: SubjectState | undefined): Difference[] {
  if (!a || !b) return [presence('subject', name, 'subject', a, b)]
  return both(a.versions, b.versions).flatMap(([version, one, other]): Difference[] => {
    const what = `version ${version}`
    if (!one || !other) return [presence('subject', name, what, one, other)]
    if (one.schemaType !== other.schemaType || one.schema !== other.schema) {
      return [
        { kind: 'subject', name, what, a: `${one.schemaType} ${one.schema}`, b: `${other.schemaType} ${other.schema}` },
      ]
    }
    // Messages name the id.
    return one.id === other.id ? [] : [{ kind: 'subject', name, what: `${what}, id`, a: `${one.id}`, b: `${other.id}` }]
  })
}
