/**
 * The pages on a large topic, in a headless browser: how soon rows are there, how fast a scan is, whether scrolling and a live view stay
 * smooth, and whether producers notice; then pages with much to show (page-sizes.ts). With `--records 0` only those.
 * `npm run bench:pages [-- --records 10000000] [--json FILE]`
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Page } from 'playwright-core'
import { encodeRequest } from '../../src-main/protocol/frame'
import { encodeBatch } from '../../src-main/records/encode'
import { type Figure, measureSizes } from './page-sizes'

const root = join(__dirname, '../..')
const topic = 'bench'
const perBatch = 10_000

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}

/** A client of one connection that waits for each answer. */
class Client {
  readonly #socket: Socket
  readonly #waiting: ((answer: Buffer) => void)[] = []
  #pending: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (data) => this.#take(data))
  }

  static async to(address: string): Promise<Client> {
    const colon = address.lastIndexOf(':')
    const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon).replace(/^\[|\]$/g, ''))
    await once(socket, 'connect')
    return new Client(socket)
  }

  ask(chunks: readonly Uint8Array[]): Promise<Buffer> {
    const size = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)
    const length = Buffer.alloc(4)
    length.writeInt32BE(size)
    this.#socket.write(Buffer.concat([length, ...chunks]))
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  produce(batch: Uint8Array): Promise<Buffer> {
    const partitionData = [{ index: 0, records: batch }]
    return this.ask(
      encodeRequest('Produce', 8, 1, 'bench', {
        transactionalId: null,
        acks: 1,
        timeoutMs: 10_000,
        topicData: [{ name: topic, partitionData }],
      }),
    )
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(data: Buffer): void {
    this.#pending = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data])
    while (this.#pending.length >= 4 && this.#pending.length >= 4 + this.#pending.readInt32BE(0)) {
      const size = this.#pending.readInt32BE(0)
      this.#waiting.shift()?.(this.#pending.subarray(4, 4 + size))
      this.#pending = this.#pending.subarray(4 + size)
    }
  }
}

const value = (number: number) =>
  Buffer.from(`{"order":${number},"customer":"ada","item":"tea","quantity":${number % 7},"note":"as ever"}`)

/** One record per millisecond, so that times and offsets can be checked against each other. */
async function fill(client: Client, records: number, startAt: number): Promise<void> {
  for (let first = 0; first < records; first += perBatch) {
    const batch = Array.from({ length: Math.min(perBatch, records - first) }, (_, i) => ({
      key: Buffer.from(String((first + i) % 1000)),
      value: value(first + i),
      timestamp: startAt + first + i,
    }))
    await client.produce(encodeBatch(batch))
  }
}

/** Resolves to the ms from the last input, or change of place, to when `text` stands in the first row. */
async function untilFirstRow(page: Page, text: string | null): Promise<number> {
  return await page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const row = document.querySelector('[role=rowgroup] [role=row]')
          if (row && (wanted === null || row.textContent?.includes(wanted))) {
            const { since } = window as unknown as { since: number }
            resolve(Math.round(performance.now() - since))
          } else requestAnimationFrame(look)
        }
        look()
      }),
    text,
  )
}

async function visit(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    const clock = window as unknown as { since: number }
    clock.since = performance.now()
    location.hash = hash
  }, `#/${place}`)
}

/** Frames of a while: how many there were, and the longest gap between two. */
async function frames(page: Page, ms: number, scrolls: boolean): Promise<{ perSecond: number; longestMs: number }> {
  return await page.evaluate(
    ([span, moves]) =>
      new Promise<{ perSecond: number; longestMs: number }>((resolve) => {
        const body = document.querySelector('[role=grid]')
        const begun = performance.now()
        let last = begun
        let count = 0
        let longest = 0
        const step = (now: number) => {
          if (count > 0) longest = Math.max(longest, now - last)
          last = now
          count++
          if (moves && body) body.scrollTop += 140
          if (now - begun < span) requestAnimationFrame(step)
          else resolve({ perSecond: Math.round((count * 1000) / (now - begun)), longestMs: Math.round(longest) })
        }
        requestAnimationFrame(step)
      }),
    [ms, scrolls] as const,
  )
}

