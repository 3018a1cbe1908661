import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Requirement } from './require'

const root = resolve(__dirname, '../..')

/** Virtual environments below .cache/python: `current` has the newest clients, `old` kafka-python 2.0.2, `share` a librdkafka with share groups. */
export type PythonEnvironment = 'current' | 'old' | 'share'

/** The interpreter of an environment, else the one on the PATH. */
export function pythonOf(environment: PythonEnvironment): string {
  const own = join(root, '.cache/python', environment, 'bin/python')
  return existsSync(own) ? own : 'python3'
}

/** That Python is there and has `module`, in `version` when that is given. */
export function needsPython(environment: PythonEnvironment, module: string, version?: string): Requirement {
  const script = `import importlib.metadata as m, ${module.replace('-', '_')}; print(m.version(${JSON.stringify(distributionOf(module))}))`
  const { status, stdout } = spawnSync(pythonOf(environment), ['-c', script], { encoding: 'utf8' })
  if (status !== 0) return { missing: `Python has no ${module}` }
  const found = stdout.trim()
  return version === undefined || found === version ? {} : { missing: `${module} is ${found}, not ${version}` }
}

/** Runs a script; resolves with what it printed, rejects with what it said when it failed. */
export function runPython(
  environment: PythonEnvironment,
  script: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const child = startPython(environment, script, args)
  return outputOf(child, script, input)
}

/** Starts a script and leaves it running; unbuffered, so that its lines come as it prints them. */
export function startPython(environment: PythonEnvironment, script: string, args: readonly string[]): ChildProcess {
  return spawn(pythonOf(environment), ['-u', script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
}

/** What a child process prints until it ends well; rejects with the end of its stderr and of that otherwise. */
export function outputOf(child: ChildProcess, name: string, input?: string): Promise<string> {
  return new Promise((resolvePromise, reject) => {
    let output = ''
    let errors = ''
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolvePromise(output)
      else reject(new Error(`${name} ended with ${code ?? signal}:\n${errors.slice(-4000)}\n${output.slice(-1000)}`))
    })
    child.stdin?.end(input)
  })
}

/** The name that a package is installed under, where it differs from the name it is imported by. */
function distributionOf(module: string): string {
  const names: Readonly<Record<string, string>> = { confluent_kafka: 'confluent-kafka', kafka: 'kafka-python' }
  return names[module] ?? module
}
