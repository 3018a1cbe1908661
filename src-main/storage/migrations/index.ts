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

/** What brings a file to the next format: SQL, or a function where that is not enough. */
type Migration = string | ((database: Sqlite.Database) => void)

/** In order; the file's user_version counts how many were applied. */
export const migrations: readonly Migration[] = [
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
]
