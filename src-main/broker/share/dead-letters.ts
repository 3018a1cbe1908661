import { Emitter, type Listen } from '../../base/emitter'
import type { Log } from '../../base/log'
import type { Outcome } from '../../groups/share/share-partition'
import { readBatches } from '../../records/batch'
import { encodeBatch, type NewRecord } from '../../records/encode'
import { type LogRecord, readRecords } from '../../records/record'
import type { Workspace } from '../../storage'
import type { Configs } from '../config/configs'
import type { Features } from '../features'
import { append } from '../log/append'
import type { Topic, Topics } from '../log/topics'
import { topicNameProblem } from '../topic-name'
import type { ShareOutcomes, SharePartitions } from './share-partitions'

interface Parts {
  readonly workspace: Workspace
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

/**
 * Writes records that a share group gave up to its dead-letter topic (KIP-1191), in the group commit that archives them: Kafka archives in two
 * steps, ARCHIVING and ARCHIVED. A record that cannot be written is archived all the same, with a line in the log, as in Kafka.
 */
export class DeadLetters {
  readonly #parts: Parts
  readonly #written: Emitter<WrittenLetters>
  /** How many dead letters of a group a step wrote. */
  readonly written: Listen<WrittenLetters>

  constructor(partitions: SharePartitions, parts: Parts) {
    this.#parts = parts
    this.#written = new Emitter(parts.onError)
    this.written = this.#written.listen
    partitions.ended((ended) => this.#write(ended))
  }

  #write({ groupId, topicId, partition, at, outcomes }: ShareOutcomes): void {
    const { configs, features, topics, log } = this.#parts
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
    const letters: NewRecord[] = losses.flatMap((loss) => {
      const copies = isCopied ? this.#originals(source, partition, loss) : new Map<number, LogRecord>()
      return Array.from({ length: loss.last - loss.first + 1 }, (_, i): NewRecord => {
        const offset = loss.first + i
        const copy = copies.get(offset)
        const about = { topic: source.name, partition, offset, group: groupId, 'delivery.count': loss.deliveryCount }
        return {
          key: copy?.key ?? null,
          value: copy?.value ?? null,
          timestamp: at,
          headers: Object.entries({ ...about, message: messages[loss.kind] }).map(([key, value]) => ({
            key: `__dlq.errors.${key}`,
            value: Buffer.from(String(value)),
          })),
        }
      })
    })
    const records = this.#append(target, partition, letters, isCopied ? 1 : recordsPerBatch, at)
    if (records > 0) this.#written.emit({ groupId, topic: target.name, records })
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

  #originals(source: Topic, number: number, { first, last }: Loss): Map<number, LogRecord> {
    const found = new Map<number, LogRecord>()
    const log = source.partition(number)
    for (let from = Math.max(first, log?.logStartOffset ?? 0); log && from <= last; ) {
      const { batches, lastOffset } = log.read(from, readBytes, true, log.highWatermark)
      if (batches.length === 0) break
      for (const batch of batches.flatMap((bytes) => [...readBatches(bytes)])) {
        if (batch.isControl) continue
        for (const record of readRecords(batch)) {
          if (record.offset >= from && record.offset <= last) found.set(record.offset, record)
        }
      }
      from = lastOffset + 1
    }
    return found
  }

  /** Answers how many were written. */
  #append(target: Topic, sourcePartition: number, letters: readonly NewRecord[], perBatch: number, at: number): number {
    const { workspace, configs, log } = this.#parts
    const partition = target.partition(sourcePartition % target.partitionCount)
    if (!partition) return 0
    let written = 0
    const options = { workspace, settings: configs.topic(target.name), produceVersion, at }
    for (let from = 0; from < letters.length; from += perBatch) {
      const batch = letters.slice(from, from + perBatch)
      const outcome = append(partition, encodeBatch(batch), options)
      if ('error' in outcome) {
        log.warn(`A dead letter was not written to ${target.name}: ${outcome.message ?? outcome.error}`)
      } else written += batch.length
    }
    return written
  }
}
