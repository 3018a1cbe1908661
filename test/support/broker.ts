import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const root = resolve(__dirname, '../..')

/** The start-up line of `ottla serve --json`. */
export interface ReadyLine {
  readonly ready: true
  readonly pid: number
  readonly kafka: readonly string[]
  readonly registry: string | null
  readonly ui: string | null
  readonly metrics: string | null
  readonly file: string | null
  readonly startupMs: number
}

export interface BrokerOptions {
  /** Further arguments of `ottla serve`. */
  readonly args?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Serves the pages too, on this port or on a free one. */
  readonly ui?: boolean | number
  /** Keeps everything in memory; a restart then begins empty. */
  readonly memory?: boolean
}

/** A broker in a process of its own, on a workspace of its own. Build first: `npm run build`. */
export class BrokerProcess {
  readonly folder: string
  readonly file: string
  readonly #options: BrokerOptions
  #process: ChildProcess | null = null
  #ready: ReadyLine | null = null
  #port = 0
  #log = ''

  private constructor(options: BrokerOptions) {
    this.folder = mkdtempSync(join(tmpdir(), 'ottla-test-'))
    this.file = join(this.folder, 'test.ottla')
    this.#options = options
  }

  /** Resolves when the broker says that it is ready. */
  static async start(options: BrokerOptions = {}): Promise<BrokerProcess> {
    const broker = new BrokerProcess(options)
    await broker.startAgain()
    return broker
  }

  get ready(): ReadyLine {
    if (!this.#ready) throw new Error('the broker does not run')
    return this.#ready
  }

  get port(): number {
    return this.#port
  }

  /** `127.0.0.1:PORT`, for `bootstrap.servers`. */
  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  /** Everything that it wrote to stderr since it was first started. */
  get log(): string {
    return this.#log
  }

  /** Starts it on the same file and the same port. */
  async startAgain(): Promise<void> {
    const { args = [], environment = {}, ui = false, memory = false } = this.#options
    const store = memory ? ['--memory'] : ['--file', this.file]
    const pages = ui === false ? ['--no-ui'] : ['--ui-port', String(ui === true ? 0 : ui)]
    const child = spawn(
      process.execPath,
      [join(root, 'out/main/headless.js'), '--json', '--port', String(this.#port), ...store, ...pages, ...args],
      { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#process = child
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text
    })
    const lines = createInterface({ input: child.stdout! })
    const exit = once(child, 'exit')
    const line = await Promise.race([once(lines, 'line'), exit.then(() => null)])
    if (!line) throw new Error(`the broker ended before it was ready:\n${this.#log}`)
    this.#ready = JSON.parse(String(line[0])) as ReadyLine
    this.#port = Number(/:(\d+)$/.exec(this.#ready.kafka[0]!)![1])
  }

  /** Ends it as a power cut would: SIGKILL, nothing is closed. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Ends it as Ctrl+C does; the exit code. */
  async stop(): Promise<number | null> {
    return await this.#end('SIGTERM')
  }

  /** Ends it as a terminal does that is closed; the exit code. */
  async hangUp(): Promise<number | null> {
    return await this.#end('SIGHUP')
  }

  /** Resolves to its exit code when it ends by itself. */
  async ended(): Promise<number | null> {
    const child = this.#process
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    return child?.exitCode ?? null
  }

  /** Ends it and removes its workspace. */
  async dispose(): Promise<void> {
    await this.#end('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process
    this.#process = null
    this.#ready = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const exit = once(child, 'exit')
    child.kill(signal)
    const [code] = await exit
    return typeof code === 'number' ? code : null
  }
}
