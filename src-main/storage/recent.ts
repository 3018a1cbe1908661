import { hold, letGo, own } from '../base/held-bytes'
import { type Int64, maxInt64 } from '../base/int64'
import { lastOffsetsOfProducers } from '../records/batch'
import { isDamagedAt, pieceOf, runBytes, type StoredBatch, severalProducers } from './run'

/** Some batches of a log, in order: each piece holds one or several. `lastOffset` is that of the last one, -1 when there is none. */
export interface BatchRange {
  readonly batches: readonly Uint8Array[]
  readonly lastOffset: number
}

const firstBytes = 512

/** How far a run has grown. */
export interface RunState extends Pick<Run, 'facts' | 'producerId' | 'runningMaxTimestamp' | 'sizeBytes'> {}

/** A run in memory. It grows at its end and no byte of it changes, so that readers may keep parts of it. */
export class Run {
  readonly log: number
  readonly baseOffset: number
  /** `severalProducers` where it has batches of more than one. */
  producerId: bigint
  /** Facts of the newest batch, but for `recordCount` and `maxTimestamp`, which are of all. */
  facts: Omit<StoredBatch, 'bytes'>
  /** The largest timestamp that the log ever had, up to here. */
  runningMaxTimestamp: Int64 = -1
  /** A run that has a row stays as it is. */
  hasRow = false
  /** False when its batches were forgotten. */
  isHeld = true
  readonly #isTransactional: boolean
  #bytes: Buffer
  #used: number

