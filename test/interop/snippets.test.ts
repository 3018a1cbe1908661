import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { type Place, type Step, snippets } from '../../src-renderer/pages/home/snippets'
import { BrokerProcess } from '../support/broker'
import { classpathOf, kafkaClients, needsJava } from '../support/java'
import { needsNpmClient, npmClients } from '../support/npm-clients'
import { needsPython, outputOf, pythonOf } from '../support/python'
import { itNeeds, type Requirement } from '../support/require'

const root = resolve(__dirname, '../..')
let broker: BrokerProcess
let folder: string
const children: ChildProcess[] = []

// A broker each: all snippets name one group, and a consumer that is killed stays in it until its session ends.
beforeEach(async () => {
  broker = await BrokerProcess.start({ memory: true })
  folder = mkdtempSync(join(tmpdir(), 'ottla-snippets-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await broker?.dispose()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const needs = (command: string): Requirement =>
  spawnSync('sh', ['-c', `command -v ${command}`]).status === 0 ? {} : { missing: `no ${command}` }

/** franz-go is taken from the module cache: the test does not download. */
const needsFranz = (): Requirement =>
  needs('go').missing !== undefined
    ? needs('go')
    : existsSync(join(spawnSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).stdout.trim(), 'github.com/twmb'))
      ? {}
      : { missing: 'no franz-go in the module cache' }

function stepOf(id: string, kind: Step['kind']): Step {
  const [host = '', port = ''] = broker.address.split(':')
  const place: Place = { host, port, containerPort: null, registryUrl: broker.ready.registry }
  const step = snippets
    .find((snippet) => snippet.id === id)
    ?.steps(place)
    .find((one) => one.kind === kind)
  if (!step) throw new Error(`${id} has no step ${kind}`)
  if (step.file !== null) writeFileSync(join(folder, step.file), step.code)
  return step
}

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
  children.push(child)
  return child
}

/** Resolves with the first line that names the key; rejects when the program ends before. */
function firstMessage(child: ChildProcess): Promise<string> {
  return new Promise((resolvePromise, reject) => {
    let text = ''
    const take = (chunk: string) => {
      text += chunk
      // The last part may be a line that has not come as a whole yet.
      const lines = text.split('\n').slice(0, -1)
      const line = lines.find((one) => one.includes('order-1') || one.includes('"total"'))
      if (line !== undefined) resolvePromise(line)
    }
    child.stdout?.setEncoding('utf8').on('data', take)
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.on('error', reject)
    child.on('close', (code) => reject(new Error(`it ended with ${code} before it printed the message:\n${text}`)))
  })
}

/** The program that runs the file of a step, as its users run it. */
type Run = (file: string) => readonly [command: string, args: readonly string[]]

async function producesAndConsumes(id: string, run: Run): Promise<void> {
  const [produce, args] = run(stepOf(id, 'produce').file ?? '')
  await outputOf(start(produce, args), `${id} produce`)
  const [consume, more] = run(stepOf(id, 'consume').file ?? '')
  const child = start(consume, more)
  expect(await firstMessage(child)).toContain('12')
  child.kill('SIGKILL')
}

describe('the snippets of Home produce and consume as they are copied', () => {
  itNeeds([needsJava()], 'Java', () =>
    producesAndConsumes('java', (file) => [
      'java',
      ['-cp', [folder, classpathOf([kafkaClients])].join(delimiter), join(folder, file)],
    ]),
  )

  itNeeds([needsPython('current', 'confluent_kafka', '2.11.1')], 'Python', () =>
    producesAndConsumes('python', (file) => [pythonOf('current'), [file]]),
  )

  itNeeds([], 'Node', () => producesAndConsumes('node', (file) => [process.execPath, [file]]))

  itNeeds([needsFranz()], 'Go', async () => {
    writeFileSync(join(folder, 'go.mod'), 'module orders\n\ngo 1.24\n')
    const offline = 'GOFLAGS=-mod=mod GONOSUMDB=* GOPROXY="file://$(go env GOMODCACHE)/cache/download"'
    await outputOf(start('sh', ['-c', `${offline} go get github.com/twmb/franz-go/pkg/kgo`]), 'go get')
    await producesAndConsumes('go', (file) => ['go', ['run', file]])
  })

  itNeeds([needsPython('current', 'confluent_kafka')], 'transactions in Python', () =>
    producesAndConsumes('transactions', (file) => [pythonOf('current'), [file]]),
  )

  itNeeds([needsPython('current', 'confluent_kafka'), needsPython('current', 'fastavro')], 'Avro in Python', () =>
    producesAndConsumes('registry', (file) => [pythonOf('current'), [file]]),
  )

  itNeeds([needsNpmClient('@kafkajs/confluent-schema-registry')], 'Avro in Node', async () => {
    unlinkSync(join(folder, 'node_modules'))
    symlinkSync(npmClients, join(folder, 'node_modules'))
    await producesAndConsumes('registry-node', (file) => [process.execPath, [file]])
  })

  itNeeds([needs('kcat')], 'kcat', async () => {
    await outputOf(start('sh', ['-c', stepOf('kcat', 'produce').code]), 'kcat produce')
    const child = start('sh', ['-c', stepOf('kcat', 'consume').code])
    expect(await firstMessage(child)).toContain('12')
  })
})
