/**
 * The wire page under load, in a headless browser: what a client waits and what the broker's process costs with no page, with the page open,
 * with a filter, and with the pointer over the rows, which must not move then. `npm run bench -- wire [--rate 20000] [--seconds 5] [--json FILE]`
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type CDPSession, chromium, type Page } from 'playwright-core'
import { encodeRequest } from '../../src-main/protocol/frame'
import { encodeBatch } from '../../src-main/records/encode'
import { ProcessUse } from './measure/process'

type Figure = Readonly<Record<string, number | string>> & { readonly name: string }

const root = join(__dirname, '../..')
const topic = 'bench'
const connections = 4
/** Requests are sent in bursts, so often. */
const burstMs = 5
/** More unanswered ones than this: the machine gives no more. */
const mostUnanswered = 2000

function option(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise)
}

function framed(chunks: readonly Uint8Array[]): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0))
  return Buffer.concat([length, ...chunks])
}

const produce = () =>
  framed(
    encodeRequest('Produce', 8, 1, 'bench', {
      transactionalId: null,
      acks: 1,
      timeoutMs: 10_000,
      topicData: [
        {
          name: topic,
          partitionData: [
            {
              index: 0,
              records: encodeBatch([{ key: Buffer.from('k'), value: Buffer.alloc(100, 'v'), timestamp: Date.now() }]),
            },
          ],
        },
      ],
    }),
  )
const fetchNothing = () =>
  framed(
    encodeRequest('Fetch', 11, 2, 'bench-reader', {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1000,
      isolationLevel: 0,
      topics: [{ topic: 'empty', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000 }] }],
    }),
  )

