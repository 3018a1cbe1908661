import { connect, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { checkServerIdentity, type TLSSocket, connect as tlsConnect } from 'node:tls'
import type { Clock } from '../base/clock'
import { ClientError } from './failures'
import { tlsSentence, unreachableSentence } from './sentences'
import { type DialTarget, type HostPort, nameOf, type TlsSettings } from './settings'
import { TunnelError } from './tunnels/failure'

/**
 * Opens a stream of bytes to a broker. Everything that connects goes through one such function, so that address mappings,
 * tunnels and SOCKS proxies have one place.
 *
 * @throws Error when there is no connection, or `signal` ended the wait
 */
export type Dial = (target: DialTarget, signal: AbortSignal) => Promise<Duplex>

/** A TCP connection, without delay and with keep-alive. */
export const dialTcp: Dial = ({ host, port }, signal) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 })
    const end = () => socket.destroy(new Error('the wait was ended'))
    signal.addEventListener('abort', end, { once: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      signal.removeEventListener('abort', end)
      socket.off('error', reject)
      resolve(socket)
    })
  })

/** Connects, and does the TLS handshake where that is set. @throws ClientError */
export async function openStream(
  target: DialTarget,
  tls: TlsSettings | null,
  parts: { readonly dial: Dial; readonly clock: Clock; readonly timeoutMs: number },
): Promise<Duplex> {
  const material = tls?.trusted ? { ...tls.material, ca: [...(await tls.trusted())] } : (tls?.material ?? {})
  const late = new AbortController()
  const cancel = parts.clock.at(parts.clock.now() + parts.timeoutMs, () => late.abort())
  try {
    const stream = await dialed(target, parts.dial, late.signal, parts.timeoutMs)
    return tls ? await secured(stream, target, { ...tls, material }, late.signal, parts.timeoutMs) : stream
  } finally {
    cancel()
  }
}

async function dialed(target: DialTarget, dial: Dial, signal: AbortSignal, timeoutMs: number): Promise<Duplex> {
  try {
    return await dial(target, signal)
  } catch (error) {
    if (signal.aborted) throw late(target, timeoutMs)
    throw new ClientError('unreachable', unreachableSentence(target, error))
  }
}

function late(target: HostPort, timeoutMs: number): ClientError {
  return new ClientError('timeout', `${nameOf(target)} did not accept the connection within ${timeoutMs / 1000} s.`)
}

function secured(
  stream: Duplex,
  target: DialTarget,
  { material, serverName, verify }: TlsSettings,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const name = serverName ?? target.host
    const socket = tlsConnect({
      socket: stream,
      ...material,
      host: name,
      // An address is no name for SNI (RFC 6066); the certificate is checked against it all the same.
      servername: isIP(name) ? '' : name,
      rejectUnauthorized: verify !== 'none',
      checkServerIdentity: (_, certificate) => (verify === 'full' ? checkServerIdentity(name, certificate) : undefined),
    })
    stream.on('error', (error) => socket.destroy(error))
    const end = () => {
      socket.destroy()
      reject(late(target, timeoutMs))
    }
    const closed = () => failed(new Error('closed'))
    const failed = (error: Error) => {
      signal.removeEventListener('abort', end)
      socket.destroy()
      const isTunnel = error instanceof TunnelError
      reject(new ClientError(isTunnel ? 'unreachable' : 'tls', isTunnel ? error.message : tlsSentence(target, error)))
    }
    if (signal.aborted) return end()
    signal.addEventListener('abort', end, { once: true })
    socket.once('error', failed)
    socket.once('close', closed)
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', end)
      socket.off('error', failed)
      socket.off('close', closed)
      resolve(socket)
    })
  })
}
