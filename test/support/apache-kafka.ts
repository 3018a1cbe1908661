import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Requirement } from './require'

/** The scripts that start an Apache Kafka. They lie beside the project's checkout, or where OTTLA_APACHE_KAFKA says. */
const scripts = process.env.OTTLA_APACHE_KAFKA ?? resolve(__dirname, '../../../shared/apache-kafka')

/** That an Apache Kafka can be started here. */
export function needsApacheKafka(): Requirement {
  if (!existsSync(resolve(scripts, 'up'))) return { missing: 'no scripts that start an Apache Kafka' }
  for (const command of ['java', 'mvn', 'bash']) {
    if (spawnSync(command, ['--version'], { stdio: 'ignore' }).status !== 0) return { missing: `no ${command}` }
  }
  return {}
}

/** Of each of three nodes. */
const clusterHeap = '-Xmx384M -Xms192M'

/** Longest wait for a start: the first one downloads Kafka. */
const startMs = 240_000

/**
 * First of ten ports that are this checkout's own, so that tests of two checkouts may run at once: the scripts keep the files of
 * a node by its port. A controller listens 1000 higher.
 */
const firstPort = portOf(resolve(__dirname))

function portOf(folder: string): number {
  const slot = createHash('sha256').update(folder).digest().readUInt32BE(0) % 500
  return 20_000 + Math.floor(slot / 100) * 2000 + (slot % 100) * 10
}

/** The ports of a single node; `otherPort` is for a second listener. */
interface Ports {
  readonly port: number
  readonly controllerPort: number
  readonly otherPort: number
}

/** A single node of Apache Kafka 4.4, with an authorizer and a listener for SASL_SSL; three nodes without either; or a node of an older version. */
export class ApacheKafka {
  private constructor(
    readonly bootstrap: string,
    readonly downArgs: readonly string[],
  ) {}

  /** @param settings lines of server.properties */
  static async single(settings: (ports: Ports) => readonly string[]): Promise<ApacheKafka> {
    const ports = { port: firstPort, controllerPort: firstPort + 1000, otherPort: firstPort + 1 }
    const extra = settings(ports).join('\n')
    await run('up', [String(ports.port)], { KAFKA_EXTRA: extra, KAFKA_HEAP_OPTS: '-Xmx512M -Xms256M' })
    return new ApacheKafka(`127.0.0.1:${ports.port}`, ['down', String(ports.port)])
  }

  /** A single node of another version, with nothing set. */
  static async ofVersion(version: string): Promise<ApacheKafka> {
    const port = firstPort + 2
    await run('up', [String(port)], { KAFKA_VERSION: version, KAFKA_HEAP_OPTS: '-Xmx512M -Xms256M' })
    return new ApacheKafka(`127.0.0.1:${port}`, ['down', String(port)])
  }

  static async cluster(): Promise<ApacheKafka> {
    const port = firstPort + 4
    await run('up-cluster', [String(port)], { KAFKA_HEAP_OPTS: clusterHeap })
    return new ApacheKafka(`127.0.0.1:${port}`, ['down-cluster', String(port)])
  }

  /** Ends one node of three; its data stays. */
  async stopNode(index: 1 | 2): Promise<void> {
    await run('down', [String(this.#port + index)])
  }

  async startNode(index: 1 | 2): Promise<void> {
    await run('up-cluster', [String(this.#port), String(index)], { KAFKA_HEAP_OPTS: clusterHeap })
  }

  get #port(): number {
    return Number(this.bootstrap.split(':').at(-1))
  }

  /** Runs one of Kafka's own tools. */
  async tool(...args: readonly string[]): Promise<string> {
    return await run('tool', args)
  }

  async dispose(): Promise<void> {
    const [script = '', ...args] = this.downArgs
    await run(script, args)
  }
}

/** What a script prints. @throws Error with its output when it fails, or takes too long */
function run(script: string, args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn(resolve(scripts, script), args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: startMs,
    })
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    child.once('error', failed)
    // The Kafka that a script starts keeps its output open: `exit` is what is waited for.
    child.once('exit', (code) => {
      if (code === 0) done(output)
      else failed(new Error(`${script} ${args.join(' ')} ended with ${code}:\n${errors}`))
    })
  })
}
