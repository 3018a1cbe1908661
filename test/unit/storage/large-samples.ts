import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { ManualClock } from '../../../src-main/base/clock'
import type { Log } from '../../../src-main/base/log'
import type { LogFacts, StoredBatch, Workspace, WorkspaceOptions } from '../../../src-main/storage'
import { copyFiles } from '../../support/workspace-files'
import { folder, logOf, topicLogs, workspace } from './samples'
import { names } from './stored-batch'

/** Bytes of a batch that is large. */
export const large = 20_000

/** A workspace in a file, with two logs. */
export function opened(options: Partial<WorkspaceOptions> = {}) {
  const file = options.file ?? join(folder(), 'one.ottla')
  const clock = new ManualClock(0)
  const one = workspace({ clock, ...options, file })
  const [log, other] = topicLogs(one, 'orders', 2) as [LogFacts, LogFacts]
  const append = async (to: LogFacts, ...batches: StoredBatch[]) => {
    for (const added of batches) one.append(to, added)
    await one.committed()
  }
  return { one, file, clock, log, other, append }
}

/** The files of a process that dies now, under another name. */
export function killed({ file }: Workspace): string {
  const copy = join(folder(), 'killed.ottla')
  copyFiles(file, copy)
  return copy
}

/** Which batches a log has. */
export function namesIn(one: Workspace, log: LogFacts = logOf(one, 'orders')): string[] {
  return names(one.batches.read(log, 0, Number.MAX_SAFE_INTEGER, true, log.logEnd).batches)
}

/** What another connection finds: how many bytes each row has, and how many rows have theirs in the file. */
export function rows(file: string): { sizes: number[]; inFile: number } {
  const database = new Sqlite(file, { readonly: true })
  try {
    const sizes = database.prepare('SELECT length(bytes) FROM batches ORDER BY id').pluck().all() as number[]
    return { sizes, inFile: database.prepare('SELECT count(*) FROM batch_file').pluck().get() as number }
  } finally {
    database.close()
  }
}

/** A log, and what was written to it. */
export function listening(): { log: Log; lines: string[] } {
  const lines: string[] = []
  const add = (level: string) => (text: string) => void lines.push(`${level}: ${text}`)
  return { log: { info: add('info'), warn: add('warn'), error: add('error') } as unknown as Log, lines }
}
