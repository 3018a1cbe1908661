import type Sqlite from 'better-sqlite3'
import { log } from './1-log'
import { state } from './2-state'
import { turns } from './3-turns'
import { aclNames } from './4-acl-names'
import { causes } from './5-causes'
import { compaction } from './6-compaction'
import { lastStable } from './7-last-stable'
import { runs } from './8-runs'
import { openRuns } from './9-open-runs'
import { appends } from './10-appends'
import { largeBatches } from './11-large-batches'

/** What brings a file to the next format: SQL, or a function where that is not enough. */
const migrations: readonly (string | ((database: Sqlite.Database) => void))[] = [
  log,
  state,
  turns,
  aclNames,
  causes,
  compaction,
  lastStable,
  runs,
  openRuns,
  appends,
  largeBatches,
]

/** The format that is written here. The file's user_version is its own. */
export const newestFormat = migrations.length

/** Brings a file of format `from` to `to`, in the transaction that is open, if any. */
export function migrate(database: Sqlite.Database, from: number, to = newestFormat): void {
  for (const migration of migrations.slice(from, to)) {
    if (typeof migration === 'string') database.exec(migration)
    else migration(database)
  }
}
