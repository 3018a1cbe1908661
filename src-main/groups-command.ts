import { version } from '../package.json'
import { systemClock } from './base/clock'
import { failureText } from './base/user-error'
import { groupsCommand } from './commands/groups/command'

/** `ottla groups`: exit code 0 when everything was done, 1 when anything was not. */
async function main(): Promise<void> {
  // The clock's timers do not keep the process alive: between two attempts nothing else would.
  const alive = setInterval(() => {}, 60_000)
  const warn = (text: string) => void process.stderr.write(`ottla: ${text}\n`)
  try {
    const isComplete = await groupsCommand(process.argv.slice(2), {
      clock: systemClock,
      environment: process.env,
      version,
      print: (text) => void process.stdout.write(text),
      warn,
    })
    if (!isComplete) process.exitCode = 1
  } catch (error) {
    warn(failureText(error))
    process.exitCode = 1
  } finally {
    clearInterval(alive)
  }
}

void main()
