import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Log } from '../base/log'
import { RegistryError } from '../registry/schema'
import type { RegistryAccess } from './access'
import { acceptedType, contentType, parseBody, pathOf, type RestAnswer, readBody } from './http'

export interface RestServerOptions {
  /** Addresses to bind, all with one port. */
  readonly hosts: readonly string[]
  readonly port: number
  /** Takes the next free port when this one is in use. */
  readonly takesNext: boolean
  readonly access: RegistryAccess
  /** Who may ask. `credentials` are null when none were sent. */
  readonly admits: (credentials: Credentials | null) => boolean | Promise<boolean>
  readonly log: Log
}

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** The registry's HTTP API. */
export interface RestServer {
  /** `127.0.0.1`, `::1`: those that could be bound. */
  readonly hosts: readonly string[]
  readonly port: number
  stop(): Promise<void>
}

/** Ports that are tried one after the other. */
const portsTried = 20
/** A client that sends nothing is let go. */
const idleMs = 120_000

/** @throws Error when no port can be had */
export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const sockets = new Set<Socket>()
  const isLocal = options.hosts.every((host) => host === '::1' || host.startsWith('127.') || host === 'localhost')
  const make = () => {
    const server = createServer({ keepAliveTimeout: idleMs }, (request, response) => {
      serve(options, isLocal, request, response).catch((error: unknown) => {
        if (request.socket.destroyed) {
          options.log.debug(`${request.method} ${request.url}: the client hung up`)
          return
        }
        options.log.error(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`)
        send(response, contentType, 500, { error_code: 500, message: 'Internal Server Error' })
      })
    })
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    // A broken request has no answer of ours.
    server.on('clientError', (_, socket) => socket.destroy())
    return server
  }
  const { servers, port } = await bindAll(make, options)
  return {
    hosts: servers.map(({ host }) => host),
    port,
    async stop() {
      const closed = servers.map(({ server }) => new Promise<void>((resolve) => server.close(() => resolve())))
      for (const socket of sockets) socket.destroy()
      await Promise.all(closed)
    },
  }
}

let loadedRouter: Promise<typeof import('./router')> | undefined

/** The routes are loaded with the first request, so that a start does not wait for them. */
function router(): Promise<typeof import('./router')> {
  loadedRouter ??= import('./router')
  return loadedRouter
}

async function serve(
  options: RestServerOptions,
  isLocal: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const type = acceptedType(request.headers.accept)
  try {
    if (!type) throw new RegistryError(406, 'HTTP 406 Not Acceptable')
    refuseStrangers(request, isLocal)
    if (!(await options.admits(credentialsOf(request.headers.authorization))))
      throw new RegistryError(401, 'Unauthorized')
    const text = request.method === 'GET' || request.method === 'HEAD' ? '' : await readBody(request)
    const url = request.url ?? '/'
    const given = {
      method: request.method ?? 'GET',
      path: pathOf(url),
      query: new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : ''),
      body: () => parseBody(text),
    }
    const { answer } = await router()
    sendAnswer(response, type, await answer(given, options.access), request.method === 'HEAD')
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error
    const { code, message } = error
    if (code === 401) response.setHeader('WWW-Authenticate', 'Basic realm="SchemaRegistry-Props"')
    // What is left of the body is not read.
    if (code === 413) response.setHeader('Connection', 'close')
    const status = code >= 1000 ? Math.floor(code / 100) : code
    send(response, type ?? contentType, status, { error_code: code, message })
  }
}

function sendAnswer(response: ServerResponse, type: string, given: RestAnswer, isHead: boolean): void {
  if ('text' in given) {
    response.writeHead(200, { 'Content-Type': type }).end(isHead ? undefined : given.text)
    return
  }
  if (!('json' in given)) {
    response.writeHead(given.status).end()
    return
  }
  send(response, type, given.status ?? 200, given.json, isHead)
}

function send(response: ServerResponse, type: string, status: number, json: unknown, isHead = false): void {
  if (response.headersSent) return
  // A text goes out in one write with the headers; bytes would take a second one.
  const body = JSON.stringify(json)
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(isHead ? undefined : body)
}

/**
 * A web page that a browser shows must not use the registry of the machine: neither by a request across origins, nor with a name of its own that
 * leads here (DNS rebinding).
 *
 * @throws RegistryError 403
 */
function refuseStrangers({ headers, method }: IncomingMessage, isLocal: boolean): void {
  const { origin, host } = headers
  if (origin !== undefined && method !== 'GET' && !isLocalName(hostOf(origin.replace(/^\w+:\/\//, '')))) {
    throw new RegistryError(403, 'Requests of web pages are not served')
  }
  if (isLocal && host !== undefined && !isLocalName(hostOf(host))) {
    throw new RegistryError(403, `The registry answers to localhost, not to ${hostOf(host)}`)
  }
}

function hostOf(text: string): string {
  return text.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
}

/** An address cannot be rebound, and the names of a container's host are not on the internet. */
function isLocalName(host: string): boolean {
  return (
    host === 'localhost' ||
    /^[\d.]+$/.test(host) ||
    host.includes(':') ||
    /\.(?:internal|localhost|local)$/.test(host) ||
    !host.includes('.')
  )
}

function credentialsOf(header: string | undefined): Credentials | null {
  const match = /^Basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(header ?? '')
  if (!match) return null
  const text = Buffer.from(match[1]!, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

async function bindAll(
  make: () => Server,
  { hosts, port, takesNext, log }: RestServerOptions,
): Promise<{ readonly servers: { readonly host: string; readonly server: Server }[]; readonly port: number }> {
  for (let wanted = port; ; wanted++) {
    const bound: { host: string; server: Server }[] = []
    let actual = wanted
    let failure: NodeJS.ErrnoException | undefined
    for (const host of hosts) {
      const server = make()
      try {
        await listen(server, host, actual, log)
        const address = server.address()
        if (typeof address === 'object' && address) actual = address.port
        bound.push({ host, server })
      } catch (error) {
        failure = error as NodeJS.ErrnoException
        if (failure.code === 'EADDRINUSE') break
        // Without IPv6 the other address serves alone.
        log.debug(`the registry is not on ${host}: ${failure.message}`)
      }
    }
    const isTaken = failure?.code === 'EADDRINUSE'
    if (bound.length > 0 && !isTaken) return { servers: bound, port: actual }
    await Promise.all(bound.map(({ server }) => new Promise<void>((resolve) => server.close(() => resolve()))))
    const canGoOn = isTaken && wanted !== 0 && takesNext && wanted - port < portsTried && wanted < 65_535
    if (!canGoOn) throw failure ?? new Error('no address could be bound')
  }
}

/** What goes wrong later is logged: no file handle is left for a connection. */
function listen(server: Server, host: string, port: number, log: Log): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, ipv6Only: host.includes(':') }, () => {
      server.off('error', reject)
      server.on('error', ({ message }) => log.warn(`the registry on ${host}: ${message}`))
      resolve()
    })
  })
}
