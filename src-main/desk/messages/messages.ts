import type { Core } from '../../broker/core'
import type { Partition } from '../../broker/log/partition'
import type { Contract } from '../../contract/contract'
import type { InputOf, ItemOf } from '../../contract/define'
import type { ExactMessage, MessageDetail, MessageRow } from '../../contract/messages'
import type { Outlet } from '../../contract/server'
import { type Batch, readBatch } from '../../records/batch'
import { readRecords, unpackRecords } from '../../records/record'
import { decode, detailBytes, tableCharacters } from '../decoders/auto'
import { decodersOf } from '../decoders/chosen'
import { decoderFor } from '../decoders/decoder'
import { topicOf } from '../topics/topics'
import { type ExportFormat, headLine } from './export-lines'
import { exactMessage } from './payload'
import type { Reader } from './reader'
import type { ReaderReply, SearchRange } from './reader-protocol'

type ExportInput = Omit<InputOf<Contract['messages.export']>, 'format'>
type SearchInput = ExportInput & Partial<Pick<InputOf<Contract['messages.search']>, 'after'>>

/** Streams what matches to a page. A live search goes on with every commit, until the page closes it. */
export function search(
  core: Core,
  reader: Reader,
  input: SearchInput,
  outlet: Outlet<ItemOf<Contract['messages.search']>>,
): () => void {
  return run(core, reader, input, null, (reply, taken) => {
    if (reply.kind === 'rows') outlet.push({ kind: 'rows', rows: reply.rows }, taken)
    else if (reply.kind === 'progress') outlet.push({ kind: 'progress', progress: reply.progress })
    else if (reply.kind === 'failed') outlet.fail(new Error(reply.message))
    else outlet.end()
  })
}

/** The same as the text of a file. It waits for the page, so that a large export does not pile up. */
export function exportMessages(
  core: Core,
  reader: Reader,
  { format, ...input }: InputOf<Contract['messages.export']>,
  outlet: Outlet<ItemOf<Contract['messages.export']>>,
): () => void {
  const head = headLine(format)
  if (head !== '') outlet.push({ kind: 'text', text: head })
  return run(core, reader, input, format, (reply, taken) => {
    if (reply.kind === 'text') outlet.push({ kind: 'text', text: reply.text }, taken)
    else if (reply.kind === 'progress') outlet.push({ kind: 'progress', progress: reply.progress })
    else if (reply.kind === 'failed') outlet.fail(new Error(reply.message))
    else outlet.end()
  })
}

function run(
  core: Core,
  reader: Reader,
  input: SearchInput,
  format: ExportFormat | null,
  listener: (reply: ReaderReply, taken: () => void) => void,
): () => void {
  const logs = input.topics
    .flatMap((name) => topicOf(core, name).partitions())
    .filter(({ number }) => input.partitions === null || input.partitions.includes(number))
  const live = input.from === 'live'
  const ranges = logs.map((log): SearchRange => rangeOf(core, log, input))
  const { grown, taken, stop } = reader.search(
    {
      ranges,
      backward: input.from === 'newest',
      live,
      limit: live ? Number.MAX_SAFE_INTEGER : input.limit,
      find: input.find,
      script: input.script,
      fromAt: input.from === 'time' ? (input.value ?? 0) : -1,
      untilAt: input.until ?? -1,
      format,
      committed: input.committed,
    },
    (reply) => listener(reply, taken),
  )
  if (!live) return stop
  const follow = logs.map((log) => {
    const wake = () => grown({ [`${log.topic}:${log.number}`]: endOf(log, input) })
    log.waiters.add(wake)
    return () => log.waiters.delete(wake)
  })
  return () => {
    for (const end of follow) end()
    stop()
  }
}