async function latencies(client: Client, ms: number): Promise<{ p50Ms: number; p99Ms: number }> {
  const batch = encodeBatch([{ key: null, value: value(0), timestamp: Date.now() }])
  const times: number[] = []
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const from = performance.now()
    await client.produce(batch)
    times.push(performance.now() - from)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  times.sort((a, b) => a - b)
  const at = (part: number) => Math.round((times[Math.floor(times.length * part)] ?? 0) * 100) / 100
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** What the line under the table says: `12 of 3.4M scanned`. */
const progressOf = (page: Page) => page.locator('[aria-live=polite]', { hasText: 'scanned' }).first()

async function measure(page: Page, client: Client, records: number, startAt: number, note: (figure: Figure) => void) {
  const grouped = (number: number) => new Intl.NumberFormat('en-US').format(number)
  await page.evaluate(() => {
    const clock = window as unknown as { since: number }
    window.addEventListener('input', () => (clock.since = performance.now()), true)
  })
  await visit(page, `topics/${topic}`)
  note({ name: 'first rows of the newest, first visit', ms: await untilFirstRow(page, grouped(records - 1)) })
  await visit(page, 'topics')
  await page.getByRole('heading', { name: 'Topics' }).waitFor()
  await visit(page, `topics/${topic}`)
  note({ name: 'first rows of the newest', ms: await untilFirstRow(page, grouped(records - 1)) })
  await page.getByLabel('Start from').selectOption('offset')
  for (const part of [0.5, 0.1, 0.9]) {
    const offset = Math.floor(records * part)
    await page.getByLabel('Offset', { exact: true }).fill(String(offset))
    note({ name: `jump to offset ${grouped(offset)}`, ms: await untilFirstRow(page, grouped(offset)) })
  }
  await page.getByLabel('Start from').selectOption('time')
  const offset = Math.floor(records * 0.3)
  const at = startAt + offset
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 23)
  await page.getByLabel('From time').fill(local)
  note({ name: 'jump to a time', ms: await untilFirstRow(page, grouped(offset)) })
  note({ name: 'scrolling', ...(await frames(page, 3000, true)) })

  await page.getByLabel('Start from').selectOption('oldest')
  await untilFirstRow(page, '"order":0,')
  await page.getByLabel('Find').fill('"order":4242,')
  note({ name: 'text scan, first match', ms: await untilFirstRow(page, '"order":4242,') })
  note({ name: 'produce before a scan', ...(await latencies(client, 3000)) })
  await page.getByLabel('Find').fill('nothing has this text')
  await page.getByRole('button', { name: 'Stop' }).waitFor()
  note({ name: 'produce while a scan runs', ...(await latencies(client, 3000)) })
  await page.getByText('complete').waitFor({ timeout: 120_000 })
  const scan = (await progressOf(page).textContent()) ?? ''
  note({ name: 'text scan of all', said: scan })
  await page.getByLabel('Find').fill('')

  await page.getByLabel('Start from').selectOption('live')
  await page.getByText('Waiting for messages').waitFor()
  const perSecond = 20_000
  const seconds = 5
  let sent = 0
  const produce = (async () => {
    const begun = performance.now()
    while (sent < perSecond * seconds) {
      const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - begun) / 1000) * perSecond))
      if (due > sent) {
        const now = Date.now()
        const batch = Array.from({ length: due - sent }, (_, i) => ({
          key: null,
          value: value(sent + i),
          timestamp: now,
        }))
        await client.produce(encodeBatch(batch))
        sent = due
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  const live = await frames(page, seconds * 1000, false)
  await produce
  await page.getByText(`${grouped(sent)} of`).waitFor({ timeout: 20_000 })
  note({ name: `live at ${grouped(perSecond)}/s`, ...live, shown: sent })
}

async function main(): Promise<void> {
  const records = Number(option('records') ?? 10_000_000)
  const figures: Figure[] = []
  const note = (figure: Figure) => {
    figures.push(figure)
    const { name, ...measures } = figure
    const text = Object.entries(measures).map(([key, measure]) => `${key} ${measure}`)
    console.log(`${name.padEnd(36)} ${text.join('  ')}`)
  }
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  )
  if (!executablePath) throw new Error('no Chromium is installed')
  const folder = mkdtempSync(join(tmpdir(), 'ottla-bench-'))
  const file = join(folder, 'bench.ottla')
  const args = ['--json', '--port', '0', '--ui-port', '0', '--file', file, '--log-level', 'warn']
  const broker = spawn(process.execPath, [join(root, 'out/main/headless.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const [line] = (await once(createInterface({ input: broker.stdout }), 'line')) as [string]
    const { kafka, ui } = JSON.parse(line) as { kafka: string[]; ui: string }
    const client = await Client.to(kafka[0] as string)
    await client.ask(
      encodeRequest('Metadata', 4, 1, 'bench', { topics: [{ name: topic }], allowAutoTopicCreation: true }),
    )
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
    await page.goto(ui)
    await page.getByText('Kafka is running').waitFor()
    if (records > 0) {
      const startAt = Date.now() - records
      const begun = performance.now()
      await fill(client, records, startAt)
      note({ name: `filled with ${records}`, seconds: Math.round((performance.now() - begun) / 100) / 10 })
      await measure(page, client, records, startAt, note)
    }
    await measureSizes(page, kafka[0] as string, note)
    client.close()
  } finally {
    await browser.close()
    broker.kill('SIGTERM')
    await once(broker, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
  const json = option('json')
  if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
