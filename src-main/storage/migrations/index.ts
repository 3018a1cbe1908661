import { log } from './1-log'
import { state } from './2-state'
import { turns } from './3-turns'
import { aclNames } from './4-acl-names'
import { causes } from './5-causes'
import { compaction } from './6-compaction'
import { lastStable } from './7-last-stable'
import { runs } from './8-runs'
import { openRuns } from './9-open-runs'

/** In order; the file's user_version counts how many were applied. */
export const migrations: readonly string[] = [
  log,
  state,
  turns,
  aclNames,
  causes,
  compaction,
  lastStable,
  runs,
  openRuns,
]
