import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Server as HttpServer, request } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createLog } from '../../../src-main/base/log'
import { type PageServer, startPageServer } from '../../../src-main/web/page-server'

let folder: string
let server: PageServer
let pages: number
let logged: string[]
let url: URL

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-pages-'))
  mkdirSync(join(folder, 'pages', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.html'), 'secret')
  writeFileSync(join(folder, 'pages', 'index.html'), '<h1>Ottla</h1>')
  writeFileSync(join(folder, 'pages', 'assets', 'a-123.js'), 'go()')
  pages = 0
  const onPage = (socket: WebSocket) => {
    pages++
    socket.send('hello')
  }
  logged = []
  const log = createLog('web', 'info', ({ text }) => logged.push(text), Date.now)
  server = await startPageServer({ folder: join(folder, 'pages'), port: 0, token: 'of this test', onPage, log })
  url = new URL(server.url)
})

afterEach(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
}

/** Asks as written: `fetch` would clean the path and the Host header. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const asked = request({ host: '127.0.0.1', port: url.port, path, headers, method })
  asked.end()
  const [response] = await once(asked, 'response')
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode, headers: response.headers, text }
}

describe('the page server', () => {
  it('serves the page for every view, with a strict policy', async () => {
    const answer = await ask('/topics/orders')
    expect([answer.status, answer.text]).toEqual([200, '<h1>Ottla</h1>'])
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'/)
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('serves hashed files for ever', async () => {
    const answer = await ask('/assets/a-123.js')
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(answer.headers['cache-control']).toContain('immutable')
  })

  it.each([
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/assets/none.js',
    '/assets/a-123.js/b.js',
    `/${'a'.repeat(300)}.js`,
    '/a.exe',
    '/%.js',
    '/%00.js',
  ])('has nothing at %s', async (path) => {
    expect((await ask(path)).status).toBe(404)
    expect(logged).toEqual([])
  })

  it('has a view at what is no URL too', async () => {
    expect((await ask('//')).status).toBe(200)
  })

  it('goes on when there is no file handle for a connection', async () => {
    const listening = vi.spyOn(HttpServer.prototype, 'listen')
    const log = createLog('web', 'info', ({ text }) => logged.push(text), Date.now)
    const other = await startPageServer({ folder: null, port: 0, token: 'a', onPage: () => {}, log })
    try {
      ;(listening.mock.contexts[0] as HttpServer).emit('error', new Error('accept EMFILE'))
      expect(logged).toEqual(['pages on 127.0.0.1: accept EMFILE'])
    } finally {
      listening.mockRestore()
      await other.stop()
    }
  })

  it('answers to loopback names only, against DNS rebinding', async () => {
    expect((await ask('/', { host: `evil.example:${url.port}` })).status).toBe(403)
    expect((await ask('/', { host: `localhost:${url.port}` })).status).toBe(200)
    expect((await ask('/', {}, 'POST')).status).toBe(405)
  })
})

describe('a port that is in use', () => {
  it.each([
    [false, 'for the pages is in use by another program; --ui-port chooses another, --no-ui does without.'],
    [true, 'for the pages and metrics is in use by another program; --ui-port chooses another.'],
  ])('is told with what to do, with metrics: %s', async (withMetrics, sentence) => {
    const log = createLog('web', 'info', () => {}, Date.now)
    const metrics = { contentType: 'text/plain', text: async () => '' }
    const common = { folder: null, token: 'a', onPage: () => {}, log, ...(withMetrics && { metrics }) }
    const first = await startPageServer({ ...common, port: 0 })
    const port = Number(new URL(first.url).port)
    try {
      await expect(startPageServer({ ...common, port })).rejects.toThrow(`Port ${port} ${sentence}`)
      const next = await startPageServer({ ...common, port, takesNext: true })
      expect(Number(new URL(next.url).port) - port).toBeGreaterThan(0)
      expect(Number(new URL(next.url).port) - port).toBeLessThanOrEqual(20)
      await next.stop()
    } finally {
      await first.stop()
    }
  })
})

describe('its metrics', () => {
  const own = () => encodeURIComponent(url.searchParams.get('token')!)

  it('are not there unless they are wanted', async () => {
    expect(await ask(`/metrics?token=${own()}`)).toMatchObject({ status: 200, text: '<h1>Ottla</h1>' })
  })

  it('are given to whoever has the token, in the address or as a bearer token', async () => {
    const log = createLog('web', 'info', () => {}, Date.now)
    const metrics = { contentType: 'text/plain; version=0.0.4', text: async () => 'one 1\n' }
    const other = await startPageServer({ folder: null, port: 0, token: 'of metrics', onPage: () => {}, metrics, log })
    const { port, host, pathname, search } = new URL(other.metricsUrl)
    url = new URL(other.url)
    const scrape = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
      const { status, text } = await ask(path, { host, ...headers }, method)
      return [status, text]
    }
    try {
      expect(port).not.toBe('')
      expect(await scrape(pathname + search)).toEqual([200, 'one 1\n'])
      expect(await scrape('/metrics', { authorization: 'Bearer of metrics' })).toEqual([200, 'one 1\n'])
      expect((await scrape(pathname + search, {}, 'HEAD'))[0]).toBe(200)
      expect((await scrape('/metrics'))[0]).toBe(401)
      expect((await scrape('/metrics?token=x'))[0]).toBe(401)
      expect((await scrape('/metrics', { authorization: 'Bearer x' }))[0]).toBe(401)
      expect((await scrape(pathname + search, { host: `evil.example:${port}` }))[0]).toBe(403)
      expect((await scrape(pathname + search, { origin: 'https://evil.example' }))[0]).toBe(403)
      // Without a folder there are no pages.
      expect((await scrape('/'))[0]).toBe(404)
    } finally {
      await other.stop()
    }
  })
})

describe('its WebSocket', () => {
  const token = () => encodeURIComponent(url.searchParams.get('token')!)
  /** `hello` when the page is served, else the status of the refusal. */
  async function connect(path: string, origin: string | undefined): Promise<string> {
    const socket = new WebSocket(`ws://127.0.0.1:${url.port}${path}`, origin === undefined ? {} : { origin })
    return await new Promise((resolve) => {
      socket.on('message', (data) => {
        resolve(String(data))
        socket.terminate()
      })
      socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)))
      socket.on('error', (error) => resolve(error.message))
    })
  }

  it('takes our page with the token', async () => {
    expect(await connect(`/wire?token=${token()}`, url.origin)).toBe('hello')
    expect(await connect(`/wire?token=${token()}`, undefined)).toBe('hello')
    expect(pages).toBe(2)
  })

  it.each([
    ['no token', () => '/wire', () => url.origin],
    ['a wrong token', () => '/wire?token=x', () => url.origin],
    ['another site', () => `/wire?token=${token()}`, () => 'https://evil.example'],
    ['another port', () => `/wire?token=${token()}`, () => 'http://127.0.0.1:1'],
    ['another path', () => `/?token=${token()}`, () => url.origin],
    // Any site may open this.
    ['what is no URL', () => '//', () => 'https://evil.example'],
  ])('refuses %s', async (_, path, origin) => {
    expect(await connect(path(), origin())).toBe('403')
    expect(pages).toBe(0)
  })

  it('is not disturbed by a client that hangs up', async () => {
    const socket = connectTcp(Number(url.port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`GET /wire HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    await expect.poll(() => logged.length).toBe(1)
    socket.resetAndDestroy()
    expect(await connect(`/wire?token=${token()}`, url.origin)).toBe('hello')
  })

  it('ends with a frame that is none', async () => {
    const socket = connectTcp(Number(url.port), '127.0.0.1')
    socket.on('error', () => {})
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n'
    socket.write(
      `GET /wire?token=${token()} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n`,
    )
    await expect.poll(() => pages).toBe(1)
    socket.write(Buffer.alloc(8, 0xff))
    socket.resume()
    await once(socket, 'close')
    expect(await connect(`/wire?token=${token()}`, url.origin)).toBe('hello')
  })

  it('logs a stale tab once, however often it asks', async () => {
    for (let i = 0; i < 3; i++) await connect('/wire?token=x', url.origin)
    await connect('/wire?token=x', 'https://evil.example')
    expect(logged).toEqual([
      `Refused a page from ${url.origin}: The token is missing or wrong: open the address that the broker printed when it started.`,
      'Refused a page from https://evil.example: Only pages of Ottla may connect.',
    ])
  })

  it('says whether it would serve a page, so that a page can tell why it is not', async () => {
    const statusOf = async (path: string, headers = {}) => (await ask(path, headers, 'HEAD')).status
    expect(await statusOf(`/wire?token=${token()}`)).toBe(204)
    expect(await statusOf('/wire?token=x')).toBe(403)
    expect(await statusOf(`/wire?token=${token()}`, { origin: 'https://evil.example' })).toBe(403)
  })
})
