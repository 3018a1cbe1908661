import type { Log } from '../../base/log'
import type { ErrorName } from '../../protocol/errors'
import { RecordsError } from '../../records/failures'
import { isDiskError, StorageFailure } from '../../storage'

/**
 * Whatever goes wrong with the log of one partition, such as damaged bytes in the file, is that partition's error; the others of a request are answered
 * (ReplicaManager.readFromLog, fetchOffset and deleteRecordsOnLocalLog). What the disk does not give is an error that clients ask again for
 * (LocalLog.maybeHandleIOException). `doing` begins the sentence for the log.
 *
 * @throws StorageFailure
 */
export function orError<T>(log: Log, doing: () => string, run: () => T): T | ErrorName {
  try {
    return run()
  } catch (error) {
    if (error instanceof StorageFailure) throw error
    log.error(`${doing()} failed: ${error instanceof Error ? error.message : error}`)
    if (error instanceof RecordsError) return error.error
    return isDiskError(error) ? 'KAFKA_STORAGE_ERROR' : 'UNKNOWN_SERVER_ERROR'
  }
}
