import { UserError } from '../base/user-error'
import { type ErrorName, errorMessage, errorName, isRetriable } from '../protocol/errors'

/** Causes of a request that got no usable answer. */
export type ClientProblem =
  /** No connection: the name is unknown, the port is closed, the network is down. */
  | 'unreachable'
  /** A deadline passed: of connecting, or of one request. */
  | 'timeout'
  /** The connection ended while a request was under way. */
  | 'closed'
  /** The other side does not speak Kafka, or speaks it wrongly. */
  | 'malformed'
  | 'tls'
  | 'authentication'
  /** The broker has no common version of the API with us. */
  | 'unsupported'
  /** The client is read-only. */
  | 'notPermitted'
  | 'disposed'

/** A request without an answer. The message is one or more whole sentences for the user. */
export class ClientError extends UserError {
  override readonly name = 'ClientError'

  constructor(
    readonly problem: ClientProblem,
    message: string,
  ) {
    super(message)
  }
}

/** An answer with an error of Kafka's. The message says what could not be done, the name of the error and its sentence. */
export class KafkaError extends UserError {
  override readonly name = 'KafkaError'
  /** Another attempt would fail alike, whatever Kafka says of this error in general. */
  readonly isFinal: boolean

  constructor(
    readonly error: ErrorName,
    /** `Group billing cannot be deleted` */
    readonly what: string,
    { detail = null, isFinal = false }: { readonly detail?: string | null; readonly isFinal?: boolean } = {},
  ) {
    super(`${what}: ${error}. ${(detail || errorMessage(error)).replace(/\.?$/, '.')}`)
    this.isFinal = isFinal
  }
}

/** @throws KafkaError for every code but NONE */
export function check(code: number, what: string, detail: string | null = null): void {
  if (code !== 0) throw new KafkaError(errorName(code), what, { detail })
}

/** The steps after which a failed request may be sent again. */
export type Recovery =
  /** Wait only. */
  | 'wait'
  /** Read the metadata again: a leader, the controller or a whole broker has moved. */
  | 'metadata'
  /** Find the coordinator again. */
  | 'coordinator'
  /** The request will fail again. */
  | 'none'

/** Errors of stale metadata (Java: InvalidMetadataException and what the admin client treats alike). */
const staleMetadata: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'REPLICA_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'LISTENER_NOT_FOUND',
  'NOT_CONTROLLER',
  'BROKER_NOT_AVAILABLE',
  'REBOOTSTRAP_REQUIRED',
])
const staleCoordinator: ReadonlySet<ErrorName> = new Set<ErrorName>(['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE'])

export function recoveryOf(failure: unknown): Recovery {
  if (failure instanceof KafkaError) {
    if (failure.isFinal) return 'none'
    if (staleMetadata.has(failure.error)) return 'metadata'
    if (staleCoordinator.has(failure.error)) return 'coordinator'
    return isRetriable(failure.error) ? 'wait' : 'none'
  }
  if (!(failure instanceof ClientError)) return 'none'
  return failure.problem === 'unreachable' || failure.problem === 'closed' || failure.problem === 'timeout'
    ? 'metadata'
    : 'none'
}
