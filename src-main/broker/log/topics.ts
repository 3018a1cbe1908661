import type { Clock } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { Log } from '../../base/log'
import { type Uuid, zeroUuid } from '../../base/uuid'
import type { TopicRow, Workspace } from '../../storage'
import type { Commits, Uncommitted } from '../commits'
import type { Configs } from '../config/configs'
import { internalTopics, metricName } from '../topic-name'
import { Partition } from './partition'

/** A topic and its partitions, which are opened when they are first used. */
export class Topic {
  readonly #partitions: (Partition | undefined)[] = []
  readonly #open: (row: TopicRow, number: number) => Partition | undefined
  row: TopicRow

  constructor(row: TopicRow, open: (row: TopicRow, number: number) => Partition | undefined) {
    this.row = row
    this.#open = open
  }

  get name(): string {
    return this.row.name
  }

  get id(): Uuid {
    return this.row.uuid
  }

  get partitionCount(): number {
    return this.row.partitions
  }

  /** Written by the broker itself. */
  get internal(): boolean {
    return internalTopics.has(this.row.name)
  }

  partition(number: number): Partition | undefined {
    if (number < 0 || number >= this.row.partitions) return undefined
    return (this.#partitions[number] ??= this.#open(this.row, number))
  }

  partitions(): Partition[] {
    const all: Partition[] = []
    for (let number = 0; number < this.row.partitions; number++) {
      const partition = this.partition(number)
      if (partition) all.push(partition)
    }
    return all
  }

  /** Those that were used since the broker started. */
  opened(): Partition[] {
    return this.#partitions.filter((partition) => partition !== undefined)
  }
}

export interface TopicChange {
  readonly kind: 'created' | 'deleted' | 'grown'
  readonly topic: Topic
}

interface TopicsParts {
  readonly workspace: Workspace
  readonly commits: Commits
  readonly configs: Configs
  readonly clock: Clock
  readonly log: Log
  readonly randomUuid: () => Uuid
  readonly onError: (error: unknown) => void
}

/** All topics. What changes in a turn is seen at once by the requests behind it, and told to listeners when it is committed. */
export class Topics implements Uncommitted {
  readonly #parts: TopicsParts
  readonly #byName = new Map<string, Topic>()
  readonly #byId = new Map<Uuid, Topic>()
  /** Names by their metric name, of topics that could share one (ReplicationControlManager.topicsWithCollisionChars). */
  readonly #byMetricName = new Map<string, Set<string>>()
  readonly #changes: Emitter<TopicChange>
  readonly changed: Listen<TopicChange>
  #uncommitted: TopicChange[] = []

  constructor(parts: TopicsParts) {
    this.#parts = parts
    this.#changes = new Emitter(parts.onError)
    this.changed = this.#changes.listen
    for (const row of parts.workspace.topics.list()) this.#add(this.#topic(row))
  }

  find(name: string): Topic | undefined {
    return this.#byName.get(name)
  }

  byId(id: Uuid): Topic | undefined {
    return this.#byId.get(id)
  }

  /** By name. */
  all(): Topic[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  get count(): number {
    return this.#byName.size
  }

  partition(topic: string, number: number): Partition | undefined {
    return this.#byName.get(topic)?.partition(number)
  }

  /** Another topic whose metrics would have the same name. Kafka looks before it creates any topic of a request. */
  collision(name: string): string | undefined {
    for (const other of this.#byMetricName.get(metricName(name)) ?? []) if (other !== name) return other
    return undefined
  }

  /** The caller has checked name, count and configs. */
  create(name: string, partitions: number, configs?: ReadonlyMap<string, string | null>): Topic {
    const { workspace, clock, randomUuid } = this.#parts
    let id = randomUuid()
    while (id === zeroUuid || this.#byId.has(id)) id = randomUuid()
    const topic = this.#topic(workspace.write(() => workspace.topics.create(id, name, partitions, clock.now())))
    this.#add(topic)
    this.#note({ kind: 'created', topic })
    if (configs?.size) this.#parts.configs.set({ type: 'topic', name }, configs)
    return topic
  }

  addPartitions(topic: Topic, count: number): void {
    const { workspace } = this.#parts
    topic.row = workspace.write(() => workspace.topics.addPartitions(topic.row, count))
    this.#note({ kind: 'grown', topic })
  }

  delete(topic: Topic): void {
    const { workspace, configs } = this.#parts
    workspace.write(() => workspace.topics.remove(topic.row))
    configs.remove({ type: 'topic', name: topic.name })
    this.#remove(topic)
    this.#note({ kind: 'deleted', topic })
  }

  committed(): void {
    const changes = this.#uncommitted
    this.#uncommitted = []
    for (const change of changes) {
      if (change.kind === 'deleted') this.#close(change.topic)
      this.#changes.emit(change)
    }
  }

  rolledBack(): void {
    const gone = this.#uncommitted.flatMap(({ kind, topic }) => (kind === 'deleted' ? [topic] : []))
    this.#uncommitted = []
    const present = new Map([...this.#byId.values(), ...gone].map((topic) => [topic.id, topic]))
    this.#byName.clear()
    this.#byId.clear()
    this.#byMetricName.clear()
    for (const row of this.#parts.workspace.topics.list()) {
      const topic = present.get(row.uuid) ?? this.#topic(row)
      topic.row = row
      this.#add(topic)
    }
  }

  #close(topic: Topic): void {
    for (const partition of topic.opened()) {
      this.#parts.workspace.batches.close(partition.facts)
      partition.wakeAll()
    }
  }

  #topic(row: TopicRow): Topic {
    const { workspace, commits, clock, configs, log } = this.#parts
    const forgetsBefore = () => clock.now() - configs.brokerNumber('producer.id.expiration.ms')
    return new Topic(row, ({ id, name }, number) => {
      const facts = workspace.batches.open(id, number)
      return facts && new Partition(name, number, facts, workspace, commits, forgetsBefore, log)
    })
  }

  #add(topic: Topic): void {
    this.#byName.set(topic.name, topic)
    this.#byId.set(topic.id, topic)
    if (!/[._]/.test(topic.name)) return
    const metric = metricName(topic.name)
    const names = this.#byMetricName.get(metric)
    if (names) names.add(topic.name)
    else this.#byMetricName.set(metric, new Set([topic.name]))
  }

  #remove(topic: Topic): void {
    this.#byName.delete(topic.name)
    this.#byId.delete(topic.id)
    const metric = metricName(topic.name)
    const names = this.#byMetricName.get(metric)
    names?.delete(topic.name)
    if (names?.size === 0) this.#byMetricName.delete(metric)
  }

  #note(change: TopicChange): void {
    this.#uncommitted.push(change)
    this.#parts.commits.touch(this)
  }
}
