import { createServer, type Server as NetServer, type Socket } from 'node:net'
import {
  createServer as createTlsServer,
  type SecureContextOptions,
  type TLSSocket,
  Server as TlsServer,
} from 'node:tls'
import { type SecurityProtocol, usesTls } from '../base/security-protocol'
import { UserError } from '../base/user-error'
import { type HandshakeError, handshakeFailure, untrusted } from './handshake-failure'

/** One place where clients may connect: one port on one or more addresses. */
export interface ListenOptions {
  /** Its name as in Kafka's `listeners`. */
  readonly name: string
  readonly securityProtocol: SecurityProtocol
  readonly hosts: readonly string[]
  /** 0 takes a port that is free on every host. */
  readonly port: number
  /** Needed where the protocol encrypts; asked at the start, and again by `renewTls`. */
  readonly tls?: () => Promise<TlsOptions>
}

export interface TlsOptions extends SecureContextOptions {
  /** Kafka's `ssl.client.auth`. */
  readonly clientAuth: 'none' | 'requested' | 'required'
}

/** The port is taken, or the address is not of this machine: `message` is a sentence for the user. */
export class ListenError extends UserError {
  override name = 'ListenError'

  constructor(
    message: string,
    readonly code: string,
    readonly host: string,
    readonly port: number,
  ) {
    super(message)
  }
}

interface BoundAddress {
  readonly host: string
  readonly port: number
}

/** A listener that is bound. */
export interface BoundListener {
  readonly name: string
  readonly securityProtocol: SecurityProtocol
  readonly addresses: readonly BoundAddress[]
  /** Uses the certificates that `tls` gives now for connections made from now on. */
  renewTls(): Promise<void>
  /** Takes no further connections; those that are open stay. */
  dispose(): void
}

/** @param tlsPeer subject of the certificate that the client showed, when it is trusted */
type OnSocket = (socket: Socket, tlsPeer?: string) => void

/** How often a port that is free on the first host may be taken on another. */
const freePortAttempts = 20

/** How long a client may take for the TLS handshake. */
const handshakeTimeoutMs = 10_000

/**
 * Binds every host with the same port. A family that this machine does not have is left out, as long as one host is bound.
 *
 * @param onSocket called with every connection (after the handshake, for TLS)
 * @param onFault called with what goes wrong later: no file handle left
 * @param onRefused called with the address of a client whose handshake failed, and why
 * @throws ListenError
 */
export async function bindListener(
  options: ListenOptions,
  onSocket: OnSocket,
  onFault: (text: string) => void,
  onRefused: (remoteAddress: string, why: string) => void,
): Promise<BoundListener> {
  if (usesTls(options.securityProtocol) && !options.tls) throw new Error(`${options.name} has no certificate`)
  for (let attempt = 1; ; attempt++) {
    const servers: NetServer[] = []
    try {
      const addresses = await bindAll(options, servers, onSocket, onFault, onRefused)
      return {
        name: options.name,
        securityProtocol: options.securityProtocol,
        addresses,
        async renewTls() {
          const context = await options.tls?.()
          if (context) for (const server of servers) if (server instanceof TlsServer) server.setSecureContext(context)
        },
        dispose() {
          for (const server of servers) server.close()
        },
      }
    } catch (error) {
      for (const server of servers) server.close()
      const taken = error instanceof ListenError && error.code === 'EADDRINUSE'
      if (options.port !== 0 || !taken || attempt === freePortAttempts) throw error
    }
  }
}

async function bindAll(
  options: ListenOptions,
  servers: NetServer[],
  onSocket: OnSocket,
  onFault: (text: string) => void,
  onRefused: (remoteAddress: string, why: string) => void,
): Promise<BoundAddress[]> {
  const bound: BoundAddress[] = []
  let missing: ListenError | undefined
  let port = options.port
  for (const host of options.hosts) {
    const server = await makeServer(options, onSocket, onRefused)
    try {
      port = await listen(server, host, port)
    } catch (error) {
      if (!(error instanceof ListenError) || !isAbsentFamily(error.code)) throw error
      missing = error
      continue
    }
    server.on('error', (error) => onFault(`listener ${options.name} on ${host}: ${error.message}`))
    servers.push(server)
    bound.push({ host, port })
  }
  if (bound.length === 0 && missing) throw missing
  return bound
}

async function makeServer(
  options: ListenOptions,
  onSocket: OnSocket,
  onRefused: (remoteAddress: string, why: string) => void,
): Promise<NetServer> {
  if (!usesTls(options.securityProtocol) || !options.tls) return createServer((socket) => onSocket(socket))
  const { clientAuth, ...context } = await options.tls()
  // Loaded with the first TLS listener: most brokers have none.
  const { distinguishedName } = await import('./peer-name')
  const server = createTlsServer(
    {
      ...context,
      requestCert: clientAuth !== 'none',
      rejectUnauthorized: clientAuth === 'required',
      handshakeTimeout: handshakeTimeoutMs,
    },
    (socket) => {
      // Where a certificate is only requested Node lets in whatever is shown; Java's trust manager takes a trusted one or none.
      if (!socket.authorizationError || Object.keys(socket.getPeerCertificate()).length === 0) {
        const name = named(() => distinguishedName(socket))
        if (!('problem' in name)) return onSocket(socket, name.subject)
        onRefused(socket.remoteAddress ?? '', `its certificate cannot be read: ${name.problem}`)
        socket.destroy()
      } else {
        onRefused(socket.remoteAddress ?? '', untrusted(socket))
        socket.destroy()
      }
    },
  )
  // Asked while it is open, a socket still knows its address when it is closed.
  server.on('connection', (socket) => void socket.remoteAddress)
  server.on('tlsClientError', (error: HandshakeError, socket: TLSSocket) => {
    onRefused(addressOf(socket), socket.authorizationError ? untrusted(socket) : handshakeFailure(error))
  })
  return server
}

/** A certificate of a trusted authority may still hold what nobody can read. */
function named(
  read: () => string | undefined,
): { readonly subject: string | undefined } | { readonly problem: string } {
  try {
    return { subject: read() }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

/** Node has closed the socket already where a certificate is required; the one that it wraps remembers. */
function addressOf(socket: TLSSocket & { readonly _parent?: Socket }): string {
  return socket.remoteAddress ?? socket._parent?.remoteAddress ?? ''
}

/** The port that was bound. */
function listen(server: NetServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(listenError(error, host, port))
    server.once('error', fail)
    server.listen({ host, port, backlog: 511 }, () => {
      server.off('error', fail)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): ListenError {
  const code = error.code ?? 'UNKNOWN'
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another program.`,
    EACCES: `Port ${port} on ${host} may not be used without administrator rights.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine.`,
    ENOTFOUND: `${host} is not a known host name.`,
  }
  return new ListenError(reasons[code] ?? `Port ${port} on ${host} cannot be used: ${error.message}.`, code, host, port)
}

/** IPv6 (or, rarely, IPv4) switched off: the other family serves alone. */
function isAbsentFamily(code: string): boolean {
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL'
}
