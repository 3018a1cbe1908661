import { spawn, spawnSync } from 'node:child_process'
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

/** Longest wait for a start: the first one downloads Kafka. */
const startMs = 240_000

/** A single node of Apache Kafka 4.4, with an authorizer and a listener for SASL_SSL, or three nodes without either. */
export class ApacheKafka {
  private constructor(
    readonly bootstrap: string,
    readonly downArgs: readonly string[],
  ) {}

  /** @param settings lines of server.properties */
  static async single(port: number, settings: readonly string[]): Promise<ApacheKafka> {
    await run('up', [String(port)], { KAFKA_EXTRA: settings.join('\n'), KAFKA_HEAP_OPTS: '-Xmx512M -Xms256M' })
    return new ApacheKafka(`127.0.0.1:${port}`, ['down', String(port)])
  }

  static async cluster(port: number): Promise<ApacheKafka> {
    await run('up-cluster', [String(port)], { KAFKA_HEAP_OPTS: '-Xmx384M -Xms192M' })
    return new ApacheKafka(`127.0.0.1:${port}`, ['down-cluster', String(port)])
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
