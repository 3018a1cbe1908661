import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import type { Log } from '../base/log'
import { UserError } from '../base/user-error'
import { type Access, createAccess } from './access'
import { readPageFile } from './files'

export interface PageServerOptions {
  /** Folder of the built pages; `null` serves no pages. */
  readonly folder: string | null
  /** 0 takes a free one. */
  readonly port: number
  /** When it is in use, the next free one will do. */
  readonly takesNext?: boolean
  /** What a page must show to be served. With the same token, open tabs and bookmarks outlive a restart. */
  readonly token: string
  /** Called with the socket of every page that may ask. */
  readonly onPage: (socket: WebSocket) => void
  /** What `GET /metrics` answers; absent where metrics are not wanted. */
  readonly metrics?: { readonly contentType: string; readonly text: () => Promise<string> }
  readonly log: Log
}

/** The pages over HTTP and WebSocket, on loopback only. */
export interface PageServer {
  /** What to open in a browser, with the token. */
  readonly url: string
  /** What to scrape, with the token. */
  readonly metricsUrl: string
  stop(): Promise<void>
}

/** The pages' port cannot be had: `message` is a sentence for the user, `reason` its part about the port. */
export class PagePortError extends UserError {
  override name = 'PagePortError'

  constructor(
    message: string,
    readonly reason: string,
  ) {
    super(message)
  }
}

const wrongToken = 'The token is missing or wrong: open the address that the broker printed when it started.'

/** Ports that are tried one after the other. */
const portsTried = 20

/** Different refusals that are logged. */
const maxTold = 100

/** Where the page opens its WebSocket; asked with GET or HEAD it says whether it would be served. */
const wirePath = '/wire'

/** Where metrics are scraped. */
const metricsPath = '/metrics'

/** Larger than any question of a page; imports come in pieces. */
const maxMessageBytes = 16 * 1024 * 1024

/** Scripts, styles and connections come from this server and nowhere else. QuickJS and the grammars need WebAssembly. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** @throws PagePortError */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const sockets = new Set<Socket>()
  let access: Access | undefined
  let webSockets: WebSocketServer | undefined
  /** Told once each: a tab that was left open with an old token asks again and again. */
  const told = new Set<string>()
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    answer(options, access!, request, response).catch((error: unknown) => {
      options.log.error(`page ${request.url}: ${error instanceof Error ? error.message : String(error)}`)
      response.writeHead(500).end()
    })
  }
  const onUpgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refusalOf(request, access!)
    if (refusal) {
      const text = `Refused a page from ${request.headers.origin ?? 'no origin'}: ${refusal}`
      if (!told.has(text) && told.size < maxTold) {
        told.add(text)
        options.log.warn(text)
      }
      socket.once('finish', () => socket.destroy())
      socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n${refusal}\n`)
      return
    }
    // Loaded with the first page: a broker without pages starts without it.
    const { WebSocketServer } = await import('ws')
    webSockets ??= new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false })
    webSockets.handleUpgrade(request, socket, head, (page) => {
      // A frame that breaks the protocol, or is too long.
      page.on('error', () => page.terminate())
      options.onPage(page)
    })
  }
  const servers = await bindLoopback(options, () => {
    const server = createServer(onRequest)
    server.on('upgrade', (request, socket, head) => {
      // From here on Node listens to it no more: a client may hang up at any time.
      socket.on('error', () => socket.destroy())
      onUpgrade(request, socket, head).catch((error: unknown) => {
        options.log.error(`page ${request.url}: ${error instanceof Error ? error.message : String(error)}`)
        socket.destroy()
      })
    })
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    return server
  })
  const port = portOf(servers[0]!)
  access = createAccess(port, options.token)
  const token = encodeURIComponent(access.token)
  return {
    url: `http://127.0.0.1:${port}/?token=${token}`,
    metricsUrl: `http://127.0.0.1:${port}${metricsPath}?token=${token}`,
    async stop() {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
      for (const socket of sockets) socket.destroy()
      await Promise.all(closed)
    },
  }
}

