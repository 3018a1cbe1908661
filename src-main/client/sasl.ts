import type { RequestInput, ResponseOf } from '../protocol/api-types'
import { errorName } from '../protocol/errors'
import { clientExchange, SaslError } from '../security/client-exchange'
import { ClientError } from './failures'
import type { HostPort, SaslSettings } from './settings'
import type { Versions } from './versions'

/** The part of a connection that an exchange needs. */
export interface SaslChannel {
  readonly name: string
  readonly target: HostPort
  readonly versions: Versions
  askNow<N extends 'SaslHandshake' | 'SaslAuthenticate'>(
    api: N,
    body: RequestInput<N>,
    timeoutMs: number,
  ): Promise<ResponseOf<N>>
  /** A token in a frame without a header, as after SaslHandshake 0. */
  askRaw(token: Buffer, timeoutMs: number): Promise<Buffer>
}

/** Rounds after which an exchange cannot be one of the known mechanisms. */
const maxRounds = 4

/**
 * Authenticates an open connection: SaslHandshake, then the tokens of the mechanism in SaslAuthenticate, or as raw frames where
 * a broker has SaslHandshake 0 only.
 *
 * @returns the lifetime of the session in ms (KIP-368), 0 without an end
 * @throws ClientError `authentication` with what the broker said
 */
export async function authenticate(connection: SaslChannel, sasl: SaslSettings, timeoutMs: number): Promise<number> {
  const { mechanism, isToken = false, advice } = sasl
  const credentials = await sasl.credentials()
  const refused = (why: string) => {
    const sentence = `${connection.name} refused the authentication with ${mechanism}: ${why}.`
    return new ClientError('authentication', [sentence, advice?.(credentials) ?? []].flat().join(' '))
  }
  if (connection.versions.pick('SaslHandshake') === undefined) {
    throw refused('this listener has no SASL, set security.protocol=PLAINTEXT or SSL')
  }
  const handshake = await connection.askNow('SaslHandshake', { mechanism }, timeoutMs)
  if (errorName(handshake.errorCode) === 'ILLEGAL_SASL_STATE') {
    throw refused('this listener has no SASL, set security.protocol=PLAINTEXT or SSL')
  }
  if (handshake.errorCode !== 0) {
    throw refused(`${errorName(handshake.errorCode)}, it offers ${handshake.mechanisms.join(', ') || 'no mechanism'}`)
  }
  const isRaw = connection.versions.pick('SaslHandshake') === 0
  let lifetimeMs = 0
  // The signature of AWS is for the broker's own name, whatever is dialled.
  const exchange = clientExchange(credentials, { isToken, host: connection.target.host, userAgent: 'ottla' })
  try {
    let message: Buffer | null = await exchange.first()
    for (let round = 0; message !== null; round++) {
      if (round === maxRounds) throw new SaslError('the exchange does not end')
      let challenge: Buffer
      if (isRaw) challenge = await connection.askRaw(message, timeoutMs)
      else {
        const answer = await connection.askNow('SaslAuthenticate', { authBytes: message }, timeoutMs)
        if (answer.errorCode !== 0) throw refused(withoutStop(answer.errorMessage ?? errorName(answer.errorCode)))
        challenge = Buffer.from(answer.authBytes)
        lifetimeMs = Number(answer.sessionLifetimeMs)
      }
      message = exchange.next(challenge)
    }
  } catch (error) {
    if (error instanceof SaslError) throw refused(error.message)
    // Without SaslAuthenticate a broker says "wrong password" by hanging up.
    if (isRaw && error instanceof ClientError && error.problem === 'closed') throw refused('it closed the connection')
    throw error
  }
  return lifetimeMs
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '')
}
