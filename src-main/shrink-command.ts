import { systemClock } from './base/clock'
import { silentLog } from './base/log'
import { runCommand } from './commands/run'
import { type Shrunk, shrinkCommand } from './commands/shrink/command'
import { Workspace } from './storage'

async function shrink(file: string): Promise<Shrunk> {
  const workspace = new Workspace({ file, clock: systemClock, log: silentLog })
  try {
    const beforeBytes = workspace.fileBytes()
    await workspace.shrink()
    return { beforeBytes, afterBytes: workspace.fileBytes() }
  } finally {
    await workspace.dispose()
  }
}

/** `ottla shrink`: exit code 0 when the file was shrunk, 1 when it could not be. */
void runCommand((args, process) => shrinkCommand(args, { ...process, shrink }))
