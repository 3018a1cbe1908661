/** Writes, and lets the WAL be cut, in turn until it is killed; a line on stdout says how many rows are stored after each commit. */
import { statSync, writeSync } from 'node:fs'
import { ManualClock } from '../../../src-main/base/clock'
import { silentLog } from '../../../src-main/base/log'
import { Checkpoints } from '../../../src-main/storage/checkpoints'
import { openDatabase } from '../../../src-main/storage/open'

const [file, checkpointThread] = process.argv.slice(2) as [string, string]
const lengths = { checkpoint: 8, long: 64, rest: 16, longest: 128, idle: 4 }
const database = openDatabase(file)
const clock = new ManualClock()
const task = { file, synchronous: 'NORMAL' } as const
const checkpoints = new Checkpoints(database, task, checkpointThread, silentLog, clock, lengths)
database.exec('CREATE TABLE IF NOT EXISTS pages (bytes BLOB) STRICT')
const insert = database.prepare('INSERT INTO pages VALUES (zeroblob(15000))')
const count = database.prepare('SELECT count(*) FROM pages').pluck()

async function run(): Promise<void> {
  for (;;) {
    for (let i = 0; i < 5; i++) {
      insert.run()
      checkpoints.committed()
      writeSync(1, `${count.get()}\n`)
    }
    while (statSync(`${file}-wal`).size > 0) {
      clock.advance(5000)
      await new Promise((resolve) => void setImmediate(resolve))
    }
  }
}

void run()
