/**
 * The broker as clients feel it, by librdkafka: throughput, latency, start-up time and memory.
 * `npm run bench [-- --against HOST:PORT] [--scale 1] [--json FILE]`; `--against` puts the same load on any other Kafka broker.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { encodeRequest } from '../../src-main/protocol/frame'

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
  if (against) await load(against, note)
  else {
    const folder = mkdtempSync(join(tmpdir(), 'ottla-bench-'))
    const started = performance.now()
    const broker = spawn(
      process.execPath,
      [
        join(root, 'out/main/headless.js'),
        '--json',
        '--port',
        '0',
        '--no-ui',
        '--file',
        join(folder, 'bench.ottla'),
        '--log-level',
        'warn',
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    try {
      const [line] = (await once(
        createInterface({ input: broker.stdout as NonNullable<typeof broker.stdout> }),
        'line',
      )) as [string]
      note({ name: 'ready', ms: Math.round(performance.now() - started) })
      const address = (JSON.parse(line) as { kafka: string[] }).kafka[0] as string
      note({ name: 'resident memory, idle', mib: residentMib(broker) })
      note({ name: 'first assignment of one consumer', ms: await firstAssignmentMs(address) })
      await load(address, note)
      note({ name: 'resident memory, after load', mib: residentMib(broker) })
    } finally {
      broker.kill('SIGTERM')
      await once(broker, 'exit')
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const json = option('json')
  if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`)
}

async function load(address: string, note: (figure: Figure) => void): Promise<void> {
  const own = join(root, '.cache/python/current/bin/python')
  const child = spawn(
    existsSync(own) ? own : 'python3',
    ['-u', join(root, 'test/bench/load.py'), address, option('scale') ?? '1'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', (line) =>
    note(JSON.parse(line) as Figure),
  )
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('the load failed: it needs Python with confluent-kafka')
}

/** Resident memory, where the system tells. */
function residentMib({ pid }: ChildProcess): number {
  const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : ''
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
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
