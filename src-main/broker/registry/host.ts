import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import { Emitter, type Listen } from '../../base/emitter'
import type { Log } from '../../base/log'
import { type Batch, readBatch, readBatches } from '../../records/batch'
import { encodeBatch } from '../../records/encode'
import { RecordsError } from '../../records/failures'
import { readRecords } from '../../records/record'
import { type RegistryRecord, readRecord, schemasTopic, schemasTopicConfigs, writeRecord } from '../../registry/records'
import { type Outcome, Registry } from '../../registry/registry'
import { RegistryError } from '../../registry/schema'
import { splitSubject } from '../../registry/subject-name'
import { StorageFailure, type Workspace } from '../../storage'
import type { Commits } from '../commits'
import { store } from '../log/append'
import type { Partition } from '../log/partition'
import type { Topic, Topics } from '../log/topics'

/** Read of the topic in one turn of the event loop at the first replay: some milliseconds. */
const sliceBytes = 256 * 1024
const documentKind = 'registry-ids'

interface Parts {
  readonly clock: Clock
  readonly workspace: Workspace
  readonly commits: Commits
  readonly topics: Topics
  readonly log: Log
}

/**
 * The schema registry of this broker. Its state is what the records of `_schemas` say, replayed in order when it is first asked for, and
 * caught up before every question: so what another registry writes into the topic counts too. What is written goes into the
 * topic with the turn's group commit, and is answered after it.
 */
export class SchemaRegistry implements Disposable {
  readonly #parts: Parts
  readonly #emitter: Emitter<void>
  /** What is stored has changed. */
  readonly changed: Listen<void>
  readonly #stopListening: (() => void)[]
  #registry = new Registry()
  #topic: Topic | undefined
  /** The next offset to replay. */
  #next = 0
  #watched: Partition | undefined
  #loading: Promise<void> | undefined
  #isDisposed = false

  constructor(parts: Parts, onError: (error: unknown) => void) {
    this.#parts = parts
    this.#emitter = new Emitter(onError)
    this.changed = this.#emitter.listen
    this.#stopListening = [
      // A turn that is rolled back may have been replayed already.
      parts.workspace.onRollback(() => this.#forget()),
      parts.topics.changed(({ topic }) => {
        if (topic.name === schemasTopic) this.#emitter.emit()
      }),
    ]
  }

  /** Replays what is stored, so that the first question does not wait for it. */
  prepare(): Promise<void> {
    return this.#loaded()
  }

