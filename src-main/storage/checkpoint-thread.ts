import { fdatasyncSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { assert } from '../base/assert'
import { checkpoint, type FromCheckpointThread, fold, type StorageTask, type ToCheckpointThread } from './checkpoints'
import { copyWorkspace } from './copy'

/**
 * What the storage room does beside the writing thread: folds the WAL into the file whenever it is told to, or writes one copy.
 */
assert(parentPort, 'the checkpoint thread is started by the workspace')
const port = parentPort
const task = workerData as StorageTask

if (task.copyTo === undefined) foldWhenTold(task)
else copyWorkspace(task.file, task.copyTo)

function foldWhenTold({ file, synchronous, descriptor }: StorageTask): void {
  const database = new Sqlite(file)
  database.pragma(`synchronous = ${synchronous}`)
  // It reads nothing but pages on their way into the file.
  database.pragma('cache_size = -256')
  // PASSIVE takes no lock that the writer or a reader could wait for.
  const passive = checkpoint(database, 'PASSIVE')
  // SQLite syncs the file when all of the WAL is in it, which the writer does: it would wait for everything that was folded in since the last time.
  const foldToDisk = (): FromCheckpointThread => {
    const outcome = fold(passive)
    if ('problem' in outcome || descriptor === undefined || synchronous === 'OFF') return outcome
    try {
      fdatasyncSync(descriptor)
      return outcome
    } catch (error) {
      return { problem: (error as Error).message }
    }
  }
  port.on('message', (message: ToCheckpointThread) => {
    if (message === 'fold') port.postMessage(foldToDisk())
    else {
      database.close()
      port.close()
    }
  })
}
