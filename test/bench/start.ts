/**
 * From launch to a window, in the desktop app: when the broker takes connections, when the window is there and when it shows its page.
 * `npm run bench -- start [--runs 5] [--json FILE]`; without a display under `xvfb-run -a`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(__dirname, '../..')
const pollMs = 2

interface Start {
  readonly brokerMs: number
  readonly windowMs: number
  readonly pageMs: number
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}

/** Runs in Electron before the app: says when a window is shown, and when its page first shows that the broker answers. */
const watcher = `
const { app } = require('electron')
const say = (what) => process.stdout.write(what + ' ' + Date.now() + '\\n')
app.on('browser-window-created', (_event, window) => {
  window.once('show', () => say('window'))
  const look = () =>
    window.webContents
      .executeJavaScript("document.querySelector('h1')?.textContent ?? ''")
      .then((text) => (text === 'Kafka is running' ? say('page') : setTimeout(look, ${pollMs})))
      .catch(() => setTimeout(look, ${pollMs}))
  window.webContents.once('dom-ready', look)
})`

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

/** When the broker takes connections. */
async function untilAnswered(port: number, goesOn: () => boolean): Promise<number> {
  while (goesOn()) {
    const socket = connect(port, '127.0.0.1')
    const answers = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (answers) return Date.now()
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  throw new Error('the app ended before its broker answered')
}

async function measure(folder: string, program: string): Promise<Start> {
  const port = await freePort()
  const script = join(folder, 'watcher.cjs')
  writeFileSync(script, watcher)
  const begun = Date.now()
  const child = spawn(program, ['-r', script, '--no-sandbox', root], {
    env: {
      ...process.env,
      XDG_CONFIG_HOME: join(folder, 'config'),
      OTTLA_PORT: String(port),
      OTTLA_FILE: join(folder, 'start.ottla'),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'exit')
  const seen = new Map<string, number>()
  const shown = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [what = '', at] = line.split(' ')
      seen.set(what, Number(at))
      if (seen.has('window') && seen.has('page')) resolve()
    })
  })
  try {
    const answered = await untilAnswered(port, () => child.exitCode === null)
    await Promise.race([shown, ended])
    const [window, page] = [seen.get('window'), seen.get('page')]
    if (window === undefined || page === undefined) throw new Error('the app ended before it showed its page')
    return { brokerMs: answered - begun, windowMs: window - begun, pageMs: page - begun }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function main(): Promise<void> {
  const runs = Number(option('runs') ?? 5)
  const program: string = createRequire(join(root, 'package.json'))('electron')
  const folder = mkdtempSync(join(tmpdir(), 'ottla-bench-'))
  const starts: Start[] = []
  try {
    // The first one makes the workspace, and fills the caches of the machine.
    for (let run = 0; run <= runs; run++) {
      const start = await measure(folder, program)
      const { brokerMs, windowMs, pageMs } = start
      if (run > 0) starts.push(start)
      console.log(
        `${run === 0 ? 'first start' : `start ${run}`}  broker ${brokerMs} ms  window ${windowMs} ms  page ${pageMs} ms`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const median = (of: (start: Start) => number) => starts.map(of).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0
  const figures = {
    brokerMs: median(({ brokerMs }) => brokerMs),
    windowMs: median(({ windowMs }) => windowMs),
    pageMs: median(({ pageMs }) => pageMs),
  }
  console.log(`median    broker ${figures.brokerMs} ms  window ${figures.windowMs} ms  page ${figures.pageMs} ms`)
  const json = option('json')
  if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
