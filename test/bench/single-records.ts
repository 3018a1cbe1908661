/**
 * One record per batch, the everyday load: written by librdkafka over six partitions with a request for each record, read back, and scanned for
 * a text. Says records per second, CPU seconds of the broker (which a busy machine changes little) and its largest resident memory.
 * `npm run bench -- single-records [--records 1000000]`
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { decode } from '../../src-main/desk/decoders/auto'
import { automatic } from '../../src-main/desk/decoders/decoder'
import { FileBatches } from '../../src-main/desk/embedded/file-batches'
import { textFilter } from '../../src-main/desk/messages/filter'
import { Search } from '../../src-main/desk/messages/search'
import { WorkspaceReader } from '../../src-main/storage'
import { ProcessUse } from './measure/process'

const root = join(__dirname, '../..')
const flag = process.argv.indexOf('--records')
const count = flag < 0 ? 1_000_000 : Number(process.argv[flag + 1])
const topic = 'single'

function say(name: string, figures: Readonly<Record<string, number | string>>): void {
  const text = Object.entries(figures).map(([key, value]) => `${key} ${value}`)
  console.log(`${name.padEnd(24)} ${text.join('  ')}`)
}

async function load(what: 'write' | 'read', address: string): Promise<number> {
  const own = join(root, '.cache/python/current/bin/python')
  const args = ['-u', join(root, 'test/bench/single_records.py'), what, address, topic, String(count)]
  const child = spawn(existsSync(own) ? own : 'python3', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error('the load failed: it needs Python with confluent-kafka')
  return Number(output)
}

async function throughBroker(file: string): Promise<void> {
  const args = [
    join(root, 'out/main/headless.js'),
    '--json',
    '--port',
    '0',
    '--no-ui',
    '--file',
    file,
    '--log-level',
    'warn',
  ]
  const broker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = (await once(createInterface({ input: broker.stdout }), 'line')) as [string]
    const address = (JSON.parse(line) as { kafka: string[] }).kafka[0] as string
    const use = new ProcessUse(broker.pid!)
    for (const what of ['write', 'read', 'read'] as const) {
      say(what, { recordsPerSecond: await load(what, address), ...use.look() })
    }
  } finally {
    broker.kill('SIGTERM')
    await once(broker, 'exit')
  }
}

/** The search of the pages, on the file. */
async function scan(file: string): Promise<void> {
  const reader = new WorkspaceReader(file)
  const row = reader.topics().find(({ name }) => name === topic)!
  const ranges = reader.partitions(row.id).map(({ number, logEnd }) => ({
    topic,
    partition: number,
    from: 0,
    before: logEnd,
    seen: [],
    decoders: { key: automatic, value: automatic },
  }))
  const plan = {
    ranges,
    backward: false,
    live: false,
    limit: 1000,
    find: '"order":-1,',
    script: '',
    fromAt: -1,
    untilAt: -1,
    buckets: null,
    format: null,
    committed: false,
  }
  const decodings = new Map([[topic, { key: decode, value: decode }]])
  const before = process.cpuUsage()
  const start = performance.now()
  const search = new Search(new FileBatches(reader), plan, textFilter(plan.find), decodings, () => 0)
  while (!search.isDone) await search.next()
  const { user, system } = process.cpuUsage(before)
  const { scanned } = search.progress(true)
  const recordsPerSecond = Math.round(scanned / ((performance.now() - start) / 1000))
  const peakMib = new ProcessUse('self').mib('VmHWM')
  say('text scan', { recordsPerSecond, cpuS: ((user + system) / 1e6).toFixed(2), peakMib })
  // One record in 1,000 matches; the newest first, as the page begins.
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const rare = { ...plan, find: '"amount":999', backward: true, limit: 100 }
  const first = new Search(new FileBatches(reader), rare, textFilter(rare.find), decodings, () => 0)
  for (let rows = 0; rows === 0 && !first.isDone; ) rows = (await first.next()).length
  const cpu = process.cpuUsage(cpuBefore)
  say('first rows', {
    ms: Math.round(performance.now() - startedAt),
    cpuMs: Math.round((cpu.user + cpu.system) / 1000),
  })
  reader.dispose()
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ottla-bench-'))
  const file = join(folder, 'bench.ottla')
  try {
    await throughBroker(file)
    say('file', { mib: Math.round(statSync(file).size / 1024 / 1024) })
    await scan(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