  constructor(log: number, { bytes: given, ...facts }: StoredBatch) {
    const { byteLength } = given
    this.log = log
    this.baseOffset = facts.baseOffset
    this.producerId = facts.producerId
    this.facts = facts
    this.#isTransactional = (facts.attributes & transactionalBit) !== 0
    this.#used = byteLength
    if (byteLength > runBytes) {
      // A view of the half of a buffer may keep it; a smaller one would keep much more than it is.
      const bytes = byteLength * 2 < given.buffer.byteLength ? new Uint8Array(given) : given
      if (bytes !== given) own(bytes)
      hold(bytes)
      this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, byteLength)
    } else {
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(byteLength, firstBytes))
      this.#bytes.set(given)
    }
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#used)
  }

  get sizeBytes(): number {
    return this.#used
  }

  get lastOffset(): number {
    return this.facts.lastOffset
  }

  /** What it keeps in memory. */
  get heldBytes(): number {
    return this.#bytes.buffer.byteLength
  }

  /** Whether further batches may join it: markers stay alone, so that they are counted. */
  get mayGrow(): boolean {
    return !this.hasRow && this.#used < runBytes && (this.facts.attributes & controlBit) === 0
  }

  /** Whether a batch may join. Transactional ones share a row with others of their producer only, so that they are counted by it. */
  takes({ producerId, attributes, bytes }: StoredBatch): boolean {
    const isTransactional = (attributes & transactionalBit) !== 0
    return (
      this.mayGrow &&
      this.#used + bytes.byteLength <= runBytes &&
      isTransactional === this.#isTransactional &&
      (this.producerId === producerId || !isTransactional) &&
      (attributes & controlBit) === 0
    )
  }

  /** Whether it has batches of a producer: told by their headers alone, for this is asked with the first batch of each producer. */
  hasBatchesOf(producerId: bigint): boolean {
    if (this.producerId !== severalProducers) return this.producerId === producerId
    return lastOffsetsOfProducers(this.bytes).has(producerId)
  }

  /** What `undo` goes back to. */
  get state(): RunState {
    const { facts, producerId, runningMaxTimestamp } = this
    return { sizeBytes: this.#used, facts, producerId, runningMaxTimestamp }
  }

  /** What was added since is taken out again. Readers may have views of it: those keep their bytes. */
  undo({ sizeBytes, facts, producerId, runningMaxTimestamp }: RunState): void {
    this.facts = facts
    this.producerId = producerId
    this.runningMaxTimestamp = runningMaxTimestamp
    if (sizeBytes === this.#used) return
    const before = Buffer.allocUnsafeSlow(Math.max(sizeBytes, firstBytes))
    this.#bytes.copy(before, 0, 0, sizeBytes)
    this.#bytes = before
    this.#used = sizeBytes
  }

  /** Its bytes are not needed here any more. */
  release(): void {
    letGo(this.#bytes)
  }

  add({ bytes: given, ...facts }: StoredBatch): void {
    const end = this.#used + given.byteLength
    if (end > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(this.#bytes.length * 2, end), runBytes))
      this.#bytes.copy(grown, 0, 0, this.#used)
      this.#bytes = grown
    }
    this.#bytes.set(given, this.#used)
    this.#used = end
    if (facts.producerId !== this.producerId) this.producerId = severalProducers
    const { recordCount, maxTimestamp } = this.facts
    this.facts = {
      ...facts,
      recordCount: recordCount + facts.recordCount,
      maxTimestamp: maxInt64(maxTimestamp, facts.maxTimestamp),
    }
  }
}

/** Of a batch's attributes (DefaultRecordBatch.TRANSACTIONAL_FLAG_MASK, CONTROL_FLAG_MASK). */
const transactionalBit = 0x10
const controlBit = 0x20

/** The held runs of one log: a queue whose front moves on without moving the rest. */
interface Tail {
  runs: Run[]
  front: number
}

/** Cost of a held run beside its bytes: its object, its facts, its buffer, its place in two lists. */
const overheadBytes = 600

/**
 * The newest batches of all logs together, bounded in bytes, so that consumers at the tail never touch the file. The oldest runs of
 * all go first.
 */
export class RecentBatches {
  readonly #limitBytes: number
  readonly #tails = new Map<number, Tail>()
  /** All runs in the order of their first batches, forgotten ones included. */
  #order: Run[] = []
  #orderFront = 0
  #forgotten = 0
  #heldBytes = 0
  /** Runs that went in this turn: whoever reads may still have views of them. */
  #dropped: Run[] = []

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Adds the next batch of a log. Returns its run: that of the batch before it, where it may join. */
  add(log: number, batch: StoredBatch): Run {
    const tail = this.#tails.get(log)
    const last = tail?.runs[tail.runs.length - 1]
    if (last?.takes(batch)) {
      this.#heldBytes -= last.heldBytes
      last.add(batch)
      this.#heldBytes += last.heldBytes
      return this.#bound(last)
    }
    const run = new Run(log, batch)
    if (tail) tail.runs.push(run)
    else this.#tails.set(log, { runs: [run], front: 0 })
    this.#order.push(run)
    this.#heldBytes += run.heldBytes + overheadBytes
    return this.#bound(run)
  }

  /** As `Batches.read`, or `undefined` when `from` is older than what is held. */
  read(log: number, from: number, maxBytes: number, atLeastOne: boolean, end: number): BatchRange | undefined {
    const tail = this.#tails.get(log)
    const first = tail?.runs[tail.front]
    if (!tail || !first || from < first.baseOffset) return undefined
    const range = new RangeReader(from, maxBytes, atLeastOne, end)
    for (let i = firstReaching(tail, from); i < tail.runs.length; i++) {
      const run = tail.runs[i] as Run
      if (!range.add(run.bytes, run.lastOffset)) break
    }
    return range
  }

  forget(log: number): void {
    const tail = this.#tails.get(log)
    if (!tail) return
    for (let i = tail.front; i < tail.runs.length; i++) {
      this.#release(tail.runs[i] as Run)
      this.#forgotten++
    }
    this.#tails.delete(log)
    if (this.#forgotten < 1024 || this.#forgotten * 2 < this.#order.length - this.#orderFront) return
    this.#order = this.#order.slice(this.#orderFront).filter(({ isHeld }) => isHeld)
    this.#orderFront = 0
    this.#forgotten = 0
  }

  /** The turn ends: whoever needs views of what went holds them. */
  endTurn(): void {
    for (const run of this.#dropped) run.release()
    this.#dropped = []
  }

  #bound(run: Run): Run {
    while (this.#heldBytes > this.#limitBytes && this.#orderFront < this.#order.length) this.#dropOldest()
    return run
  }

  #dropOldest(): void {
    const oldest = this.#order[this.#orderFront++] as Run
    if (this.#orderFront > 1024 && this.#orderFront * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#orderFront)
      this.#orderFront = 0
    }
    if (!oldest.isHeld) {
      this.#forgotten--
      return
    }
    const tail = this.#tails.get(oldest.log) as Tail
    this.#release(oldest)
    tail.front++
    if (tail.front === tail.runs.length) this.#tails.delete(oldest.log)
    else if (tail.front > 64 && tail.front * 2 > tail.runs.length) {
      tail.runs = tail.runs.slice(tail.front)
      tail.front = 0
    }
  }

  #release(run: Run): void {
    run.isHeld = false
    this.#dropped.push(run)
    this.#heldBytes -= run.heldBytes + overheadBytes
  }
}

/** Puts a range together from runs in the order of their offsets. */
export class RangeReader implements BatchRange {
  readonly batches: Uint8Array[] = []
  lastOffset = -1
  readonly #from: number
  readonly #maxBytes: number
  readonly #atLeastOne: boolean
  readonly #end: number
  #bytes = 0

  constructor(from: number, maxBytes: number, atLeastOne: boolean, end: number) {
    this.#from = from
    this.#maxBytes = maxBytes
    this.#atLeastOne = atLeastOne
    this.#end = end
  }

  /** Whether a batch of this size would be taken. */
  hasRoomFor(sizeBytes: number): boolean {
    return this.#bytes + sizeBytes <= this.#maxBytes || (this.#atLeastOne && this.batches.length === 0)
  }

  /** Takes what is wanted of the next run; returns false when nothing of a further one is. */
  add(run: Buffer, lastOffset: number): boolean {
    const isFirst = this.batches.length === 0
    const left = this.#maxBytes - this.#bytes
    // What is sound before it is given; the next read begins with it, and fails.
    if (!isFirst && isDamagedAt(run, 0)) return false
    if (!isFirst && lastOffset < this.#end && run.length <= left) {
      this.#take(run, lastOffset)
      return run.length < left
    }
    const bounds = { from: this.#from, end: this.#end, maxBytes: left, atLeastOne: this.#atLeastOne && isFirst }
    const piece = pieceOf(run, bounds)
    if (piece.end > piece.start) this.#take(run.subarray(piece.start, piece.end), piece.lastOffset)
    return piece.lastOffset === lastOffset && this.#bytes < this.#maxBytes
  }

  #take(bytes: Buffer, lastOffset: number): void {
    this.batches.push(bytes)
    this.#bytes += bytes.length
    this.lastOffset = lastOffset
  }
}

/** The index of the first held run whose last offset is `from` or later. */
function firstReaching(tail: Tail, from: number): number {
  let low = tail.front
  let high = tail.runs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((tail.runs[middle] as Run).lastOffset < from) low = middle + 1
    else high = middle
  }
  return low
}
