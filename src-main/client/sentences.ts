import { type DialTarget, type HostPort, nameOf } from './settings'
import { TunnelError } from './tunnels/failure'

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A connection that could not be opened. */
export function unreachableSentence(target: DialTarget, error: unknown): string {
  const advertised =
    target.nodeId === null ? '' : ` The cluster advertises ${nameOf(target)} as the address of node ${target.nodeId}.`
  return `${connectSentence(target, error)}${advertised}`
}

function connectSentence(target: HostPort, error: unknown): string {
  if (error instanceof TunnelError) return error.message
  const name = nameOf(target)
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return `There is no broker at ${name}: the connection was refused.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${target.host} cannot be resolved.`
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return `There is no way to ${name} from here.`
    default:
      return `There is no connection to ${name}: ${textOf(error)}.`
  }
}

/** Reasons of OpenSSL for a certificate that no trusted authority has signed. */
const untrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])
/** The other side does not answer with TLS. */
const notTls = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_RECORD_LAYER_FAILURE',
  'ERR_SSL_UNKNOWN_PROTOCOL',
  'ECONNRESET',
  'EPIPE',
])

/** A TLS handshake that failed. */
export function tlsSentence(target: HostPort, error: unknown): string {
  const name = nameOf(target)
  const code = codeOf(error)
  if (untrusted.has(code)) {
    return `The certificate of ${name} is not signed by a trusted authority: set ssl.truststore.location (Java) or ssl.ca.location (librdkafka) to its authority.`
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate of ${name} is for another name. ssl.endpoint.identification.algorithm without a value switches this check off.`
  }
  if (code === 'CERT_HAS_EXPIRED') return `The certificate of ${name} has expired.`
  const alert = alertOf(error)
  if (alert) return alertSentence(name, alert)
  if (notTls.has(code) || textOf(error) === 'closed') {
    return `${name} does not speak TLS: set security.protocol=PLAINTEXT, or SASL_PLAINTEXT with a user.`
  }
  return `The TLS handshake with ${name} failed: ${textOf(error)}.`
}

/** The TLS alert that the other side sent, in OpenSSL's words: `certificate required`. */
export function alertOf(error: unknown): string | undefined {
  return /(?:SSLV3|TLSV1|TLSV13)?_?ALERT_(.+)$/.exec(codeOf(error))?.[1]?.toLowerCase().replaceAll('_', ' ')
}

/** An alert, which in TLS 1.3 may come after the handshake: the broker refused the client certificate. */
export function alertSentence(name: string, alert: string): string {
  const needs = /certificate|handshake failure|unknown ca/.test(alert)
  return needs
    ? `${name} refused the TLS handshake (${alert}): it wants a client certificate that it trusts, set ssl.keystore.location (Java) or ssl.certificate.location (librdkafka).`
    : `${name} refused the TLS handshake: ${alert}.`
}

/** A first answer whose four first bytes are no length of a Kafka frame. */
export function foreignSentence(target: HostPort, declaredBytes: number): string {
  const head = Buffer.alloc(4)
  head.writeInt32BE(declaredBytes)
  const name = nameOf(target)
  // TLS records begin with their type (20 to 23) and the major version 3.
  if ((head[0] as number) >= 20 && (head[0] as number) <= 23 && head[1] === 3) return speaksTls(name)
  if (head.toString('latin1') === 'HTTP') return `${name} speaks HTTP, it is not a Kafka listener.`
  return `${name} does not speak Kafka: its answer declares ${declaredBytes} bytes.`
}

function speaksTls(name: string): string {
  return `${name} speaks TLS: set security.protocol=SSL, or SASL_SSL with a user.`
}

/** A connection that was closed before the first answer. */
export function closedAtFirstSentence(target: HostPort, isTls: boolean): string {
  const name = nameOf(target)
  return isTls
    ? `${name} closed the connection at the first request.`
    : `${name} closed the connection at the first request. If it speaks TLS, set security.protocol=SSL, or SASL_SSL with a user.`
}

/** A connection that was closed at the first request that only a known user may send: brokers with SASL answer ApiVersions to everybody. */
export function closedWithoutUserSentence(target: HostPort, what: string, isTls: boolean): string {
  const protocol = isTls ? 'SASL_SSL' : 'SASL_PLAINTEXT'
  return `${nameOf(target)} answered ApiVersions and closed the connection at ${what}. If it asks for a user, set security.protocol=${protocol}, sasl.mechanism and sasl.jaas.config.`
}

/** A connection on which nothing was answered. */
export function silentSentence(target: HostPort, timeoutMs: number): string {
  return `${nameOf(target)} accepted the connection and answered nothing for ${timeoutMs / 1000} s. Is it a Kafka listener? If it speaks TLS, set security.protocol=SSL, or SASL_SSL with a user.`
}
