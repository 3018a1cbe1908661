import type { Exchange } from '../../broker/exchanges'
import type { ExchangeDetail, ExchangeRecord } from '../../contract/exchanges'
import { readBatch } from '../../records/batch'
import { decode, tableCharacters } from '../decoders/auto'
import { recordsOf } from '../messages/readable'
import { placesIn } from './exchange-facts'

/** So many records of one exchange are shown. */
const shownRecords = 100

interface Carried {
  readonly topic: string
  readonly partition: number
  readonly bytes: Buffer
}

/** Records that a Produce request or a Fetch response carries, as the list of messages shows them. */
export function exchangeRecords(
  { api, body, answer }: Pick<Exchange, 'api' | 'body' | 'answer'>,
  nameOf: (topicId: string) => string | undefined,
): Pick<ExchangeDetail, 'records' | 'moreRecords'> {
  const carried: Carried[] = []
  if (api === 'Produce') collect(body, nameOf, carried)
  if (api === 'Fetch' || api === 'ShareFetch') collect(answer, nameOf, carried)
  const records: ExchangeRecord[] = []
  let count = 0
  const written = api === 'Produce' ? placesIn(answer, nameOf) : []
  for (const { topic, partition, bytes } of carried) {
    // The batches of a produce request begin at 0; where they were stored its answer says.
    const place = written.find((each) => each.topic === topic && each.partition === partition)
    const base = api === 'Produce' ? (place?.offset ?? null) : 0
    for (const batch of batchesIn(bytes)) {
      count += batch.recordCount
      if (records.length >= shownRecords || batch.isControl) continue
      for (const { offset, timestamp, key, value, headers } of recordsOf(batch).records) {
        if (records.length >= shownRecords) break
        records.push({
          topic,
          partition,
          offset: base === null ? null : base + offset,
          timestamp: Number(timestamp),
          key: decode(key, tableCharacters),
          value: decode(value, tableCharacters),
          headers: headers.length,
        })
      }
    }
  }
  return { records, moreRecords: Math.max(0, count - records.length) }
}

/** Whole batches of the present format, one after the other; what is damaged or older ends it. */
function* batchesIn(bytes: Buffer) {
  for (let at = 0; at + 17 <= bytes.length; ) {
    const size = bytes.readInt32BE(at + 8) + 12
    if (bytes.readInt8(at + 16) !== 2 || size < 61 || at + size > bytes.length) return
    yield readBatch(bytes.subarray(at, at + size))
    at += size
  }
}

/** Topics and partitions have other names in each message; records are called so in all. */
function collect(value: unknown, nameOf: (topicId: string) => string | undefined, found: Carried[], topic = ''): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  if (Array.isArray(value)) {
    for (const item of value) collect(item, nameOf, found, topic)
    return
  }
  const fields = value as Readonly<Record<string, unknown>>
  const id = typeof fields.topicId === 'string' ? nameOf(fields.topicId) : undefined
  const own = [fields.name, fields.topic, id].find((name) => typeof name === 'string' && name !== '')
  const name = typeof own === 'string' ? own : topic
  const { records } = fields
  const chunks = (Array.isArray(records) ? records : [records]).filter((chunk) => chunk instanceof Uint8Array)
  if (chunks.length > 0) {
    const partition = Number(fields.index ?? fields.partitionIndex ?? fields.partition ?? -1)
    found.push({ topic: name, partition, bytes: Buffer.concat(chunks) })
  }
  for (const [key, child] of Object.entries(fields)) if (key !== 'records') collect(child, nameOf, found, name)
}
