/** Appends as fast as it can until it is killed; a line on stdout acknowledges each batch after its commit. */
import { writeSync } from 'node:fs'
import { systemClock } from '../../../src-main/base/clock'
import { silentLog } from '../../../src-main/base/log'
import { Workspace } from '../../../src-main/storage'
import { batch } from './stored-batch'

const [file, checkpointThread] = process.argv.slice(2) as [string, string]
const workspace = new Workspace({ file, checkpointThread, clock: systemClock, log: silentLog })
const topic = workspace.topics.list()[0] ?? workspace.write(() => workspace.topics.create('uuid', 'orders', 1, 0))
const log = workspace.batches.open(topic.id, 0)!

async function run(): Promise<void> {
  for (;;) {
    const base = log.logEnd
    workspace.write(() => {
      for (let i = 0; i < 5; i++) {
        const baseOffset = base + i * 10
        // Small ones, which share a row with others of their turn and the turns before, and one that has its own.
        workspace.batches.append(log, batch(baseOffset, 10, { sizeBytes: i === 4 ? 20_000 : 500 }))
      }
    })
    await workspace.committed()
    writeSync(1, `${log.logEnd}\n`)
  }
}

void run()
