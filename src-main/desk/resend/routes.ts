import { keyOf } from '../../base/topic-partition'
import { type ResendSkip, type ResendTarget, resendHeader } from '../../contract/resend'
import type { NewRecord } from '../../records/encode'
import { partitionFor } from '../../records/partitioner'
import type { ScannedRecord } from '../source/records'
import type { TopicFacts } from '../source/topics'
import type { Intervals } from './intervals'

export interface Route {
  readonly topic: string
  readonly partition: number
  readonly record: NewRecord
}

export type Routed = Route | Omit<ResendSkip, 'records'>

interface Rules {
  readonly target: ResendTarget
  readonly maxTimes: number
  /** Partitions, times and headers stay. */
  readonly isCopy: boolean
  /** What earlier resends have sent, by source partition. */
  readonly before: readonly ReadonlyMap<string, Intervals>[]
}

/** Decides for each message where it goes, or why it stays. */
export class Routes {
  readonly #rules: Rules
  readonly #topics: ReadonlyMap<string, TopicFacts>
  #any = 0

  constructor(rules: Rules, topics: readonly TopicFacts[]) {
    this.#rules = rules
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]))
  }

  /** Keys, values and headers stay byte for byte; the time is that of the resend, or retention by time could delete it at once. */
  of(record: ScannedRecord, at: number): Routed {
    const { target, maxTimes, before, isCopy } = this.#rules
    const key = keyOf(record.topic, record.partition)
    if (before.some((sent) => sent.get(key)?.has(record.offset))) return { reason: 'before', topic: null }
    const name = 'topic' in target ? target.topic : headerText(record, target.header)
    if (name === null || name === '') return { reason: 'noHeader', topic: null }
    const topic = this.#topics.get(name)
    if (!topic || topic.internal) return { reason: 'noTopic', topic: name }
    if (isCopy) return { topic: name, partition: record.partition, record: copyOf(record) }
    const times = timesOf(record)
    if (times >= maxTimes) return { reason: 'tooOften', topic: null }
    return {
      topic: name,
      partition: partitionFor(record.key, topic.partitions, this.#any++),
      record: {
        key: record.key,
        value: record.value,
        headers: [
          ...record.headers.filter((header) => header.key !== resendHeader),
          { key: resendHeader, value: Buffer.from(String(times + 1)) },
        ],
        timestamp: at,
      },
    }
  }
}

/** Of a header that repeats the last one says where the message failed last (Kafka's `Headers.lastHeader`). */
function headerText({ headers }: ScannedRecord, key: string): string | null {
  const value = headers.findLast((header) => header.key === key)?.value
  return value ? Buffer.from(value).toString('utf8') : null
}

function timesOf(record: ScannedRecord): number {
  const text = headerText(record, resendHeader) ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

function copyOf({ key, value, headers, timestamp }: ScannedRecord): NewRecord {
  return { key, value, headers, timestamp }
}
