/**
 * The broker as clients feel it, by librdkafka: throughput, latency, start-up time and memory.
 * `npm run bench [-- --against HOST:PORT [--their-pid PID] [--rounds 3]] [--scale 1] [--json FILE]`; with `--against` the same load goes to another Kafka broker in turn
 * with ours, after both were warmed, and the ratios of the medians are printed: one run of a broker differs from the next by a fifth. Each line has the CPU seconds of the broker and its largest
 * resident memory during that load, where the system tells; of the other broker too when its process id is given.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { encodeRequest } from '../../src-main/protocol/frame'
import { ProcessUse } from './measure/process'

interface Figure {
  readonly name: string
  readonly [measure: string]: number | string
}

const root = join(__dirname, '../..')

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}

async function main(): Promise<void> {
  const against = option('against')
  const figures: Figure[] = []
  const note = (figure: Figure) => {
    figures.push(figure)
    const { name, ...measures } = figure
    console.log(
      `${name.padEnd(42)} ${Object.entries(measures)
        .map(([key, value]) => `${key} ${value}`)
        .join('  ')}`,
    )
  }
  const folder = mkdtempSync(join(tmpdir(), 'ottla-bench-'))
  const started = performance.now()
  const broker = startBroker(join(folder, 'bench.ottla'))
  const use = new ProcessUse(broker.pid as number)
  try {
    const address = await addressOf(broker)
    note({ name: 'ready', ms: Math.round(performance.now() - started) })
    note({ name: 'resident memory, idle', mib: use.mib('VmRSS') })
    note({ name: 'first assignment of one consumer', ms: await firstAssignmentMs(address) })
    use.look()
    if (against) {
      const theirPid = option('their-pid')
      const theirUse = theirPid === undefined ? undefined : new ProcessUse(Number(theirPid))
      for (const row of await compare({ address, use }, { address: against, use: theirUse })) note(row)
    } else await load({ address, use }, note)
    note({ name: 'resident memory, at the end', mib: use.mib('VmRSS') })
  } finally {
    broker.kill('SIGTERM')
    await once(broker, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
  const json = option('json')
  if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`)
}

function startBroker(file: string): ChildProcess {
  const flags = ['--json', '--port', '0', '--no-ui', '--file', file, '--log-level', 'warn']
  return spawn(process.execPath, [join(root, 'out/main/headless.js'), ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  const [line] = (await once(createInterface({ input: stdout as NonNullable<typeof stdout> }), 'line')) as [string]
  return (JSON.parse(line) as { kafka: string[] }).kafka[0] as string
}

/** Runs that count; one before them warms the broker. */
const rounds = Number(option('rounds') ?? 3)

interface Loaded {
  readonly address: string
  readonly use: ProcessUse | undefined
}

type Runs = Readonly<Record<'ours' | 'theirs', Figure[]>>

/** The load on both in turn: for each measure the median of each, and how much better ours is. */
async function compare(ours: Loaded, theirs: Loaded): Promise<Figure[]> {
  const runs: Runs = { ours: [], theirs: [] }
  for (let round = 0; round <= rounds; round++) {
    for (const [who, loaded] of [['ours', ours] as const, ['theirs', theirs] as const]) {
      await load(loaded, (figure) => {
        if (round > 0) runs[who].push(figure)
      })
    }
  }
  const names = [...new Set(runs.ours.map(({ name }) => name))]
  return names.flatMap((name) => compared(name, runs))
}

function compared(name: string, runs: Runs): Figure[] {
  const all = (who: keyof Runs, measure: string) =>
    runs[who].flatMap((figure) => (figure.name === name && measure in figure ? [Number(figure[measure])] : []))
  const use = (['cpuS', 'peakMib'] as const).flatMap((measure) => {
    return (['ours', 'theirs'] as const).flatMap((who) => {
      const found = all(who, measure)
      const used = measure === 'cpuS' ? median(found) : Math.max(...found)
      return found.length === 0 ? [] : [[`${who}_${measure}`, used] as const]
    })
  })
  return ['recordsPerSecond', 'p50Ms', 'p99Ms'].flatMap((measure): Figure[] => {
    const isRate = measure === 'recordsPerSecond'
    const [own, other] = [median(all('ours', measure)), median(all('theirs', measure))]
    if (own === undefined || other === undefined) return []
    const ratio = (isRate ? own / other : other / own).toFixed(2)
    const figures = { ours: own, theirs: other, ratio }
    return [{ name: `${name}, ${measure}`, ...figures, ...(measure === 'p50Ms' ? {} : Object.fromEntries(use)) }]
  })
}

/** The middle one; undefined of none. */
function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** Each figure with what the broker used for it. */
async function load({ address, use }: Loaded, note: (figure: Figure) => void): Promise<void> {
  const own = join(root, '.cache/python/current/bin/python')
  const python = existsSync(own) ? own : 'python3'
  use?.look()
  const child = spawn(python, ['-u', join(root, 'test/bench/load.py'), address, option('scale') ?? '1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', (line) =>
    note({ ...(JSON.parse(line) as Figure), ...use?.look() }),
  )
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error('the load failed: it needs Python with confluent-kafka')
}

/** From the JoinGroup of a lone consumer to its SyncGroup's answer, without a client's own waits. */
async function firstAssignmentMs(address: string): Promise<number> {
  const colon = address.lastIndexOf(':')
  const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon).replace(/^\[|\]$/g, ''))
  await once(socket, 'connect')
  const exchange = async (chunks: readonly Uint8Array[]): Promise<Buffer> => {
    const frame = Buffer.concat(chunks)
    const length = Buffer.alloc(4)
    length.writeInt32BE(frame.length)
    socket.write(Buffer.concat([length, frame]))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    return answer.subarray(4)
  }
  const times: number[] = []
  for (let round = 0; round < 21; round++) {
    const groupId = `first-${round}`
    const from = performance.now()
    const joined = await exchange(
      encodeRequest('JoinGroup', 2, 1, 'bench', {
        groupId,
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 10_000,
        memberId: '',
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: Buffer.alloc(6) }],
      }),
    )
    // correlation id, throttle time, error, generation, protocol, leader: the leader is the member itself.
    const at = 4 + 4 + 2 + 4 + 2 + 'range'.length
    const memberId = joined.subarray(at + 2, at + 2 + joined.readInt16BE(at)).toString()
    await exchange(
      encodeRequest('SyncGroup', 2, 2, 'bench', {
        groupId,
        generationId: 1,
        memberId,
        assignments: [{ memberId, assignment: Buffer.alloc(6) }],
      }),
    )
    times.push(performance.now() - from)
  }
  socket.destroy()
  times.sort((a, b) => a - b)
  return Math.round((times[10] as number) * 100) / 100
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