async function answer(options: PageServerOptions, access: Access, request: IncomingMessage, response: ServerResponse) {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Content-Security-Policy', contentSecurityPolicy)
  if (!access.allowsHost(request.headers.host)) return refuse(response, 403, 'Ottla answers to localhost only.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET is served here.')
  if (pathOf(request) === wirePath) {
    const refusal = refusalOf(request, access)
    return refusal
      ? refuse(response, 403, refusal)
      : void response.writeHead(204, { 'Cache-Control': 'no-store' }).end()
  }
  if (pathOf(request) === metricsPath && options.metrics)
    return await scrape(options.metrics, access, request, response)
  const file = options.folder === null ? undefined : await readPageFile(options.folder, pathOf(request))
  if (!file) return refuse(response, 404, 'There is no such page.')
  response.writeHead(200, {
    'Content-Type': file.contentType,
    'Content-Length': file.bytes.length,
    'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-store',
  })
  response.end(request.method === 'HEAD' ? undefined : file.bytes)
}

async function scrape(
  { contentType, text }: NonNullable<PageServerOptions['metrics']>,
  access: Access,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const bearer = /^Bearer (.*)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (!access.allowsOrigin(request.headers.origin)) return refuse(response, 403, 'Only pages of Ottla may ask.')
  if (!access.allowsToken(bearer ?? queryOf(request).get('token'))) {
    response.setHeader('WWW-Authenticate', 'Bearer')
    return refuse(response, 401, wrongToken)
  }
  const body = Buffer.from(await text())
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': body.length, 'Cache-Control': 'no-store' })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** As it came: a client may ask for what is no URL. */
function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/[?#].*$/s, '')
}

function queryOf({ url = '/' }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(url)?.[1])
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}

function refusalOf(request: IncomingMessage, access: Access): string | undefined {
  if (pathOf(request) !== wirePath) return 'There is nothing to connect to here.'
  if (!access.allowsHost(request.headers.host)) return 'Ottla answers to localhost only.'
  if (!access.allowsOrigin(request.headers.origin)) return 'Only pages of Ottla may connect.'
  if (!access.allowsToken(queryOf(request).get('token'))) return wrongToken
  return undefined
}

type BindOptions = Pick<PageServerOptions, 'port' | 'takesNext' | 'metrics' | 'log'>

/** Both families on one port; a machine without IPv6 has the first alone. */
async function bindLoopback(options: BindOptions, makeServer: () => Server): Promise<Server[]> {
  const { port, metrics, log } = options
  const first = makeServer()
  await listenFirst(first, options).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used: ${error.message}`
    // Without pages there would be no metrics.
    const what = metrics ? 'the pages and metrics' : 'the pages'
    const otherwise = metrics ? '' : ', --no-ui does without'
    throw new PagePortError(`Port ${port} for ${what} ${reason}; --ui-port chooses another${otherwise}.`, reason)
  })
  const second = makeServer()
  try {
    await listen(second, '::1', portOf(first), log)
    return [first, second]
  } catch {
    // Without IPv6, or with a stranger on it: the address that we print is the IPv4 one.
    return [first]
  }
}

/** On the port; where the next one will do as well, on the first of some that is free. */
async function listenFirst(server: Server, { port, takesNext = false, log }: BindOptions): Promise<void> {
  for (let wanted = port; ; wanted++) {
    try {
      return await listen(server, '127.0.0.1', wanted, log)
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (!isTaken || !takesNext || wanted - port >= portsTried || wanted === 65_535) throw error
    }
  }
}

/** What goes wrong later is logged: no file handle is left for a connection. */
function listen(server: Server, host: string, port: number, log: Log): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      server.on('error', ({ message }) => log.warn(`pages on ${host}: ${message}`))
      resolve()
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
