import type Sqlite from 'better-sqlite3'
import type { Uuid } from '../base/uuid'
import type { Garbage } from './garbage'

export interface TopicRow {
  readonly id: number
  readonly uuid: Uuid
  readonly name: string
  readonly partitions: number
  readonly createdAt: number
}

/** Topics and how many partitions they have. Call within `Workspace.write`. */
export class TopicRows {
  readonly #list: Sqlite.Statement
  readonly #insert: Sqlite.Statement
  readonly #insertPartition: Sqlite.Statement
  readonly #grow: Sqlite.Statement
  readonly #remove: Sqlite.Statement[]

  readonly #garbage: Garbage

  constructor(database: Sqlite.Database, garbage: Garbage) {
    this.#garbage = garbage
    this.#list = database.prepare('SELECT id, uuid, name, partitions, created_at AS createdAt FROM topics')
    this.#insert = database.prepare('INSERT INTO topics (uuid, name, partitions, created_at) VALUES (?, ?, ?, ?)')
    this.#insertPartition = database.prepare('INSERT INTO partitions (topic, number) VALUES (?, ?)')
    this.#grow = database.prepare('UPDATE topics SET partitions = ? WHERE id = ?')
    this.#remove = [
      'DELETE FROM open_transactions WHERE partition IN (SELECT id FROM partitions WHERE topic = ?)',
      'DELETE FROM partitions WHERE topic = ?',
      'DELETE FROM topics WHERE id = ?',
    ].map((sql) => database.prepare(sql))
  }

  list(): TopicRow[] {
    return this.#list.all() as TopicRow[]
  }

  create(uuid: Uuid, name: string, partitions: number, createdAt: number): TopicRow {
    const id = Number(this.#insert.run(uuid, name, partitions, createdAt).lastInsertRowid)
    for (let number = 0; number < partitions; number++) this.#insertPartition.run(id, number)
    return { id, uuid, name, partitions, createdAt }
  }

  addPartitions(topic: TopicRow, partitions: number): TopicRow {
    for (let number = topic.partitions; number < partitions; number++) this.#insertPartition.run(topic.id, number)
    this.#grow.run(partitions, topic.id)
    return { ...topic, partitions }
  }

  /** The topic is gone at once; its batches and aborted transactions go in slices. Its configs are its owner's to remove. */
  remove(topic: TopicRow): void {
    this.#garbage.noteTopic(topic.id)
    for (const statement of this.#remove) statement.run(topic.id)
  }
}
