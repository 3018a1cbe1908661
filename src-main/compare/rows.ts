import { groupByTopic } from '../base/topic-partition'
import type { ComparedRow } from '../contract/comparison'
import type { GroupState, OffsetState, SubjectState, TopicState, VersionState } from './cluster'

type Of = Pick<ComparedRow, 'kind' | 'name' | 'about'>

export function* topicRows(
  a: ReadonlyMap<string, TopicState>,
  b: ReadonlyMap<string, TopicState>,
): Generator<ComparedRow> {
  for (const [name, one, other] of both(a, b)) {
    const topic: Of = { kind: 'topic', name, about: 'setup' }
    yield row(topic, 'partitions', count(one?.partitions), count(other?.partitions))
    if (!one?.configs || !other?.configs) continue
    for (const [config, mine, theirs] of both(one.configs, other.configs)) {
      // A config that one side does not know says nothing of the other.
      if (!mine || !theirs) continue
      const isOwn = mine.isOwn || theirs.isOwn
      if (!isOwn && mine.value === theirs.value) continue
      const about = isOwn ? 'setup' : 'default'
      yield row({ kind: 'config', name, about }, config, `${mine.value}`, `${theirs.value}`)
    }
  }
}

export function* groupRows(
  a: ReadonlyMap<string, GroupState>,
  b: ReadonlyMap<string, GroupState>,
): Generator<ComparedRow> {
  for (const [name, one, other] of both(a, b)) {
    const group: Of = { kind: 'group', name, about: 'setup' }
    if (!one || !other) {
      yield row(group, 'type', one ? typeOf(one) : null, other ? typeOf(other) : null)
      continue
    }
    // Brokers before Kafka 3.8 do not tell the type.
    yield row(group, 'type', one.type || typeOf(other), other.type || typeOf(one))
    if (one.offsets && other.offsets) yield row(group, 'topics', topicsOf(one.offsets), topicsOf(other.offsets))
    yield* activityRows(name, one, other)
  }
}

export function* subjectRows(
  a: ReadonlyMap<string, SubjectState>,
  b: ReadonlyMap<string, SubjectState>,
): Generator<ComparedRow> {
  for (const [name, one, other] of both(a, b)) {
    const subject: Of = { kind: 'subject', name, about: 'setup' }
    if (!one || !other) {
      yield row(subject, 'versions', one ? versionsOf(one) : null, other ? versionsOf(other) : null)
      continue
    }
    for (const [version, mine, theirs] of both(one.versions, other.versions)) {
      yield row(subject, `version ${version}`, mine ? schemaOf(mine) : null, theirs ? schemaOf(theirs) : null)
      // Messages name the id.
      if (mine && theirs && schemaOf(mine) === schemaOf(theirs) && mine.id !== theirs.id) {
        yield row(subject, `version ${version}, id`, `${mine.id}`, `${theirs.id}`)
      }
    }
  }
}

/** What differs in a group while its clients run. What is the same needs no row: the group itself has one. */
function* activityRows(name: string, a: GroupState, b: GroupState): Generator<ComparedRow> {
  const group: Of = { kind: 'group', name, about: 'activity' }
  if (a.state !== null && b.state !== null && a.state !== b.state) yield row(group, 'state', a.state, b.state)
  if (a.members !== null && b.members !== null && a.members !== b.members) {
    yield row(group, 'members', `${a.members}`, `${b.members}`)
  }
  if (!a.offsets || !b.offsets) return
  const lags = [lagOf(a.offsets), lagOf(b.offsets)] as const
  if (lags[0] !== null && lags[1] !== null && lags[0] !== lags[1]) yield row(group, 'lag', `${lags[0]}`, `${lags[1]}`)
  const theirs = groupByTopic(b.offsets)
  for (const [topic, mine] of groupByTopic(a.offsets)) {
    const others = theirs.get(topic)
    // That one side has no offsets of a topic is a row of its topics.
    if (!others) continue
    const [one, other] = differingOffsets(mine, others)
    if (one !== other) yield row(group, `offsets of ${topic}`, one, other)
  }
}

/** Partitions whose offsets are not the same: `0: 15, 3: -`. */
function differingOffsets(a: readonly OffsetState[], b: readonly OffsetState[]): [string, string] {
  const byPartition = (offsets: readonly OffsetState[]) =>
    new Map(offsets.map(({ partition, offset }) => [partition, offset]))
  const differing = both(byPartition(a), byPartition(b)).filter(([, one, other]) => one !== other)
  const text = (pick: 1 | 2) => differing.map((entry) => `${entry[0]}: ${entry[pick] ?? '-'}`).join(', ')
  return [text(1), text(2)]
}

/** Null: of some partition it is not told. */
function lagOf(offsets: readonly OffsetState[]): bigint | null {
  let sum = 0n
  for (const { lag } of offsets) {
    if (lag === null) return null
    sum += lag
  }
  return sum
}

function topicsOf(offsets: readonly OffsetState[]): string {
  return [...new Set(offsets.map(({ topic }) => topic))].sort().join(', ')
}

function typeOf({ type }: GroupState): string {
  return type || 'not told'
}

function versionsOf({ versions }: SubjectState): string {
  return [...versions.keys()].sort((a, b) => a - b).join(', ')
}

function schemaOf({ schemaType, schema }: VersionState): string {
  return `${schemaType} ${schema}`
}

function count(value: number | undefined): string | null {
  return value === undefined ? null : `${value}`
}

function row(of: Of, what: string, a: string | null, b: string | null): ComparedRow {
  const verdict = a === b ? 'same' : a === null ? 'onlyB' : b === null ? 'onlyA' : 'different'
  return { ...of, what, a, b, verdict }
}

/** What is on either side, in the order of the keys. */
function both<K extends string | number, V>(
  a: ReadonlyMap<K, V>,
  b: ReadonlyMap<K, V>,
): [K, V | undefined, V | undefined][] {
  const keys = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))
  return keys.map((key) => [key, a.get(key), b.get(key)])
}
