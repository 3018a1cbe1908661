import type Sqlite from 'better-sqlite3'

export interface JournalRow {
  readonly seq: number
  readonly at: number
  /** JSON. */
  readonly frame: string
}

/** What the list of rebalances needs of a frame that starts or ends one. */
export interface BoundaryFacts {
  readonly boundary: string
  readonly epoch: number
  readonly kind: string
  /** JSON. */
  readonly causes: string
}

export interface BoundaryRow extends BoundaryFacts {
  readonly seq: number
  readonly at: number
}

/** Most frames kept of one group, and of all; the oldest go. */
const keptPerGroup = 20_000
const keptOverall = 200_000
/** Frames added between two looks at these limits. */
const framesPerTrim = 1000

/** What happened in each group, step by step. Write within `Workspace.write`. */
export class Journal {
  readonly #insert: Sqlite.Statement
  readonly #range: Sqlite.Statement
  readonly #boundaries: Sqlite.Statement
  readonly #lastBoundaries: Sqlite.Statement
  readonly #first: Sqlite.Statement
  readonly #last: Sqlite.Statement
  readonly #trim: Sqlite.Statement
  readonly #trimAll: Sqlite.Statement
  readonly #removeGroup: Sqlite.Statement
  #added = 0

  constructor(database: Sqlite.Database) {
    this.#insert = database.prepare(
      `INSERT OR REPLACE INTO frames (group_id, seq, at, frame, boundary, epoch, kind, causes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#range = database.prepare(
      'SELECT seq, at, frame FROM frames WHERE group_id = ? AND seq >= ? AND seq < ? ORDER BY seq LIMIT ?',
    )
    this.#boundaries = database.prepare(
      `SELECT seq, at, boundary, epoch, kind, causes FROM frames
         WHERE group_id = ? AND boundary IS NOT NULL ORDER BY seq`,
    )
    // One look into the index for each group: a GROUP BY would read all boundaries.
    this.#lastBoundaries = database
      .prepare(
        `SELECT value, (SELECT at FROM frames
             WHERE group_id = value AND boundary IS NOT NULL AND boundary != 'note' ORDER BY seq DESC LIMIT 1) AS at
           FROM json_each(?) WHERE at IS NOT NULL`,
      )
      .raw()
    this.#first = database.prepare('SELECT min(seq) FROM frames WHERE group_id = ?').pluck()
    this.#last = database.prepare('SELECT max(seq) FROM frames WHERE group_id = ?').pluck()
    this.#trim = database.prepare('DELETE FROM frames WHERE group_id = ? AND seq <= ?')
    this.#trimAll = database.prepare(
      'DELETE FROM frames WHERE at <= (SELECT at FROM frames ORDER BY at DESC LIMIT 1 OFFSET ?)',
    )
    this.#removeGroup = database.prepare('DELETE FROM frames WHERE group_id = ?')
  }

  /** `facts` are kept of a frame that starts or ends a rebalance, where they are found without reading frames. */
  add(groupId: string, seq: number, at: number, frame: string, facts: BoundaryFacts | null = null): void {
    const { boundary = null, epoch = null, kind = null, causes = null } = facts ?? {}
    this.#insert.run(groupId, seq, at, frame, boundary, epoch, kind, causes)
    if (seq % framesPerTrim === 0) this.#trim.run(groupId, seq - keptPerGroup)
    if (++this.#added % framesPerTrim === 0) this.#trimAll.run(keptOverall)
  }

  /** Frames with from <= seq < before. */
  range(groupId: string, from: number, before: number, limit: number): JournalRow[] {
    return this.#range.all(groupId, from, before, limit) as JournalRow[]
  }

  /** All frames that start or end a rebalance, from the index alone. */
  boundaries(groupId: string): BoundaryRow[] {
    return this.#boundaries.all(groupId) as BoundaryRow[]
  }

  /** When the newest frame was stored that starts or ends a rebalance, of each group that has one. */
  lastBoundariesAt(groupIds: readonly string[]): ReadonlyMap<string, number> {
    return new Map(this.#lastBoundaries.all(JSON.stringify(groupIds)) as [string, number][])
  }

  /** The seq of the first frame that is not older than `at`, by binary search. */
  seqAt(groupId: string, at: number): number {
    let low = (this.#first.get(groupId) as number | null) ?? 1
    let high = this.lastSeq(groupId) + 1
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      // A frame may be missing: then the next one speaks for it.
      const [found] = this.range(groupId, middle, high, 1)
      if (!found || found.at >= at) high = middle
      else low = found.seq + 1
    }
    return low
  }

  /** When the newest frame was stored; `null`: there is none. */
  lastAt(groupId: string): number | null {
    const seq = this.lastSeq(groupId)
    return this.range(groupId, seq, seq + 1, 1)[0]?.at ?? null
  }

  /** The newest seq, 0 when there is none. */
  lastSeq(groupId: string): number {
    return (this.#last.get(groupId) as number | null) ?? 0
  }

  removeGroup(groupId: string): void {
    this.#removeGroup.run(groupId)
  }
}
