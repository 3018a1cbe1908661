import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { classpathOf, needsJava } from '../support/java'
import { takePort } from '../support/ports'
import { itNeeds } from '../support/require'

let broker: BrokerProcess
let workers: ChildProcess[]
beforeEach(async () => {
  broker = await BrokerProcess.start()
  workers = []
})
afterEach(async () => {
  for (const worker of workers) worker.kill('SIGKILL')
  await broker.dispose()
})

/** Writes a properties file beside the broker's own; its path. */
function properties(name: string, values: Readonly<Record<string, string>>): string {
  const file = join(broker.folder, `${name}.properties`)
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}`)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

async function startWorker(): Promise<ChildProcess> {
  const rest = await takePort()
  await rest.release()
  const string = 'org.apache.kafka.connect.storage.StringConverter'
  const files = [
    properties('worker', {
      'bootstrap.servers': broker.address,
      'key.converter': string,
      'value.converter': string,
      'offset.storage.file.filename': join(broker.folder, 'connect.offsets'),
      'offset.flush.interval.ms': '500',
      listeners: `http://127.0.0.1:${rest.port}`,
      'plugin.discovery': 'only_scan',
    }),
    properties('source', {
      name: 'file-source',
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      'tasks.max': '1',
      file: join(broker.folder, 'in.txt'),
      topic: 'lines',
    }),
    properties('sink', {
      name: 'file-sink',
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
      'tasks.max': '1',
      file: join(broker.folder, 'out.txt'),
      topics: 'lines',
    }),
  ]
  const classpath = classpathOf(['org.apache.kafka:connect-runtime:4.3.1', 'org.apache.kafka:connect-file:4.3.1'])
  const worker = spawn('java', ['-cp', classpath, 'org.apache.kafka.connect.cli.ConnectStandalone', ...files], {
    stdio: 'ignore',
  })
  workers.push(worker)
  return worker
}

describe('Kafka Connect, standalone', () => {
  itNeeds(
    [needsJava()],
    'takes the lines of a file through a topic to another, also after a restart',
    async () => {
      const source = join(broker.folder, 'in.txt')
      const sink = join(broker.folder, 'out.txt')
      const lines = (from: number, count: number) =>
        Array.from({ length: count }, (_, i) => `line ${from + i}\n`).join('')
      const written = () => (existsSync(sink) ? readFileSync(sink, 'utf8') : '')
      writeFileSync(source, lines(0, 100))
      const worker = await startWorker()
      await expect.poll(written, { timeout: 60_000 }).toBe(lines(0, 100))
      worker.kill('SIGTERM')
      await once(worker, 'exit')
      appendFileSync(source, lines(100, 100))
      await startWorker()
      await expect.poll(written, { timeout: 60_000 }).toBe(lines(0, 200))
    },
    150_000,
  )
})
