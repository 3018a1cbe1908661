/**
 * The schema registry with 10,000 subjects of five versions each: the start, the first answer, look-ups, lists, registrations, and the
 * Schemas page in a headless browser.
 * `npm run bench -- registry [--subjects 10000] [--json FILE]`
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import { systemClock } from '../../src-main/base/clock'
import { Connection } from '../../src-main/client/connection'
import { dialTcp } from '../../src-main/client/dial'
import { defaultSettings } from '../../src-main/client/settings'
import { subjectLists } from '../../src-main/desk/schemas/lines'
import { encodeBatch } from '../../src-main/records/encode'
import { guidOf } from '../../src-main/registry/guid'
import { readRecord, writeRecord } from '../../src-main/registry/records'
import { Registry } from '../../src-main/registry/registry'

const root = join(__dirname, '../..')
const versionsEach = 5
const lookups = 5000
/** Look-ups before the measurement, in another registry: the client of the bench is warm then, the registry that is measured is not. */
const warmUps = 3000
const registrations = 2000
const clients = 16

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}

/** A record with a field more in each version: about 600 bytes. */
function schemaText(subject: number, version: number): string {
  const fields = Array.from({ length: 5 + version }, (_, i) => ({
    name: `field_${i}_of_the_record`,
    type: i % 2 === 0 ? 'string' : ['null', 'long'],
    ...(i % 2 === 0 ? { default: '' } : { default: null }),
  }))
  return JSON.stringify({ type: 'record', name: `Record${subject}`, namespace: 'bench.shop', fields })
}

interface KeyValue {
  readonly key: string
  readonly value: string
}

/** What a registry wrote for all of them. */
function* recordsOf(subjects: number): Generator<KeyValue> {
  let id = 1
  for (let version = 1; version <= versionsEach; version++) {
    for (let i = 0; i < subjects; i++) {
      const subject = `subject-${i}-value`
      const schema = {
        type: 'AVRO' as const,
        text: schemaText(i, version),
        references: [],
        metadata: null,
        ruleSet: null,
      }
      const stored = { subject, version, id: id++, guid: guidOf(schema), schema, deleted: false, at: 1 }
      const { key, value } = writeRecord({ kind: 'schema', subject, number: version, version: stored })
      yield { key, value: value ?? '' }
    }
  }
}

interface Ready {
  readonly kafka: string[]
  readonly registry: string
  readonly ui: string | null
  readonly startupMs: number
}

class Broker {
  readonly #process: ChildProcess
  readonly port: number
  readonly registry: string
  readonly ui: string | null
  readonly readyMs: number

  private constructor(child: ChildProcess, line: string) {
    const { kafka, registry, ui, startupMs } = JSON.parse(line) as Ready
    this.#process = child
    this.port = Number(/:(\d+)$/.exec(kafka[0] ?? '')?.[1])
    this.registry = registry
    this.ui = ui
    this.readyMs = startupMs
  }

  static async start(file: string): Promise<Broker> {
    const flags = ['--json', '--port', '0', '--ui-port', '0', '--file', file, '--log-level', 'warn']
    const child = spawn(process.execPath, [join(root, 'out/main/headless.js'), ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(
      createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }),
      'line',
    )) as [string]
    return new Broker(child, line)
  }

  /** Resident memory. */
  get mib(): number {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGTERM')
    await ended
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: clients })

function ask(url: string, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: body ? 'POST' : 'GET', agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (response.statusCode === 200) resolve(text)
        else reject(new Error(`${url}: ${response.statusCode} ${text}`))
      })
    })
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}

async function msOf(run: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await run()
  return performance.now() - from
}

async function fill({ registry, port }: Broker, subjects: number): Promise<void> {
  await ask(`${registry}/subjects/first/versions`, { schema: '"string"' })
  const target = { host: '127.0.0.1', port, nodeId: null }
  const settings = { ...defaultSettings, clientId: 'bench', bootstrap: [], requestTimeoutMs: 120_000 }
  const connection = await Connection.open(target, { settings, clock: systemClock, dial: dialTcp })
  let waiting: KeyValue[] = []
  const send = async () => {
    const records = encodeBatch(
      waiting.map(({ key, value }) => ({ key: Buffer.from(key), value: Buffer.from(value), timestamp: 1 })),
    )
    waiting = []
    const topicData = [{ name: '_schemas', partitionData: [{ index: 0, records }] }]
    await connection.ask('Produce', { acks: -1, timeoutMs: 30_000, topicData }, { maxVersion: 9 })
  }
  for (const record of recordsOf(subjects)) {
    waiting.push(record)
    if (waiting.length >= 500) await send()
  }
  if (waiting.length > 0) await send()
  connection.dispose()
}

/** What each of many look-ups by id took, in order of length. */
async function lookUp(url: string, subjects: number, count: number): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const id = 1 + ((i * 7919) % (subjects * versionsEach))
    times.push(await msOf(() => ask(`${url}/schemas/ids/${id}?subject=subject-${(id - 1) % subjects}-value`)))
  }
  return times.sort((a, b) => a - b)
}