  /** Looks at the registry as it is now. */
  async read<T>(look: (registry: Registry) => T): Promise<T> {
    await this.#loaded()
    return look(this.#caughtUp())
  }

  /** Runs an operation and stores its records; answers when they are stored. @throws RegistryError, with 50001 when they cannot be */
  async write<T>(operate: (registry: Registry) => Outcome<T>): Promise<T> {
    await this.#loaded()
    const { records, answer } = operate(this.#caughtUp())
    if (records.length === 0) return answer
    try {
      this.#append(records)
      await this.#parts.commits.settled
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error
      // Whoever is told may ask at once again: by then this turn is rolled back.
      await this.#parts.workspace.committed().catch(() => {})
      throw new RegistryError(50001, `Error while storing in the topic ${schemasTopic}: ${error.message}`)
    }
    return answer
  }

  /** The registry as far as it can be had at once: what was not replayed yet is replayed now. */
  now(): Registry {
    return this.#caughtUp()
  }

  dispose(): void {
    this.#isDisposed = true
    for (const stop of this.#stopListening) stop()
    this.#watched?.waiters.delete(this.#onGrown)
  }

  readonly #onGrown = () => this.#emitter.emit()

  /** A long topic is replayed in slices, so that clients of the broker do not wait for it. */
  async #loaded(): Promise<void> {
    while (this.#loading) await this.#loading
    if (!this.#isFarBehind()) return
    this.#loading = (async () => {
      while (!this.#isDisposed && this.#isFarBehind()) {
        this.#replay(sliceBytes)
        await new Promise<void>((resolve) => void setImmediate(resolve))
      }
    })()
    try {
      await this.#loading
    } finally {
      this.#loading = undefined
    }
  }

  #isFarBehind(): boolean {
    const partition = this.#partition()
    if (!partition || this.#next >= partition.facts.logEnd) return false
    return this.#next < partition.facts.logEnd - 1000
  }

  #caughtUp(): Registry {
    const partition = this.#partition()
    while (partition && this.#next < partition.facts.logEnd) this.#replay(sliceBytes)
    return this.#registry
  }

  /** The topic's one partition; what was replayed of a topic that is gone is forgotten. */
  #partition(): Partition | undefined {
    const topic = this.#parts.topics.find(schemasTopic)
    if (topic?.id !== this.#topic?.id) {
      this.#forget()
      this.#topic = topic
      if (topic) this.#reserveIds(topic)
    }
    const partition = topic?.partition(0)
    if (partition && partition !== this.#watched) {
      this.#watched?.waiters.delete(this.#onGrown)
      this.#watched = partition
      partition.waiters.add(this.#onGrown)
    }
    return partition
  }

  #forget(): void {
    this.#registry = new Registry()
    this.#topic = undefined
    this.#next = 0
  }

  #replay(maxBytes: number): void {
    const partition = this.#partition()
    if (!partition) return
    const end = partition.facts.logEnd
    try {
      const { batches } = partition.read(this.#next, maxBytes, true, end)
      for (const bytes of batches) {
        for (const batch of readBatches(bytes)) {
          this.#apply(batch)
          this.#next = Math.min(batch.lastOffset + 1, end)
        }
      }
      if (batches.length === 0) this.#next = end
    } catch (error) {
      if (!(error instanceof RecordsError)) throw error
      // A damaged row anywhere in the range fails a read: that of one batch tells whether it is the next one.
      if (maxBytes > 1) this.#replay(1)
      else this.#passOver(partition, end, error)
    }
  }

  /**
   * Goes on behind a row of the file whose bytes are damaged: the other schemas are served. Confluent's registry leaves out a record that it cannot
   * read too; its reader ends with a batch that it cannot (KafkaStoreReaderThread), and no restart helps.
   */
  #passOver({ facts }: Partition, end: number, { message }: RecordsError): void {
    const from = this.#next
    const [damaged] = this.#parts.workspace.batches.sizes(facts, from, end, 1).sizes
    this.#next = damaged ? damaged.lastOffset + 1 : end
    this.#parts.log.error(
      `Offsets ${from} to ${this.#next - 1} of ${schemasTopic} cannot be read, and the registry goes on without them: ${message}.`,
    )
  }

  #apply(batch: Batch): void {
    if (batch.isControl) return
    try {
      for (const { key, value, offset, timestamp } of readRecords(batch)) {
        if (offset < this.#next) continue
        const record = readRecord(key, value, Number(timestamp))
        if (record) this.#registry.state.apply(record)
      }
    } catch (error) {
      // Anybody may produce to the topic; what cannot be unpacked is no record of a registry.
      this.#parts.log.warn(
        `A batch of ${schemasTopic} cannot be read: ${error instanceof Error ? error.message : error}.`,
      )
    }
  }

  /** @throws StorageFailure */
  #append(records: readonly RegistryRecord[]): void {
    const { topics, workspace, clock } = this.#parts
    const topic = topics.find(schemasTopic) ?? topics.create(schemasTopic, 1, schemasTopicConfigs)
    const partition = topic.partition(0)
    if (!partition) throw new RegistryError(50001, `The topic ${schemasTopic} has no partition 0`)
    const at = clock.now()
    const written = records.map((record) => {
      const { key, value } = writeRecord(record)
      return { key: Buffer.from(key), value: value === null ? null : Buffer.from(value), timestamp: at }
    })
    store(partition, readBatch(encodeBatch(written)), { workspace, at })
    this.#keepIds(topic, records)
  }

  /** A compacted topic forgets the ids of what is gone for good; they are not given again all the same. */
  #keepIds(topic: Topic, records: readonly RegistryRecord[]): void {
    const { workspace } = this.#parts
    const state = this.#caughtUp().state
    const contexts = new Set(
      records.flatMap((record) => (record.kind === 'schema' ? [splitSubject(record.subject).context] : [])),
    )
    for (const context of contexts) {
      const value = JSON.stringify({ topic: topic.id, maxId: state.maxId(context) })
      workspace.write(() => workspace.documents.set(documentKind, context, value))
    }
  }

  #reserveIds(topic: Topic): void {
    for (const { key, value } of this.#parts.workspace.documents.list(documentKind)) {
      const kept = JSON.parse(value) as { readonly topic: string; readonly maxId: number }
      if (kept.topic === topic.id) this.#registry.state.reserveIds(key, kept.maxId)
    }
  }
}
