import type Sqlite from 'better-sqlite3'
import { keep, own } from '../base/held-bytes'
import type { Int64 } from '../base/int64'
import { type Batch, readBatches } from '../records/batch'
import type { Appended } from './append-file'
import { ChangedLogs, type LogState } from './changed-logs'
import type { Garbage } from './garbage'
import type { LargeBatches, LostBatch } from './large-batches'
import { RowMerger } from './merge'
import { type BatchRange, RangeReader, RecentBatches } from './recent'
import { batchesIfSound, batchesOf, runBytes, type StoredBatch, sumsOf } from './run'
import { RunRows } from './run-rows'
import { type LogFacts, type RowFacts, StoredRuns } from './stored-runs'

/** A batch as compaction reads it, and the id of its row. */
export interface BatchRow {
  readonly id: number
  readonly batch: Batch
}

/** Size and age of a batch. `newestAt` is the time of its newest record, or of the append where records have no times. */
export interface BatchSize {
  readonly lastOffset: number
  readonly sizeBytes: number
  readonly newestAt: number
}

/** What compaction made of a batch; `null`: it goes. */
export interface BatchChange {
  readonly row: BatchRow
  readonly bytes: Buffer | null
}

const nothing: BatchRange = { batches: [], lastOffset: -1 }

/** The newest batches of all logs that are held in memory. */
const recentBytes = 12 * 1024 * 1024

/** A log with more runs without rows than this gives them rows: the more at a time, the fewer pages each of them takes. */
const mostRuns = 8
/** With more of them in all logs together, all get rows. */
const mostRunsOfAll = 2048
const mostBytesOfAll = 4 * 1024 * 1024

/** The logs: appended to by the group commit, read from memory at the tail and by index everywhere else. Write within `Workspace.write`. */
export class Batches {
  readonly #recent = new RecentBatches(recentBytes)
  readonly #logs = new ChangedLogs()
  /** Logs that were changed when the workspace was opened, by their ids, until they are opened. */
  readonly #restored = new Map<number, LogFacts>()
  readonly #runs: RunRows
  readonly #merger: RowMerger
  readonly #saveFacts: Sqlite.Statement
  readonly #stored: StoredRuns
  readonly #garbage: Garbage
  readonly #write: (write: () => void) => void

