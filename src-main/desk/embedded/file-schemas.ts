import type { Batch } from '../../records/batch'
import { readRecords } from '../../records/record'
import { readRecord, schemasTopic } from '../../registry/records'
import { Registry } from '../../registry/registry'
import type { PartitionLog, WorkspaceReader } from '../../storage'
import type { SchemaSource } from '../decoders/framing'
import { schemasOf } from '../decoders/registry-schemas'

const sliceBytes = 4 * 1024 * 1024

/**
 * The schema registry as the workspace file has it, for a thread that only reads: replayed when the first value names a schema, and
 * read further when an id is not known.
 */
export class FileSchemas implements SchemaSource {
  readonly where = 'this registry'
  readonly #reader: WorkspaceReader
  readonly #schemas: SchemaSource
  #registry = new Registry()
  #log: number | undefined
  #next = 0

  constructor(reader: WorkspaceReader) {
    this.#reader = reader
    this.#schemas = schemasOf(() => this.#registry)
  }

  byId(id: number, subject: string) {
    return this.#found(() => this.#schemas.byId(id, subject))
  }

  byGuid(guid: string) {
    return this.#found(() => this.#schemas.byGuid(guid))
  }

  #found<T>(look: () => T | undefined): T | undefined {
    return look() ?? (this.#catchUp() ? look() : undefined)
  }

  /** Whether there was more to read. */
  #catchUp(): boolean {
    const log = this.#reader.partition(schemasTopic, 0)
    if (log?.id !== this.#log) {
      this.#registry = new Registry()
      this.#log = log?.id
      this.#next = 0
    }
    if (!log || this.#next >= log.logEnd) return false
    this.#replay(log)
    return true
  }

  #replay(log: PartitionLog): void {
    while (this.#next < log.logEnd) {
      const batches = this.#reader.batches(log, { from: this.#next, before: log.logEnd, maxBytes: sliceBytes })
      for (const batch of batches) this.#apply(batch)
      this.#next = batches.length === 0 ? log.logEnd : batches[batches.length - 1]!.lastOffset + 1
    }
  }

  #apply(batch: Batch): void {
    if (batch.isControl) return
    try {
      for (const { key, value, timestamp } of readRecords(batch)) {
        const record = readRecord(key, value, Number(timestamp))
        if (record) this.#registry.state.apply(record)
      }
    } catch {
      // Anybody may produce to the topic: what cannot be unpacked is no record of a registry.
    }
  }
}
