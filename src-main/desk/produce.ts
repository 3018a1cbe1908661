import type { Core } from '../broker/core'
import { append } from '../broker/log/append'
import type { Topic } from '../broker/log/topics'
import type { Contract } from '../contract/contract'
import type { InputOf } from '../contract/define'
import type { Codec } from '../records/batch'
import { encodeBatch, type NewRecord } from '../records/encode'
import { topicOf } from './topics'

type Imported = InputOf<Contract['messages.import']>['messages'][number]

/** Writes one message, as often as asked. @throws Error with Kafka's sentence when it is refused */
export async function produce(
  core: Core,
  input: InputOf<Contract['messages.produce']>,
): Promise<{ partition: number; offset: number }> {
  const topic = writable(core, input.topic)
  const at = core.clock.now()
  const text = (data: string | null) => (data === null ? null : ({ as: 'text', data } as const))
  const record = recordOf(
    {
      key: text(input.key),
      value: text(input.value),
      headers: input.headers.map(({ key, value }) => ({ key, value: text(value) })),
    },
    at,
  )
  const partition = input.partition ?? pick(record.key, topic.partitionCount, at)
  const records = Array.from({ length: input.count }, () => record)
  const offset = write(core, topic, partition, records, input.codec, at)
  await core.commits.settled
  return { partition, offset }
}

/** Writes messages of a file, in its order within each partition. @throws Error with Kafka's sentence when one is refused */
export async function importMessages(
  core: Core,
  { topic: name, codec, messages }: InputOf<Contract['messages.import']>,
): Promise<{ written: number }> {
  const topic = writable(core, name)
  const at = core.clock.now()
  const byPartition = new Map<number, NewRecord[]>()
  for (const [i, message] of messages.entries()) {
    const partition = message.partition ?? pick(bytesOf(message.key), topic.partitionCount, at + i)
    const records = byPartition.get(partition)
    const record = recordOf(message, message.timestamp ?? at)
    if (records) records.push(record)
    else byPartition.set(partition, [record])
  }
  for (const [partition, records] of byPartition) write(core, topic, partition, records, codec, at)
  await core.commits.settled
  return { written: messages.length }
}

function writable(core: Core, name: string): Topic {
  const topic = topicOf(core, name)
  if (topic.internal) throw new Error(`${name} is written by the broker alone.`)
  return topic
}

function recordOf({ key, value, headers }: Pick<Imported, 'key' | 'value' | 'headers'>, timestamp: number): NewRecord {
  return {
    key: bytesOf(key),
    value: bytesOf(value),
    headers: headers.map((header) => ({ key: header.key, value: bytesOf(header.value) })),
    timestamp,
  }
}

function bytesOf(payload: Imported['key']): Buffer | null {
  return payload && Buffer.from(payload.data, payload.as === 'text' ? 'utf8' : 'base64')
}

/** One batch, as a client would send it. Returns its first offset. */
function write(
  core: Core,
  topic: Topic,
  number: number,
  records: readonly NewRecord[],
  codec: Codec,
  at: number,
): number {
  const partition = topic.partition(number)
  if (!partition) throw new Error(`${topic.name} has no partition ${number}.`)
  const settings = core.configs.topic(topic.name)
  const batch = encodeBatch(records, { codec })
  const outcome = append(partition, batch, { workspace: core.workspace, settings, produceVersion: 13, at })
  if ('error' in outcome) throw new Error(outcome.message ?? outcome.error)
  return outcome.baseOffset
}

/** With a key always the same partition, by Kafka's own hash; without one any. */
function pick(key: Uint8Array | null, partitions: number, at: number): number {
  if (key === null) return at % partitions
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions
}

/** org.apache.kafka.common.utils.Utils.murmur2, so that a key lands where the Java client would put it. */
function murmur2(data: Buffer): number {
  const m = 0x5bd1e995
  let h = 0x9747b28c ^ data.length
  const whole = data.length >> 2
  for (let i = 0; i < whole; i++) {
    let k = Math.imul(data.readInt32LE(i * 4), m)
    k = Math.imul(k ^ (k >>> 24), m)
    h = Math.imul(h, m) ^ k
  }
  const rest = data.subarray(whole * 4)
  for (let i = rest.length - 1; i >= 0; i--) h ^= (rest[i] as number) << (8 * i)
  if (rest.length > 0) h = Math.imul(h, m)
  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}