function rangeOf(core: Core, log: Partition, input: SearchInput): SearchRange {
  const { logStartOffset: start } = log
  const end = endOf(log, input)
  const place = input.after?.find(({ topic, partition }) => topic === log.topic && partition === log.number)
  const backward = input.from === 'newest'
  const from = ((): number => {
    if (place && !backward) return Math.max(start, place.offset)
    switch (input.from) {
      case 'live':
        return end
      case 'offset':
        return Math.min(Math.max(input.value ?? start, start), end)
      case 'time':
        return log.offsetAtTime(input.value ?? 0, end)?.offset ?? end
      case 'group':
        return core.groups.offsets.get(input.groupId ?? '', log.topic, log.number)?.offset ?? start
      default:
        return start
    }
  })()
  const aborted = log
    .abortedTransactions(from, end)
    .map(({ producerId, firstOffset, lastOffset }) => [String(producerId), firstOffset, lastOffset] as const)
  return {
    topic: log.topic,
    topicRow: topicOf(core, log.topic).row.id,
    partition: log.number,
    from,
    // A partition that was added since has its newest records before those that the page has.
    before: backward && input.after ? Math.min(end, place?.offset ?? start) : end,
    seen: place?.seen ?? [],
    open: core.workspace.transactionIndex
      .listOpen(log.facts.id)
      .map(({ producerId, firstOffset }) => [String(producerId), firstOffset] as const),
    aborted,
    decoders: decodersOf(core, log.topic),
  }
}

function endOf(log: Partition, { committed }: Pick<SearchInput, 'committed'>): number {
  return committed ? log.lastStableOffset : log.highWatermark
}

/** The first record at or behind an offset, as a table shows it. Markers and what was compacted away are passed over. */
export async function messageAt(core: Core, topic: string, number: number, offset: number): Promise<MessageRow | null> {
  const log = topicOf(core, topic).partition(number)
  if (!log) throw new Error(`${topic} has no partition ${number}.`)
  for (let from = Math.max(offset, log.logStartOffset); from < log.highWatermark; ) {
    const bytes = log.read(from, 1, true, log.highWatermark).batches[0]
    if (!bytes) return null
    const batch = readBatch(bytes)
    const record = batch.isControl ? undefined : [...readRecords(batch)].find((one) => one.offset >= offset)
    if (record) {
      const { key, value } = record
      const decoders = decodersOf(core, topic)
      const [readKey, readValue] = [await decoderFor(decoders.key), await decoderFor(decoders.value)]
      return {
        topic,
        partition: number,
        offset: record.offset,
        timestamp: Number(record.timestamp),
        key: readKey(key, tableCharacters, { part: 'key', key }),
        value: readValue(value, tableCharacters, { part: 'value', key }),
        headers: record.headers.length,
        sizeBytes: (key?.length ?? 0) + (value?.length ?? 0),
        transaction: transactionOf(core, log, batch)?.state ?? null,
      }
    }
    from = batch.lastOffset + 1
  }
  return null
}

/** One record byte for byte. @throws Error when it is gone */
export function exact(core: Core, topic: string, number: number, offset: number): ExactMessage {
  return exactMessage(recordAt(core, topic, number, offset).record)
}

function recordAt(core: Core, topic: string, number: number, offset: number) {
  const log = topicOf(core, topic).partition(number)
  const bytes = log?.read(offset, 1, true, log.highWatermark).batches[0]
  const batch = bytes && readBatch(bytes)
  const unpacked = batch && unpackRecords(batch)
  const record = batch && [...readRecords(batch, unpacked)].find((candidate) => candidate.offset === offset)
  if (!log || !batch || !record || !unpacked) {
    throw new Error(
      `Offset ${offset} of ${topic}-${number} is not there: it was deleted, compacted away, or is a marker.`,
    )
  }
  return { log, batch, unpacked, record }
}