async function measure(file: string, subjects: number): Promise<Record<string, number>> {
  const total = subjects * versionsEach
  const empty = await Broker.start(file)
  await fill(empty, subjects)
  await lookUp(empty.registry, subjects, warmUps)
  await empty.stop()
  const broker = await Broker.start(file)
  try {
    const url = broker.registry
    const idleMib = broker.mib
    const firstMs = await msOf(() => ask(`${url}/schemas/ids/${total}`))
    const loadedMib = broker.mib
    const times = await lookUp(url, subjects, lookups)
    const subjectsMs = await msOf(() => ask(`${url}/subjects`))
    const latestMs = await msOf(() => ask(`${url}/subjects/subject-77-value/versions/latest`))
    let next = 0
    const registerMs = await msOf(() =>
      Promise.all(
        Array.from({ length: clients }, async () => {
          for (let i = next++; i < registrations; i = next++) {
            await ask(`${url}/subjects/subject-${i}-value/versions`, { schema: schemaText(i, versionsEach + 1) })
          }
        }),
      ),
    )
    return {
      readyMs: broker.readyMs,
      idleMib,
      firstMs,
      loadedMib,
      lookupP50Ms: times[Math.floor(times.length / 2)] ?? 0,
      lookupP99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
      subjectsMs,
      latestMs,
      registrationsPerSecond: (registrations / registerMs) * 1000,
      ...(await pageFigures(broker, subjects)),
    }
  } finally {
    await broker.stop()
  }
}

/** The Schemas page in a headless browser: ms until the list is there, until what is typed is found, until a registration shows. */
async function pageFigures(broker: Broker, subjects: number): Promise<Record<string, number>> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
  if (!executablePath || broker.ui === null) return {}
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
    await page.goto(broker.ui)
    await page.getByText('Kafka is running').waitFor()
    /** From an action in the page until its first row has a text. */
    const untilFirstRow = (act: string, text: string) =>
      page.evaluate(
        ([action, wanted]) =>
          new Promise<number>((resolve) => {
            const since = performance.now()
            new Function(action)()
            const look = () => {
              const row = document.querySelector('[role=rowgroup] [role=row]')
              if (row?.textContent?.includes(wanted)) resolve(performance.now() - since)
              else requestAnimationFrame(look)
            }
            look()
          }),
        [act, text] as const,
      )
    const open = "location.hash = '#/schemas'"
    const away = async () => {
      await page.evaluate("location.hash = '#/groups'")
      await page.getByRole('heading', { name: 'Groups', exact: true }).waitFor()
    }
    const type = (text: string) =>
      `const field = document.querySelector('main input[type=search]')
       Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, '${text}')
       field.dispatchEvent(new Event('input', { bubbles: true }))`
    const pageFirstMs = await untilFirstRow(open, 'first')
    await away()
    const pageOpenMs = await untilFirstRow(open, 'first')
    const wanted = `subject-${subjects - 1}-value`
    const searchMs = await untilFirstRow(type(wanted), wanted)
    await untilFirstRow(type(''), 'first')
    const registered = untilFirstRow('', 'a-new-subject')
    const from = performance.now()
    await ask(`${broker.registry}/subjects/a-new-subject/versions`, { schema: '"string"' })
    const answeredMs = performance.now() - from
    await registered
    return { pageFirstMs, pageOpenMs, searchMs, registrationShownMs: performance.now() - from - answeredMs }
  } finally {
    await browser.close()
  }
}

/** In this process: what the replay and the page's list take without HTTP. */
function values(subjects: number): Record<string, number> {
  const registry = new Registry()
  const records = [...recordsOf(subjects)].map(({ key, value }) => [Buffer.from(key), Buffer.from(value)] as const)
  const started = performance.now()
  for (const [key, value] of records) {
    const record = readRecord(key, value, 1)
    if (record) registry.state.apply(record)
  }
  const replayMs = performance.now() - started
  const changes = subjectLists()()
  const from = performance.now()
  changes(registry)
  const listMs = performance.now() - from
  const [key, value] = records.at(-1) ?? [null, null]
  const record = readRecord(key, value, 2)
  if (record) registry.state.apply(record)
  const again = performance.now()
  changes(registry)
  return { replayMs, listMs, changeMs: performance.now() - again }
}

async function main(): Promise<void> {
  const subjects = Number(option('subjects') ?? 10_000)
  const folder = mkdtempSync(join(tmpdir(), 'ottla-bench-'))
  try {
    const figures = { ...(await measure(join(folder, 'registry.ottla'), subjects)), ...values(subjects) }
    for (const [name, value] of Object.entries(figures))
      console.log(`${name.padEnd(24)}${value.toFixed(2).padStart(10)}`)
    const json = option('json')
    if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`)
  } finally {
    agent.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
