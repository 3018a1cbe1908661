import { closeSync, fdatasyncSync, fstatSync, openSync, rmSync, statSync } from 'node:fs'
import { crc32c } from '../records/crc'
import { createFile, readAt, writeAt } from './files'

/** Batches that one turn added to one run of a log: side by side, as in its row. */
export interface Appended {
  /** The id of the partition. */
  readonly log: number
  /** When the newest of them was appended, in ms. */
  readonly appendedAt: number
  readonly bytes: Buffer
}

/** What SQLite knows of the append file. */
export interface AppendFileState {
  /** 8 random bytes, new with each file: records of another file are none of this workspace. */
  readonly key: Buffer
  /** Records up to this position belong to turns that SQLite has committed, too. */
  readonly storedEnd: number
}

/** CRC-32C of all that follows (u32), bytes of the entries (u32), key, position (u48), whether SQLite commits the same turn (u16). */
const lengthAt = 4
const keyAt = lengthAt + 4
const positionAt = keyAt + 8
const linkedAt = positionAt + 6
const headerBytes = linkedAt + 2
/** log (f64), appendedAt (f64), bytes of the batches (u32). */
const entryBytes = 20
/** A turn that has more stores rows instead. */
const largestRecord = 64 * 1024 * 1024
/** The buffer that is kept for the next record. */
const keptBytes = 256 * 1024
const noBytes = Buffer.alloc(0)

/**
 * `FILE-appends`, beside the workspace: small batches that have no rows yet. A turn that adds some of them writes one record here, of their own size, where
 * a row takes pages of 16 KiB; they get their rows some runs at a time. Like the WAL it is a part of the workspace until that is closed.
 *
 * Records lie side by side from the start of the file. Their positions go on when it begins at its start again, so what an older record left
 * behind the newest is not read as one. A record that is linked belongs to a turn that SQLite commits after it: it holds when that came about.
 */
export class AppendFile {
  readonly #path: string
  /** Gives new files its permissions. */
  readonly #workspace: string
  readonly #waitsForDisk: boolean
  #descriptor: number | undefined
  #key: Buffer | undefined
  /** The position of the start of the file. */
  #start = 0
  #end = 0
  #buffer = noBytes
  #limitBytes = Number.POSITIVE_INFINITY

  /** @param waitsForDisk each record is on the disk before its turn ends */
  constructor(workspace: string, waitsForDisk: boolean) {
    this.#workspace = workspace
    this.#path = `${workspace}-appends`
    this.#waitsForDisk = waitsForDisk
  }

  /** It has a key that SQLite knows. */
  get isBegun(): boolean {
    return this.#key !== undefined
  }

  /** Bytes of its records, also of those that have rows by now. */
  get length(): number {
    return this.#end - this.#start
  }

  get end(): number {
    return this.#end
  }

  /** A test's full disk: the file grows no longer than this. */
  limit(bytes: number): void {
    this.#limitBytes = bytes
  }

  /** New records have this key, which SQLite commits in the turn of the first. */
  begin(key: Buffer): void {
    this.#key = key
    this.#start = 0
    this.#end = 0
  }

  /** The turn of the first record is undone. */
  abandon(): void {
    this.#key = undefined
  }

