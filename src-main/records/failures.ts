/** Errors of broken or rejected records, by Kafka's names. */
export type RecordsErrorName =
  | 'CORRUPT_MESSAGE'
  | 'INVALID_RECORD'
  | 'INVALID_TIMESTAMP'
  | 'MESSAGE_TOO_LARGE'
  | 'UNKNOWN_SERVER_ERROR'
  | 'UNSUPPORTED_COMPRESSION_TYPE'
  | 'UNSUPPORTED_FOR_MESSAGE_FORMAT'

/** Records that cannot be read or stored. The message is Kafka's sentence where Kafka has one. */
export class RecordsError extends Error {
  override readonly name = 'RecordsError'
  readonly error: RecordsErrorName
  /** The bad records of the batch, where they are known (KIP-467). */
  readonly recordErrors: readonly { readonly batchIndex: number; readonly batchIndexErrorMessage: string | null }[]

  constructor(error: RecordsErrorName, message: string, recordErrors: RecordsError['recordErrors'] = []) {
    super(message)
    this.error = error
    this.recordErrors = recordErrors
  }
}

export function corrupt(message: string): RecordsError {
  return new RecordsError('CORRUPT_MESSAGE', message)
}

export function invalid(message: string): RecordsError {
  return new RecordsError('INVALID_RECORD', message)
}
