import type Sqlite from 'better-sqlite3'
import { type Int64, int64 } from '../base/int64'

/** A committed offset is whatever a client commits: all 64 bits of it are kept. */
export interface OffsetRow {
  readonly groupId: string
  readonly topic: string
  readonly partition: number
  readonly offset: Int64
  readonly leaderEpoch: number
  readonly metadata: string
  readonly committedAt: number
  readonly expiresAt: number | null
}

/** The same as SQLite gives it. */
type StoredRow = Pick<OffsetRow, 'groupId' | 'topic' | 'metadata'> &
  Readonly<Record<'partition' | 'offset' | 'leaderEpoch' | 'committedAt', bigint> & Record<'expiresAt', bigint | null>>

/** A deliberate change of a group's offsets (a reset, an undo): what it replaced, so that it can be taken back. */
export interface OffsetChange {
  readonly id: number
  readonly groupId: string
  readonly at: number
  readonly kind: 'reset' | 'undo'
  /** JSON. */
  readonly cause: string
  /** JSON. */
  readonly changes: string
  readonly undoneBy: number | null
}

/** Rows that one statement writes: a statement of its own for each costs as much as half a row. */
const rowsTogether = 8

/** Committed offsets of all groups, and the history of deliberate changes. */
export class Offsets {
  readonly #list: Sqlite.Statement
  readonly #set: Sqlite.Statement
  readonly #setSeveral: Sqlite.Statement
  readonly #remove: Sqlite.Statement
  readonly #removeGroup: Sqlite.Statement
  readonly #note: Sqlite.Statement
  readonly #history: Sqlite.Statement
  readonly #forget: Sqlite.Statement
  readonly #undone: Sqlite.Statement

  constructor(database: Sqlite.Database) {
    this.#list = database.prepare(
      `SELECT group_id AS groupId, topic, partition, committed_offset AS offset, leader_epoch AS leaderEpoch, metadata,
         committed_at AS committedAt, expires_at AS expiresAt FROM offsets`,
    )
    this.#list.safeIntegers()
    const set = (rows: number) =>
      database.prepare(
        `INSERT OR REPLACE INTO offsets (group_id, topic, partition, committed_offset, leader_epoch, metadata, committed_at, expires_at)
           VALUES ${Array(rows).fill('(?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
      )
    this.#set = set(1)
    this.#setSeveral = set(rowsTogether)
    this.#remove = database.prepare('DELETE FROM offsets WHERE group_id = ? AND topic = ? AND partition = ?')
    this.#removeGroup = database.prepare('DELETE FROM offsets WHERE group_id = ?')
    this.#note = database.prepare(
      'INSERT INTO offset_changes (group_id, at, kind, cause, changes) VALUES (?, ?, ?, ?, ?)',
    )
    this.#history = database.prepare(
      `SELECT id, group_id AS groupId, at, kind, cause, changes, undone_by AS undoneBy FROM offset_changes
         WHERE group_id = ? ORDER BY id DESC LIMIT ?`,
    )
    this.#forget = database.prepare(
      `DELETE FROM offset_changes WHERE group_id = ? AND id <=
         (SELECT id FROM offset_changes WHERE group_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
    )
    this.#undone = database.prepare('UPDATE offset_changes SET undone_by = ? WHERE id = ?')
  }

  list(): OffsetRow[] {
    const rows = this.#list.all() as StoredRow[]
    return rows.map(({ groupId, topic, partition, offset, leaderEpoch, metadata, committedAt, expiresAt }) => ({
      groupId,
      topic,
      partition: Number(partition),
      offset: int64(offset),
      leaderEpoch: Number(leaderEpoch),
      metadata,
      committedAt: Number(committedAt),
      expiresAt: expiresAt === null ? null : Number(expiresAt),
    }))
  }

  /** Where a partition is there twice, the last row stays. */
  set(groupId: string, rows: readonly Omit<OffsetRow, 'groupId'>[]): void {
    const alone = rows.length % rowsTogether
    for (const row of rows.slice(0, alone)) this.#set.run(valuesOf(groupId, [row]))
    for (let at = alone; at < rows.length; at += rowsTogether) {
      this.#setSeveral.run(valuesOf(groupId, rows.slice(at, at + rowsTogether)))
    }
  }

  remove(groupId: string, topic: string, partition: number): void {
    this.#remove.run(groupId, topic, partition)
  }

  removeGroup(groupId: string): void {
    this.#removeGroup.run(groupId)
  }

  /** Notes a deliberate change, keeps the newest `keep` of the group, and returns its id. */
  noteChange({ groupId, at, kind, cause, changes }: Omit<OffsetChange, 'id' | 'undoneBy'>, keep = 200): number {
    const id = Number(this.#note.run(groupId, at, kind, cause, changes).lastInsertRowid)
    this.#forget.run(groupId, groupId, keep)
    return id
  }

  /** The newest first. */
  history(groupId: string, limit: number): OffsetChange[] {
    return this.#history.all(groupId, limit) as OffsetChange[]
  }

  markUndone(id: number, by: number): void {
    this.#undone.run(by, id)
  }
}

function valuesOf(groupId: string, rows: readonly Omit<OffsetRow, 'groupId'>[]): unknown[] {
  const values: unknown[] = []
  for (const { topic, partition, offset, leaderEpoch, metadata, committedAt, expiresAt } of rows) {
    values.push(groupId, topic, partition, offset, leaderEpoch, metadata, committedAt, expiresAt)
  }
  return values
}
