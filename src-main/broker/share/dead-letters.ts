import { Emitter, type Listen } from '../../base/emitter'
import type { Log } from '../../base/log'
import type { Outcome } from '../../groups/share/share-partition'
import { readBatches } from '../../records/batch'
import { encodeBatch, type NewRecord } from '../../records/encode'
import { type LogRecord, readRecords } from '../../records/record'
import type { Workspace } from '../../storage'
import type { Commits } from '../commits'
import type { Configs } from '../config/configs'
import type { Features } from '../features'
import { append } from '../log/append'
import { orError } from '../log/failing'
import type { Topic, Topics } from '../log/topics'
import { topicNameProblem } from '../topic-name'
import type { ShareOutcomes, SharePartitions } from './share-partitions'

interface Parts {
  readonly workspace: Workspace
  readonly commits: Commits
  readonly configs: Configs
  readonly features: Features
  readonly topics: Topics
  readonly log: Log
  readonly onError: (error: unknown) => void
}

/** From this `share.version` on dead letters are written. */
const firstVersion = 2
const recordsPerBatch = 200
const produceVersion = 13
const readBytes = 1024 * 1024

const messages = {
  rejected: 'Offset rejected by client.',
  exhausted: 'Offset delivery count exceeded the threshold.',
} as const

export interface WrittenLetters {
  readonly groupId: string
  readonly topic: string
  readonly records: number
}

type Loss = Outcome & { readonly kind: keyof typeof messages }

const noRecords: Iterator<LogRecord> = [][Symbol.iterator]()

/**
 * Writes records that a share group gave up to its dead-letter topic (KIP-1191), in the group commit that archives them: Kafka archives in two
 * steps, ARCHIVING and ARCHIVED. A record that cannot be written is archived all the same, with a line in the log, as in Kafka.
 */
export class DeadLetters {
  readonly #parts: Parts
  readonly #written: Emitter<WrittenLetters>
  /** How many dead letters of a group a step wrote, once they are stored. */
  readonly written: Listen<WrittenLetters>

  constructor(partitions: SharePartitions, parts: Parts) {
    this.#parts = parts
    this.#written = new Emitter(parts.onError)
    this.written = this.#written.listen
    partitions.alsoWrite((ended) => this.#write(ended))
  }

  /** @throws StorageFailure */
  #write(ended: ShareOutcomes): void {
    const { groupId, topicId, partition, at, outcomes } = ended
    const { configs, commits, features, topics, log } = this.#parts
    const losses = outcomes.filter((outcome): outcome is Loss => outcome.kind in messages)
    if (losses.length === 0 || features.level('share.version') < firstVersion) return
    const name = configs.group(groupId, 'errors.deadletterqueue.topic.name')
    const source = topics.byId(topicId)
    if (name === '' || !source) return
    const target = this.#target(name)
    if (typeof target === 'string') {
      log.warn(
        `Share group ${groupId} gave up records of ${source.name}-${partition} without a dead letter: ${target}.`,
      )
      return
    }
    const isCopied = configs.group(groupId, 'errors.deadletterqueue.copy.record.enable') === 'true'
    const perBatch = isCopied ? 1 : recordsPerBatch
    let records = 0
    let batch: NewRecord[] = []
    const flush = () => {
      if (batch.length > 0) records += this.#append(target, partition, batch, at)
      batch = []
    }
    for (const letter of this.#letters(ended, source, losses, isCopied)) {
      batch.push(letter)
      if (batch.length >= perBatch) flush()
    }
    flush()
    if (records > 0) commits.whenStored(() => this.#written.emit({ groupId, topic: target.name, records }))
  }

  /** One after the other: with their copies, ten thousand of them may be gigabytes. */
  *#letters(
    { groupId, partition, at }: ShareOutcomes,
    source: Topic,
    losses: readonly Loss[],
    isCopied: boolean,
  ): Generator<NewRecord> {
    for (const { first, last, deliveryCount, kind } of losses) {
      const copies = isCopied ? this.#originals(source, partition, first, last) : noRecords
      let copy = copies.next()
      for (let offset = first; offset <= last; offset++) {
        while (!copy.done && copy.value.offset < offset) copy = copies.next()
        const original = !copy.done && copy.value.offset === offset ? copy.value : null
        const about = { topic: source.name, partition, offset, group: groupId, 'delivery.count': deliveryCount }
        yield {
          key: original?.key ?? null,
          value: original?.value ?? null,
          timestamp: at,
          headers: Object.entries({ ...about, message: messages[kind] }).map(([key, value]) => ({
            key: `__dlq.errors.${key}`,
            value: Buffer.from(String(value)),
          })),
        }
      }
    }
  }

  /** The topic, which is made when it may be; else why there is none. */
  #target(name: string): Topic | string {
    const { configs, topics } = this.#parts
    const known = topics.find(name)
    if (known) {
      const isAllowed = configs.topicValues(name, 'errors.deadletterqueue.group.enable')[0]?.value === 'true'
      return isAllowed ? known : `errors.deadletterqueue.group.enable of ${name} is false`
    }
    if (!configs.brokerFlag('errors.deadletterqueue.auto.create.topics.enable')) return `there is no topic ${name}`
    const prefix = configs.broker('errors.deadletterqueue.topic.name.prefix')
    if (!name.startsWith(prefix)) return `the name of ${name} does not start with ${prefix}`
    const problem = topicNameProblem(name) ?? topics.collision(name)
    if (problem !== undefined) return `topic ${name} cannot be created: ${problem}`
    return topics.create(
      name,
      configs.brokerNumber('num.partitions'),
      new Map([['errors.deadletterqueue.group.enable', 'true']]),
    )
  }

  /** The records that the log still has, ascending. A damaged batch ends them: what follows has dead letters without copies. */
  *#originals(source: Topic, number: number, first: number, last: number): Generator<LogRecord> {
    const partition = source.partition(number)
    if (!partition) return
    for (let from = Math.max(first, partition.logStartOffset); from <= last; ) {
      const read = orError(
        this.#parts.log,
        () => `Reading ${partition.name} at ${from} for dead letters`,
        () => {
          const { batches, lastOffset } = partition.read(from, readBytes, true, partition.highWatermark)
          const records = batches.flatMap((bytes) =>
            [...readBatches(bytes)].flatMap((batch) => (batch.isControl ? [] : [...readRecords(batch)])),
          )
          return batches.length === 0 ? null : { records, lastOffset }
        },
      )
      if (read === null || typeof read === 'string') return
      for (const record of read.records) if (record.offset >= from && record.offset <= last) yield record
      from = read.lastOffset + 1
    }
  }

  /** Answers how many were written. */
  #append(target: Topic, sourcePartition: number, batch: readonly NewRecord[], at: number): number {
    const { workspace, configs, log } = this.#parts
    const partition = target.partition(sourcePartition % target.partitionCount)
    if (!partition) return 0
    const options = { workspace, settings: configs.topic(target.name), produceVersion, at }
    const outcome = append(partition, encodeBatch(batch), options)
    if (!('error' in outcome)) return batch.length
    log.warn(`A dead letter was not written to ${target.name}: ${outcome.message ?? outcome.error}`)
    return 0
  }
}