  /**
   * Writes what a turn adds, as one record. Returns the position of its end: it holds once `keep` is called with that, and what is written
   * before goes to the same place.
   *
   * @throws the system's error when the disk is full or fails
   */
  write(entries: readonly Appended[], isLinked: boolean): number {
    const key = this.#key
    if (entries.length === 0 || key === undefined) return this.#end
    const record = this.#record(key, entries, isLinked)
    this.#descriptor ??= this.#open()
    const at = this.#end - this.#start
    if (at + record.length > this.#limitBytes) throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' })
    try {
      writeAt(this.#descriptor, record, at)
      if (this.#waitsForDisk) fdatasyncSync(this.#descriptor)
    } catch (error) {
      // All of it may be there, as when only the wait for the disk failed; but its turn fails.
      spoil(this.#descriptor, at)
      throw error
    }
    return this.#end + record.length
  }

  /** The record that ends here is stored. */
  keep(end: number): void {
    this.#end = end
  }

  /** All of its batches have rows: the next record is written at the start of the file. */
  restart(): void {
    this.#start = this.#end
  }

  /**
   * What the file holds, when it belongs to the workspace; the next record comes behind it. A record that is damaged, was not written to its end, or whose turn was not
   * committed ends it.
   *
   * @throws the system's error when the file cannot be read
   */
  restore({ key, storedEnd }: AppendFileState): Appended[] {
    const found: Appended[] = []
    let descriptor: number
    try {
      descriptor = openSync(this.#path, 'r+')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return found
      throw error
    }
    this.#descriptor = descriptor
    const { size } = fstatSync(descriptor)
    const header = Buffer.alloc(headerBytes)
    for (let at = 0; at + headerBytes <= size; ) {
      readAt(descriptor, header, at)
      const position = header.readUIntBE(positionAt, 6)
      const length = header.readUInt32BE(lengthAt)
      if (!key.equals(header.subarray(keyAt, positionAt)) || length > Math.min(size - at - headerBytes, largestRecord))
        break
      if (at > 0 && position !== this.#end) break
      const record = Buffer.allocUnsafeSlow(headerBytes + length)
      // Where it became shorter meanwhile, the checksum of the zeros is wrong.
      readAt(descriptor, record, at)
      if (record.readUInt32BE(0) !== crc32c(record.subarray(lengthAt))) break
      const end = position + headerBytes + length
      if (header.readUInt16BE(linkedAt) === 1 && end > storedEnd) break
      found.push(...entriesOf(record.subarray(headerBytes)))
      this.#key = key
      if (at === 0) this.#start = position
      this.#end = end
      at += headerBytes + length
    }
    return found
  }

  /** Its bytes are needed no more: the file goes. */
  remove(): void {
    this.close()
    this.#key = undefined
    rmSync(this.#path, { force: true })
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #open(): number {
    return createFile(this.#path, statSync(this.#workspace).mode & 0o777, this.#waitsForDisk)
  }

  #record(key: Buffer, entries: readonly Appended[], isLinked: boolean): Buffer {
    let size = headerBytes
    for (const { bytes } of entries) size += entryBytes + bytes.length
    if (this.#buffer.length < size || (this.#buffer.length > keptBytes && size <= keptBytes)) {
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(size, keptBytes))
    }
    const record = this.#buffer
    record.writeUInt32BE(size - headerBytes, lengthAt)
    record.set(key, keyAt)
    record.writeUIntBE(this.#end, positionAt, 6)
    record.writeUInt16BE(isLinked ? 1 : 0, linkedAt)
    let at = headerBytes
    for (const { log, appendedAt, bytes } of entries) {
      record.writeDoubleBE(log, at)
      record.writeDoubleBE(appendedAt, at + 8)
      record.writeUInt32BE(bytes.length, at + 16)
      record.set(bytes, at + entryBytes)
      at += entryBytes + bytes.length
    }
    record.writeUInt32BE(crc32c(record.subarray(lengthAt, size)), 0)
    return record.subarray(0, size)
  }
}

function* entriesOf(bytes: Buffer): Generator<Appended> {
  for (let at = 0; at + entryBytes <= bytes.length; ) {
    const end = at + entryBytes + bytes.readUInt32BE(at + 16)
    yield {
      log: bytes.readDoubleBE(at),
      appendedAt: bytes.readDoubleBE(at + 8),
      bytes: bytes.subarray(at + entryBytes, end),
    }
    at = end
  }
}

/** The record here is read as none, and ends the file. */
function spoil(descriptor: number, at: number): void {
  try {
    writeAt(descriptor, Buffer.alloc(headerBytes), at)
  } catch {
    // The disk takes nothing at all: what fails is told by who calls this, and the next record is written over it.
  }
}
