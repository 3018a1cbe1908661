/**
 * The storage room alone: what appending, reading and opening cost. `npm run bench -- storage [--mb 2000]`
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src-main/base/clock'
import { silentLog } from '../../src-main/base/log'
import { logOverheadBytes } from '../../src-main/records/batch'
import { type LogFacts, Workspace } from '../../src-main/storage'

const thread = join(__dirname, '../main/checkpoint-thread.js')
const flag = process.argv.indexOf('--mb')
const totalBytes = (flag < 0 ? 2000 : Number(process.argv[flag + 1])) * 1e6

function seconds(since: number): number {
  return (performance.now() - since) / 1000
}

function open(file: string | undefined, checkpointThread?: string): Workspace {
  return new Workspace({
    ...(file ? { file } : {}),
    clock: systemClock,
    log: silentLog,
    ...(checkpointThread ? { checkpointThread } : {}),
  })
}

function append(workspace: Workspace, log: LogFacts, bytes: Buffer, records: number): void {
  const baseOffset = log.logEnd
  bytes.writeBigInt64BE(BigInt(baseOffset), 0)
  bytes.writeInt32BE(bytes.length - logOverheadBytes, 8)
  bytes[16] = 2
  bytes.writeInt32BE(records - 1, 23)
  workspace.batches.append(log, {
    baseOffset,
    lastOffset: baseOffset + records - 1,
    maxTimestamp: 1_700_000_000_000 + baseOffset,
    appendedAt: 1_700_000_000_000 + baseOffset,
    producerId: -1n,
    producerEpoch: -1,
    baseSequence: -1,
    attributes: 0,
    recordCount: records,
    bytes,
  })
}

interface Load {
  readonly name: string
  readonly batchBytes: number
  readonly batchesPerTurn: number
  readonly turns: number
}

/** Appends turn by turn as the broker does, and says how fast, how long the slowest turns took, and how long the WAL became. */
async function appendAll(file: string | undefined, load: Load, checkpointThread?: string): Promise<string> {
  const workspace = open(file, checkpointThread)
  const log = workspace.write(() => {
    const topic = workspace.topics.create('bench', 'bench', 1, 0)
    return workspace.batches.open(topic.id, 0)!
  })
  await workspace.committed()
  const times: number[] = []
  let walBytes = 0
  const start = performance.now()
  for (let turn = 0; turn < load.turns; turn++) {
    // Fresh bytes for every turn, as they come from a socket.
    const received = Buffer.allocUnsafeSlow(load.batchBytes * load.batchesPerTurn).fill(turn)
    const before = performance.now()
    workspace.write(() => {
      for (let i = 0; i < load.batchesPerTurn; i++) {
        append(workspace, log, received.subarray(i * load.batchBytes, (i + 1) * load.batchBytes), 100)
      }
    })
    await workspace.committed()
    times.push(performance.now() - before)
    if (turn % 16 === 0) walBytes = Math.max(walBytes, statSync(`${workspace.file}-wal`).size)
  }
  const took = seconds(start)
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.floor((times.length - 1) * part)]!.toFixed(2)
  await workspace.dispose()
  const count = load.turns * load.batchesPerTurn
  return (
    `${Math.round((count * load.batchBytes) / 1e6 / took)} MB/s, ${Math.round(count / took)} batches/s; ` +
    `turn p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} ms; WAL at most ${Math.round(walBytes / 1e6)} MB`
  )
}

function readAll(file: string): string {
  const workspace = open(file)
  const log = workspace.batches.open(workspace.topics.list()[0]!.id, 0)!
  const start = performance.now()
  let bytes = 0
  for (let from = 0; from < log.logEnd; ) {
    const { batches, lastOffset } = workspace.batches.read(log, from, 1024 * 1024, true, log.logEnd)
    for (const batch of batches) bytes += batch.byteLength
    from = lastOffset + 1
  }
  const rate = Math.round(bytes / 1e6 / seconds(start))
  void workspace.dispose()
  return `${rate} MB/s`
}

/** 100,000 batches of 100 records: ten million records. */
async function reopen(file: string): Promise<string> {
  const filled = await appendAll(file, { name: '', batchBytes: 2000, batchesPerTurn: 100, turns: 1000 }, thread)
  const start = performance.now()
  const workspace = open(file, thread)
  const log = workspace.batches.open(workspace.topics.list()[0]!.id, 0)!
  const opened = seconds(start) * 1000
  workspace.batches.read(log, log.logEnd / 2, 1024, true, log.logEnd)
  const read = seconds(start) * 1000
  const looked = performance.now()
  workspace.batches.reaching(log, 1_700_000_000_000 + log.logEnd / 3)
  const byTime = seconds(looked) * 1000
  const deleted = performance.now()
  workspace.write(() => workspace.batches.deleteBefore(log, log.logEnd / 2))
  const inHalf = seconds(deleted) * 1000
  await workspace.dispose()
  return (
    `filled at ${filled}\n  open ${opened.toFixed(1)} ms, first read from the middle ${(read - opened).toFixed(1)} ms, ` +
    `by time ${byTime.toFixed(2)} ms, delete half of it ${inHalf.toFixed(1)} ms`
  )
}

/** Small batches of one turn for 1 to 1,000 logs, in microseconds of CPU for each. */
async function overLogs(file: string, logs: number): Promise<string> {
  const workspace = open(file, thread)
  const all = workspace.write(() => {
    const topic = workspace.topics.create('bench', 'bench', logs, 0)
    return Array.from({ length: logs }, (_, number) => workspace.batches.open(topic.id, number)!)
  })
  await workspace.committed()
  const turns = Math.ceil(20_000 / logs)
  const before = process.cpuUsage()
  for (let turn = 0; turn < turns; turn++) {
    workspace.write(() => {
      for (const log of all) append(workspace, log, Buffer.alloc(170), 1)
    })
    await workspace.committed()
  }
  const { user, system } = process.cpuUsage(before)
  await workspace.dispose()
  return `${((user + system) / turns / logs).toFixed(1)} us`
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ottla-bench-'))
  const large: Load = { name: '100 KB x 10 per turn', batchBytes: 100_000, batchesPerTurn: 10, turns: totalBytes / 1e6 }
  const small: Load = { name: '170 B x 1 per turn', batchBytes: 170, batchesPerTurn: 1, turns: 20_000 }
  try {
    for (const load of [large, small]) {
      console.log(
        `append ${load.name}, checkpoint thread: ${await appendAll(join(folder, `${load.batchBytes}a`), load, thread)}`,
      )
      console.log(
        `append ${load.name}, writer alone:      ${await appendAll(join(folder, `${load.batchBytes}b`), load)}`,
      )
    }
    console.log(`append ${large.name}, temporary file:     ${await appendAll(undefined, large, thread)}`)
    console.log(`read 100 KB batches, 1 MiB at a time: ${readAll(join(folder, '100000a'))}`)
    for (const logs of [1, 10, 30, 100, 300, 1000]) {
      console.log(`append 170 B to each of ${logs} logs per turn: ${await overLogs(join(folder, `logs${logs}`), logs)}`)
    }
    console.log(`ten million records: ${await reopen(join(folder, 'many'))}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

void main()
