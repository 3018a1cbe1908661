/** Gives free space back, and dies of SIGKILL in the middle: within the turn of a step, or where its parent ends it. */
import { writeSync } from 'node:fs'
import { systemClock } from '../../../src-main/base/clock'
import { silentLog } from '../../../src-main/base/log'
import { Workspace } from '../../../src-main/storage'

const [file, steps] = process.argv.slice(2) as [string, string]
const workspace = new Workspace({ file, clock: systemClock, log: silentLog })
const write = workspace.write.bind(workspace)
let left = Number(steps)
workspace.write = <T>(run: () => T): T => {
  const result = write(run)
  if (--left === 0) process.kill(process.pid, 'SIGKILL')
  return result
}
// The clock's timers do not keep the process alive.
const alive = setInterval(() => {}, 60_000)
writeSync(1, 'begun\n')
void workspace.shrink().then(async () => {
  await workspace.dispose()
  clearInterval(alive)
})
