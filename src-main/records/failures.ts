/** The errors that broken or refused records lead to, by Kafka's names. */
export type RecordsErrorName =
  | 'CORRUPT_MESSAGE'
  | 'INVALID_RECORD'
  | 'INVALID_TIMESTAMP'
  | 'MESSAGE_TOO_LARGE'
  | 'UNSUPPORTED_COMPRESSION_TYPE'
  | 'UNSUPPORTED_FOR_MESSAGE_FORMAT'

/** Records that cannot be read, or may not be stored. The message is Kafka's sentence where Kafka has one. */
export class RecordsError extends Error {
  override readonly name = 'RecordsError'
  readonly error: RecordsErrorName
  /** Which records of the batch are to blame, where that is known (KIP-467). */
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