/** One record with its batch, and which groups have read it. @throws Error when it is gone */
export async function detail(core: Core, topic: string, number: number, offset: number): Promise<MessageDetail> {
  const { log, batch, unpacked, record } = recordAt(core, topic, number, offset)
  const { key, value } = record
  const decoders = decodersOf(core, topic)
  const [readKey, readValue] = [await decoderFor(decoders.key), await decoderFor(decoders.value)]
  return {
    topic,
    partition: number,
    offset,
    timestamp: Number(record.timestamp),
    timestampType: batch.timestampType,
    key: readKey(key, detailBytes, { part: 'key', key }),
    value: readValue(value, detailBytes, { part: 'value', key }),
    keyHex: hex(record.key),
    valueHex: hex(record.value),
    headers: record.headers.map((header) => ({ key: header.key, value: decode(header.value, detailBytes) })),
    batch: {
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      records: batch.recordCount,
      codec: batch.codec,
      sizeBytes: batch.bytes.length,
      unpackedBytes: unpacked.length + (batch.bytes.length - unpacked.length > 0 && batch.codec === 'none' ? 61 : 0),
      crc: batch.crc,
      producerId: String(batch.producerId),
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      transactional: batch.isTransactional,
      leaderEpoch: batch.leaderEpoch,
    },
    transaction: transactionOf(core, log, batch),
    next: nextOf(log, offset),
    consumedBy: consumers(core, topic, number, offset),
  }
}

/** What became of the transaction that wrote a batch. */
function transactionOf(core: Core, log: Partition, batch: Batch): MessageDetail['transaction'] {
  if (!batch.isTransactional) return null
  const { producerId, baseOffset, lastOffset } = batch
  const isAborted = log.abortedTransactions(baseOffset, lastOffset + 1).some((one) => one.producerId === producerId)
  const isOpen = core.workspace.transactionIndex
    .listOpen(log.facts.id)
    .some((one) => one.producerId === producerId && baseOffset >= one.firstOffset)
  const known = core.transactions.all().find((one) => one.producerId === String(producerId))
  return { state: isAborted ? 'aborted' : isOpen ? 'open' : 'committed', id: known?.transactionalId ?? null }
}

/** Offsets that are not there were markers of transactions, or were compacted away. */
function nextOf(log: Partition, offset: number): MessageDetail['next'] {
  let markers = 0
  for (let from = offset + 1; from < log.highWatermark; ) {
    const bytes = log.read(from, 1, true, log.highWatermark).batches[0]
    if (!bytes) return null
    const batch = readBatch(bytes)
    const next = batch.isControl ? undefined : [...readRecords(batch)].find((record) => record.offset > offset)
    if (next) return { offset: next.offset, gap: gapText(next.offset - offset - 1, markers) }
    if (batch.isControl) markers += batch.recordCount
    from = batch.lastOffset + 1
  }
  return null
}

function gapText(missing: number, markers: number): string | null {
  const compacted = missing - markers
  const parts = [
    ...(markers > 0 ? [`${markers} ${markers === 1 ? 'is a transaction marker' : 'are transaction markers'}`] : []),
    ...(compacted > 0 ? [`${compacted} ${compacted === 1 ? 'was' : 'were'} compacted away`] : []),
  ]
  return parts.length > 0 ? `between them ${parts.join(', ')}` : null
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64 * 1024)).toString('hex')
}

function consumers(core: Core, topic: string, number: number, offset: number): MessageDetail['consumedBy'] {
  return core.groups.list().flatMap(({ groupId, members }) => {
    const committed = core.groups.offsets.get(groupId, topic, number)?.offset ?? null
    const owner = members.find(({ assigned }) => assigned[topic]?.includes(number))
    if (committed === null && !owner) return []
    let fetched = -1
    for (const client of core.clients.all()) {
      if (client.clientId === owner?.clientId)
        fetched = Math.max(fetched, client.positions.get(`${topic}:${number}`) ?? -1)
    }
    const state =
      committed !== null && offset < committed ? 'committed' : offset < fetched ? 'delivered' : 'not reached'
    return [{ groupId, committed, state } as const]
  })
}