/** One connection whose requests are answered in order. */
class Sender {
  readonly #socket: Socket
  readonly #sentAt: number[] = []
  readonly times: number[] = []
  #answered = 0
  #held: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (data) => this.#take(data))
  }

  static async to(address: string): Promise<Sender> {
    const colon = address.lastIndexOf(':')
    const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon).replace(/^\[|\]$/g, ''))
    await once(socket, 'connect')
    return new Sender(socket)
  }

  get unanswered(): number {
    return this.#sentAt.length - this.#answered
  }

  send(frames: readonly Buffer[]): void {
    const at = performance.now()
    for (let i = 0; i < frames.length; i++) this.#sentAt.push(at)
    this.#socket.write(Buffer.concat(frames))
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(data: Buffer): void {
    this.#held = this.#held.length === 0 ? data : Buffer.concat([this.#held, data])
    const now = performance.now()
    let at = 0
    while (this.#held.length - at >= 4 && this.#held.length - at >= 4 + this.#held.readInt32BE(at)) {
      at += 4 + this.#held.readInt32BE(at)
      this.times.push(now - (this.#sentAt[this.#answered++] ?? now))
    }
    this.#held = this.#held.subarray(at)
  }
}

/** Half writes of one record, half fetches that find nothing. */
async function load(address: string, rate: number, ms: number) {
  const senders = await Promise.all(Array.from({ length: connections }, () => Sender.to(address)))
  const frames = [produce(), fetchNothing()]
  const begun = performance.now()
  let sent = 0
  for (let spent = 0; spent < ms; spent = performance.now() - begun) {
    const due = Math.floor((spent * rate) / 1000)
    const isFull = senders.reduce((sum, { unanswered }) => sum + unanswered, 0) > mostUnanswered
    if (isFull) sent = Math.max(sent, due)
    else {
      const burst = Math.min(due - sent, (rate * burstMs * 4) / 1000)
      const each = Math.ceil(burst / connections)
      if (each > 0)
        for (const sender of senders) sender.send(Array.from({ length: each }, (_, i) => frames[i % 2] as Buffer))
      sent = due
    }
    await new Promise((resolve) => setTimeout(resolve, burstMs))
  }
  const times = senders.flatMap((sender) => sender.times).sort((a, b) => a - b)
  for (const sender of senders) sender.close()
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10
  return { answered: times.length, perSecond: Math.round((times.length * 1000) / ms), p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** The time of the page's thread, in ms. */
async function taskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0)
}

/** How often the first row changes, and the frames that are drawn. */
async function watchRows(
  page: Page,
  ms: number,
): Promise<{ moves: number; framesPerSecond: number; longestMs: number }> {
  return await page.evaluate(
    (span) =>
      new Promise<{ moves: number; framesPerSecond: number; longestMs: number }>((resolve) => {
        const begun = performance.now()
        let [last, frames, longest, moves] = [begun, 0, 0, 0]
        let first = document.querySelector('[role=rowgroup] [role=row]')?.textContent
        const step = (now: number) => {
          longest = Math.max(longest, now - last)
          last = now
          frames++
          const text = document.querySelector('[role=rowgroup] [role=row]')?.textContent
          if (text !== first) moves++
          first = text
          if (now - begun < span) requestAnimationFrame(step)
          else resolve({ moves, framesPerSecond: Math.round((frames * 1000) / span), longestMs: Math.round(longest) })
        }
        requestAnimationFrame(step)
      }),
    ms,
  )
}

interface Bench {
  readonly address: string
  readonly page: Page
  readonly session: CDPSession
  readonly use: ProcessUse
  readonly rate: number
  readonly ms: number
}

/** One load, and what it costs. @param look done meanwhile */
async function measured(bench: Bench, name: string, isShown: boolean, look = async () => {}): Promise<Figure> {
  const { address, page, session, use, rate, ms } = bench
  await load(address, rate, 1000)
  await look()
  const before = await taskMs(session)
  use.look()
  const [answers, rows] = await Promise.all([load(address, rate, ms), isShown ? watchRows(page, ms) : null])
  const { cpuS = '', peakMib = 0 } = use.look()
  const { answered, ...times } = answers
  const page100k = Math.round(((await taskMs(session)) - before) / (answered / 100_000))
  return {
    name,
    ...times,
    cpuPer100k: Math.round((Number(cpuS) / answered) * 100_000 * 100) / 100,
    peakMib,
    ...(rows ? { ...rows, pageMsPer100k: page100k } : {}),
  }
}

async function readyOf({ stdout }: ChildProcess): Promise<{ readonly kafka: readonly string[]; readonly ui: string }> {
  const [line] = (await once(createInterface({ input: stdout as NonNullable<typeof stdout> }), 'line')) as [string]
  return JSON.parse(line) as { kafka: string[]; ui: string }
}

async function main(): Promise<void> {
  const [rate, seconds, json] = [Number(option('rate', '20000')), Number(option('seconds', '5')), option('json', '')]
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  )
  if (!executablePath) throw new Error('no Chromium is installed')
  const folder = mkdtempSync(join(tmpdir(), 'ottla-bench-'))
  const args = ['--json', '--port', '0', '--ui-port', '0', '--registry-port', '0', '--log-level', 'warn']
  const broker = spawn(
    process.execPath,
    [join(root, 'out/main/headless.js'), ...args, '--file', join(folder, 'bench.ottla')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const figures: Figure[] = []
  const note = (figure: Figure) => {
    figures.push(figure)
    const { name, ...measures } = figure
    console.log(
      `${name.padEnd(34)} ${Object.entries(measures)
        .map(([key, of]) => `${key} ${of}`)
        .join('  ')}`,
    )
  }
  try {
    const { kafka, ui } = await readyOf(broker)
    const address = kafka[0] as string
    const setUp = await Sender.to(address)
    for (const name of [topic, 'empty'])
      setUp.send([
        framed(encodeRequest('Metadata', 4, 1, 'bench', { topics: [{ name }], allowAutoTopicCreation: true })),
      ])
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const use = new ProcessUse(broker.pid as number)
    const bench: Bench = { address, page, session, use, rate, ms: seconds * 1000 }
    const visit = (place: string) =>
      page.evaluate((hash) => {
        location.hash = hash
      }, `#/${place}`)
    const rows = page.locator('[role=rowgroup] [role=row]')
    // What is compiled only once costs no row more than another.
    await load(address, rate, 4000)
    setUp.close()
    note(await measured(bench, 'no page', false))
    await page.goto(ui)
    await page.getByText('Kafka is running').waitFor()
    await visit('wire')
    await page.getByRole('heading', { name: 'Wire' }).waitFor()
    note(await measured(bench, 'page open', true))
    await visit('wire?find=client:nobody')
    note(await measured(bench, 'page open, nothing matches', false))
    await visit('wire?quiet=')
    note(await measured(bench, 'page open, without noise', true))
    await visit('wire')
    note(await measured(bench, 'pointer over the rows', true, async () => void (await rows.nth(5).hover())))
    await page.mouse.move(5, 5)
    note(await measured(bench, 'a request open', true, async () => void (await rows.nth(5).click())))
    await visit('home')
    await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
    note(await measured(bench, 'page left', false))
  } finally {
    await browser.close()
    broker.kill('SIGTERM')
    await once(broker, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
  if (json !== '') writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
