import type { TLSSocket } from 'node:tls'

export type HandshakeError = Error & { readonly code?: string; readonly reason?: string }

const refusesCertificate =
  'it does not trust the authority of this certificate, or the certificate is not for the name that it connected to'

/** The ends of OpenSSL's codes; what stands before them differs between its versions. */
const known: readonly (readonly [end: string, sentence: string])[] = [
  ['ECONNRESET', `the client hung up: it may not use TLS, or ${refusesCertificate}`],
  ['HTTP_REQUEST', 'it speaks HTTP, not TLS'],
  ['WRONG_VERSION_NUMBER', 'it does not speak TLS: security.protocol of the client must be that of the listener'],
  ['ALERT_UNKNOWN_CA', 'it does not trust the authority of this certificate'],
  ['ALERT_CERTIFICATE_UNKNOWN', refusesCertificate],
  ['ALERT_BAD_CERTIFICATE', refusesCertificate],
  ['ALERT_CERTIFICATE_EXPIRED', 'for it the certificate has expired, or is not valid yet'],
  ['PEER_DID_NOT_RETURN_A_CERTIFICATE', 'it showed no certificate, and the listener requires one (ssl.client.auth)'],
  ['UNSUPPORTED_PROTOCOL', 'its version of TLS is older than 1.2'],
  ['NO_SHARED_CIPHER', 'it has no cipher that the certificate works with'],
]

/** The reason of a failed handshake, in a sentence about the client; else in OpenSSL's own words, without its numbers. */
export function handshakeFailure({ code = '', reason, message }: HandshakeError): string {
  return known.find(([end]) => code.endsWith(end))?.[1] ?? reason ?? message
}

/** The reason why the certificate of a client is not accepted, with the name that OpenSSL has for it. */
export function untrusted({ authorizationError }: Pick<TLSSocket, 'authorizationError'>): string {
  const name = String(authorizationError)
  const sentences: Readonly<Record<string, string>> = {
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not of an authority that is trusted here',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not of an authority that is trusted here',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not of an authority that is trusted here',
    CERT_HAS_EXPIRED: 'its certificate has expired',
    CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  }
  return `${sentences[name] ?? 'its certificate is not accepted'} (${name})`
}
