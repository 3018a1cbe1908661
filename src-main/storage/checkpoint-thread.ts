import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

/**
 * The checkpoint thread: folds the WAL into the file when told to, beside the writer. RESTART makes the writer begin the WAL
 * anew, which bounds it; a busy reader only makes it wait for the next time.
 */
const database = new Sqlite((workerData as { file: string }).file, { timeout: 50 })

parentPort?.on('message', () => {
  try {
    database.pragma('wal_checkpoint(RESTART)')
  } catch (error) {
    // Busy: a long read holds the WAL. The next call finds it free.
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
  }
  parentPort?.postMessage('done')
})