  /** @param write `Workspace.write`: what is asked of the file before the turn ends is written then */
  constructor(database: Sqlite.Database, garbage: Garbage, large: LargeBatches, write: (write: () => void) => void) {
    this.#garbage = garbage
    this.#write = write
    this.#runs = new RunRows(database, large)
    this.#merger = new RowMerger(database, this.#runs)
    this.#saveFacts = database.prepare(
      `UPDATE partitions SET log_start = ?, log_end = ?, size_bytes = ?, running_max_timestamp = ?, max_timestamp = ?,
         offset_of_max_timestamp = ?, cleaned_until = ?, merged_until = ? WHERE id = ?`,
    )
    this.#stored = new StoredRuns(database, large)
  }

  /** A partition's log; `undefined` when the topic has no such partition. Open it once: the facts live in what is returned. */
  open(topicRow: number, number: number): LogFacts | undefined {
    const facts = this.#stored.facts(topicRow, number)
    const restored = facts && this.#restored.get(facts.id)
    if (restored) this.#restored.delete(restored.id)
    return restored ?? facts
  }

  /** Adds batches at the end. Their bytes must not change afterwards: readers get them by reference. */
  append(log: LogFacts, batch: StoredBatch): void {
    const state = this.#logs.note(log)
    const { baseOffset, lastOffset, maxTimestamp } = batch
    const { byteLength } = batch.bytes
    if (maxTimestamp > log.maxTimestamp) {
      log.maxTimestamp = maxTimestamp
      log.offsetOfMaxTimestamp = baseOffset
    }
    if (maxTimestamp > log.runningMaxTimestamp) log.runningMaxTimestamp = maxTimestamp
    const run = this.#recent.add(log.id, batch)
    run.runningMaxTimestamp = log.runningMaxTimestamp
    log.logEnd = lastOffset + 1
    log.sizeBytes += byteLength
    if (byteLength <= runBytes) {
      this.#logs.added(state, run, byteLength)
      return
    }
    this.#write(() => {
      this.#giveRows(state)
      this.#runs.insert(run)
    })
    state.storesFacts = true
  }

  /**
   * Takes back what the append file has of a log; what has rows by now is left out, and what does not follow on the log: after a loss of power, or
   * beside an older copy of the workspace, batches before it may be missing. Call it before anything else, and `committed` when it was called for all.
   */
  restore({ log: id, appendedAt, bytes }: Appended): void {
    const log = this.#restored.get(id) ?? this.#stored.factsOf(id)
    if (!log) return
    this.#restored.set(id, log)
    for (const batch of readBatches(bytes)) {
      if (batch.baseOffset !== log.logEnd) continue
      const { baseOffset, lastOffset, maxTimestamp, producerId, producerEpoch, baseSequence, attributes, recordCount } =
        batch
      this.append(log, {
        baseOffset,
        lastOffset,
        maxTimestamp,
        appendedAt,
        producerId,
        producerEpoch,
        baseSequence,
        attributes,
        recordCount,
        bytes: batch.bytes,
      })
    }
  }

  /** Batches without records take the place of those whose bytes are lost, in a turn. Call it before anything else, and before `restore`. */
  lose(lost: readonly LostBatch[]): void {
    const emptied = lost.map((batch) => batch.sizeBytes - this.#runs.empty(batch))
    for (const [i, { log: id, baseOffset }] of lost.entries()) {
      const log = this.#restored.get(id) ?? this.#stored.factsOf(id)
      if (!log) continue
      this.#restored.set(id, log)
      this.#logs.note(log).storesFacts = true
      log.sizeBytes -= emptied[i] as number
      if (log.offsetOfMaxTimestamp === baseOffset) this.#findMaxTimestamp(log)
    }
  }

  /**
   * Whole batches from the one that holds `from`, at most `maxBytes` of them (with `atLeastOne` the first whatever its size),
   * and none that reaches `end` or beyond.
   */
  read(log: LogFacts, from: number, maxBytes: number, atLeastOne: boolean, end: number): BatchRange {
    const range = this.lend(log, from, maxBytes, atLeastOne, end)
    for (const bytes of range.batches) keep(bytes)
    return range
  }

  /** As `read`, but the bytes are there until the turn of the event loop ends: who needs them longer holds them (`base/held-bytes.ts`). */
  lend(log: LogFacts, from: number, maxBytes: number, atLeastOne: boolean, end: number): BatchRange {
    if (from >= end) return nothing
    const recent = this.#recent.read(log.id, from, maxBytes, atLeastOne, end)
    if (recent) return recent
    const range = new RangeReader(from, maxBytes, atLeastOne, end)
    for (const row of this.#stored.from(log.id, from)) {
      // A large batch that is not wanted is not read either.
      if (row.bytes === null && !range.hasRoomFor(row.sizeBytes)) return range
      const bytes = this.#stored.bytesOf(row)
      own(bytes)
      if (!range.add(bytes, row.lastOffset)) return range
    }
    // Where a turn fails, some may have rows until it is undone.
    const next = Math.max(from, range.lastOffset + 1)
    for (const run of this.#logs.of(log).pending) {
      if (run.lastOffset >= next && !range.add(run.bytes, run.lastOffset)) break
    }
    return range
  }

  /**
   * The first batch at or after offset `from` with a record of `timestamp` or later; the caller looks inside, and when it finds
   * nothing that it wants asks again from behind.
   */
  reaching(log: LogFacts, timestamp: Int64, from = log.logStart): Batch | undefined {
    return (
      this.#reachingInRows(log, timestamp, from) ??
      this.#pendingBatches(log, from).find(({ maxTimestamp }) => maxTimestamp >= timestamp)
    )
  }

  #reachingInRows(log: LogFacts, timestamp: Int64, from: number): Batch | undefined {
    let low = from
    let high = log.logEnd
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const row = this.#stored.position(log.id, middle)
      if (row && row.runningMaxTimestamp < timestamp) low = row.lastOffset + 1
      else high = middle
    }
    for (;;) {
      const row = this.#stored.reaching(log.id, low, timestamp)
      if (!row) return undefined
      const found = batchesOf(row.bytes, low, log.logEnd).find(({ maxTimestamp }) => maxTimestamp >= timestamp)
      if (found) return found
      low = row.lastOffset + 1
    }
  }

  /** The newest `limit` batches of one producer, the newest first. */
  ofProducer(log: LogFacts, producerId: bigint, limit: number): Batch[] {
    const pending = this.#pendingBatches(log, log.logStart, producerId).reverse()
    const runs = pending.length < limit ? this.#stored.ofProducer(log.id, producerId, log.logStart, limit) : []
    const inRows = runs.flatMap((run) => batchesOf(run, log.logStart, log.logEnd).reverse())
    return [...pending, ...inRows.filter((batch) => batch.producerId === producerId)].slice(0, limit)
  }

  /** Records of the open transaction of a producer, whose first offset is `from`: no batch of it shares a row with what was before. */
  recordsOf(log: LogFacts, producerId: bigint, from: number): number {
    const pending = this.#logs.of(log).pending.filter((run) => run.producerId === producerId && run.lastOffset >= from)
    const inPending = pending.reduce((sum, { facts }) => sum + facts.recordCount, 0)
    return inPending + this.#stored.recordsOf(log.id, producerId, from)
  }

  /** The ids of all producers that have batches in a log, in order. */
  producers(log: LogFacts): bigint[] {
    const pending = this.#pendingBatches(log, log.logStart).filter(({ producerId }) => producerId >= 0n)
    const ids = new Set([...this.#stored.producers(log.id), ...pending.map(({ producerId }) => producerId)])
    return [...ids].sort((a, b) => (a < b ? -1 : 1))
  }

  /** Sizes of batches that end in [from, before), in order: those of up to `limitRows` rows, and whether there may be more. */
  sizes(
    log: LogFacts,
    from: number,
    before: number,
    limitRows: number,
  ): { readonly sizes: readonly BatchSize[]; readonly isAll: boolean } {
    this.#settle(log)
    const rows = this.#stored.rows(log.id, from, before, limitRows)
    return { sizes: rows.flatMap((row) => sizesIn(row, from, before)), isAll: rows.length < limitRows }
  }

  /** Bytes of the batches that end in [from, before). */
  sizeBetween(log: LogFacts, from: number, before: number): number {
    this.#settle(log)
    const ofRows = this.#stored.sizeBytes(log.id, from, before)
    return ofRows + this.#sizeInRow(log, before) - this.#sizeInRow(log, from)
  }

  /** Bytes of the batches that end at `offset` or behind it. The part of the log with fewer offsets is summed: each row costs time. */
  #sizeFrom(log: LogFacts, offset: number): number {
    return offset - log.logStart < log.logEnd - offset && !this.#beginsInDamaged(log)
      ? log.sizeBytes - this.sizeBetween(log, log.logStart, offset)
      : this.sizeBetween(log, offset, log.logEnd)
  }

  /** How much of a damaged row belongs to a log that begins in the middle of it cannot be told. */
  #beginsInDamaged(log: LogFacts): boolean {
    const row = this.#stored.at(log.id, log.logStart)
    if (!row?.bytes || row.baseOffset >= log.logStart) return false
    return batchesIfSound(row.bytes, 0, log.logStart) === undefined
  }

  /** The base offset of the newest batch before `end`; `end` when there is none. */
  newestBase(log: LogFacts, end: number): number {
    this.#settle(log)
    const around = this.#stored.at(log.id, end)
    const inside = around?.bytes ? batchesOf(around.bytes, 0, end).at(-1) : undefined
    if (inside) return inside.baseOffset
    const row = this.#stored.newestBefore(log.id, end)
    if (!row) return end
    return row.bytes ? (batchesOf(row.bytes, 0, end).at(-1)?.baseOffset ?? end) : row.baseOffset
  }

  /**
   * Where the log would begin if batches whose newest record is older than `before` (ms) and those beyond `maxBytes` went, the
   * oldest first, as Kafka drops segments (UnifiedLog.deleteOldSegments); -1 of either keeps all. At most those of `limitRows` rows: `isAll` says
   * that no more would go.
   */
  retainedStart(
    log: LogFacts,
    before: number,
    maxBytes: number,
    limitRows: number,
  ): { readonly start: number; readonly isAll: boolean } {
    let start = log.logStart
    let size = log.sizeBytes
    const { sizes, isAll } = this.sizes(log, log.logStart, log.logEnd, limitRows)
    for (const row of sizes) {
      const isOld = before >= 0 && row.newestAt < before
      const isBeyond = maxBytes >= 0 && size - row.sizeBytes >= maxBytes
      if (!isOld && !isBeyond) return { start, isAll: true }
      size -= row.sizeBytes
      start = row.lastOffset + 1
    }
    return { start, isAll }
  }

  /** Everything before `offset` is gone at once; the rows go in slices. A batch that reaches over `offset` stays whole. */
  deleteBefore(log: LogFacts, offset: number): void {
    if (offset <= log.logStart) return
    if (offset < log.logEnd) this.#settle(log)
    const state = this.#logs.note(log)
    state.storesFacts = true
    // What goes as a whole gets no rows first.
    if (offset >= log.logEnd) this.#logs.needNoRows(state)
    log.sizeBytes = this.#sizeFrom(log, offset)
    log.logStart = offset
    if (log.logEnd < offset) log.logEnd = offset
    if (log.offsetOfMaxTimestamp < offset) this.#findMaxTimestamp(log)
    this.#garbage.note(log.id, offset)
    this.#recent.forget(log.id)
  }

  /** Batches that end in [from, before), for compaction: up to `maxBatches`, as many as fit `maxBytes`, but at least one. */
  rows(log: LogFacts, from: number, before: number, maxBatches: number, maxBytes: number): BatchRow[] {
    this.#settle(log)
    const found: BatchRow[] = []
    let left = maxBytes
    for (const row of this.#stored.from(log.id, from)) {
      const { id } = row
      const batches = batchesOf(this.#stored.bytesOf(row), from, before)
      if (batches.length === 0) return found
      for (const batch of batches) {
        left -= batch.bytes.length
        if (found.length > 0 && (left < 0 || found.length === maxBatches)) return found
        found.push({ id, batch })
      }
    }
    return found
  }

  /** Stores what compaction made of some of `rows`. */
  rewrite(log: LogFacts, changes: readonly BatchChange[]): void {
    if (changes.length === 0) return
    this.#settle(log)
    this.#logs.note(log).storesFacts = true
    this.#recent.forget(log.id)
    const byRow = new Map<number, Map<number, Buffer | null>>()
    for (const { row, bytes } of changes) {
      log.sizeBytes += (bytes?.length ?? 0) - row.batch.bytes.length
      const ofRow = byRow.get(row.id) ?? new Map<number, Buffer | null>()
      byRow.set(row.id, ofRow.set(row.batch.baseOffset, bytes))
    }
    for (const [id, ofRow] of byRow) this.#runs.rewrite(log.id, id, ofRow)
    if (changes.some(({ row }) => row.batch.baseOffset === log.offsetOfMaxTimestamp)) this.#findMaxTimestamp(log)
  }

  /** Notes how far compaction has come. */
  setCleaned(log: LogFacts, before: number): void {
    this.#logs.note(log).storesFacts = true
    log.cleanedUntil = before
  }

  /** Merges small rows among up to `limitRows` of those that were not looked at yet. Returns true when there are no further ones. */
  mergeRows(log: LogFacts, limitRows: number): boolean {
    const { until, isAll } = this.#merger.merge(log.id, Math.max(log.mergedUntil, log.logStart), limitRows)
    if (until > log.mergedUntil) {
      this.#logs.note(log).storesFacts = true
      log.mergedUntil = until
    }
    return isAll
  }

  /** Forgets what memory holds of a log whose topic was deleted. Call when that is committed. */
  close(log: LogFacts): void {
    this.#logs.forget(log)
    this.#recent.forget(log.id)
  }

  /** There are batches without rows. */
  get hasPending(): boolean {
    return this.#logs.pending.size > 0
  }

  /** The turn needs SQLite; else all that it did is told by `appended`. */
  get needsRows(): boolean {
    return this.#areTooMany || this.#logs.changed.some((state) => state.storesFacts || state.pending.length > mostRuns)
  }

  /** Gives runs rows where it is time for that (with `ofAll` all), and stores the facts of those logs: called by the group commit. */
  storeRows(ofAll: boolean): void {
    const logs = this.#logs
    if (ofAll || this.#areTooMany) for (const state of [...logs.pending]) this.#giveRows(state)
    for (const state of logs.changed) if (state.storesFacts || state.pending.length > mostRuns) this.#giveRows(state)
    for (const { log, storesFacts } of logs.changed) {
      if (!storesFacts) continue
      const { logStart, logEnd, sizeBytes, runningMaxTimestamp, maxTimestamp, offsetOfMaxTimestamp } = log
      const { changes } = this.#saveFacts.run(
        logStart,
        logEnd,
        sizeBytes,
        runningMaxTimestamp,
        maxTimestamp,
        offsetOfMaxTimestamp,
        log.cleanedUntil,
        log.mergedUntil,
        log.id,
      )
      // The partition is gone, and with it the note that its rows may go.
      if (changes === 0) this.#garbage.note(log.id, Number.MAX_SAFE_INTEGER)
    }
  }

  /** What the turn added without rows: the append file takes it. Call it after `storeRows`. */
  appended(): readonly Appended[] {
    return this.#logs.appended()
  }

  /** Called when the turn is stored. */
  committed(): void {
    this.#recent.endTurn()
    this.#logs.endTurn()
  }

  /** The turn was rolled back: logs are what they were at the last commit. */
  rolledBack(): void {
    // Before that is undone: a run that becomes shorter keeps less memory than was counted for it.
    for (const { log } of this.#logs.changed) this.#recent.forget(log.id)
    this.#logs.undo()
    this.#recent.endTurn()
  }

  get #areTooMany(): boolean {
    return this.#logs.pendingRuns > mostRunsOfAll || this.#logs.pendingBytes > mostBytesOfAll
  }

  /** Batches without rows that end at `from` or behind it, in order; with `producerId` those of one producer. */
  #pendingBatches(log: LogFacts, from: number, producerId?: bigint): Batch[] {
    return this.#logs
      .of(log)
      .pending.filter((run) => run.lastOffset >= from && (producerId === undefined || run.hasBatchesOf(producerId)))
      .flatMap(({ bytes }) => batchesOf(bytes, from, log.logEnd))
      .filter((batch) => producerId === undefined || batch.producerId === producerId)
  }

  /** What was appended to a log has rows for who asks for these. */
  #settle(log: LogFacts): void {
    const state = this.#logs.of(log)
    if (state.pending.length > 0) this.#write(() => this.#giveRows(state))
  }

  #giveRows(state: LogState): void {
    if (state.pending.length === 0) return
    this.#logs.note(state.log)
    for (const run of state.pending) this.#runs.insert(run)
    // Not before all of them have rows: where one fails, who reads before the turn ends finds them here.
    this.#logs.needNoRows(state)
    state.storesFacts = true
  }

  /** Bytes of the batches that end before `offset` in the row that reaches it. */
  #sizeInRow(log: LogFacts, offset: number): number {
    const row = this.#stored.at(log.id, offset)
    // A row that is damaged is as one batch.
    return row?.bytes && row.baseOffset < offset ? sumsOf(batchesIfSound(row.bytes, 0, offset) ?? []).sizeBytes : 0
  }

  /**
   * The batch with the largest timestamp is gone: which one has it now? Where the bytes of a row are damaged, the row itself tells: this is within the
   * turn, and must not fail what others write in it.
   */
  #findMaxTimestamp(log: LogFacts): void {
    this.#settle(log)
    // Of the row that the log begins in the middle of, only what is behind.
    const start = this.#stored.at(log.id, log.logStart)
    const isCut = start?.bytes && start.baseOffset < log.logStart
    const inStart = isCut ? newestOf(batchesIfSound(start.bytes, log.logStart, log.logEnd) ?? []) : undefined
    const run = this.#stored.largest(log.id, isCut ? start.lastOffset + 1 : log.logStart)
    const batches = run && batchesIfSound(run.bytes, 0, log.logEnd)
    const behind = batches ? newestOf(batches) : run
    const newest = inStart && !(behind && behind.maxTimestamp > inStart.maxTimestamp) ? inStart : behind
    log.maxTimestamp = newest?.maxTimestamp ?? -1
    log.offsetOfMaxTimestamp = newest && newest.maxTimestamp >= 0 ? newest.baseOffset : -1
  }
}

/** The first of the batches with the largest time. */
function newestOf(batches: readonly Batch[]): Batch | undefined {
  let newest: Batch | undefined
  for (const batch of batches) {
    if (batch.recordCount > 0 && !(newest && newest.maxTimestamp >= batch.maxTimestamp)) newest = batch
  }
  return newest
}

function sizesIn(
  { lastOffset, sizeBytes, newestAt, appendedAt, bytes }: RowFacts,
  from: number,
  before: number,
): BatchSize[] {
  // A row that is damaged is as one batch, so that it is retained no longer than others.
  const batches = bytes && batchesIfSound(bytes, from, before)
  if (!batches) return lastOffset < before ? [{ lastOffset, sizeBytes, newestAt }] : []
  return batches.map((batch) => ({
    lastOffset: batch.lastOffset,
    sizeBytes: batch.bytes.length,
    newestAt: batch.maxTimestamp < 0 ? appendedAt : Number(batch.maxTimestamp),
  }))
}
