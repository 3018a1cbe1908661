import { version } from '../package.json'
import { systemClock } from './base/clock'
import { failureText } from './base/user-error'
import { copyCommand } from './commands/copy/command'
import { textFilter } from './desk/messages/filter'

/** `ottla copy`: exit code 0 when everything was copied, 1 when anything was not. */
async function main(): Promise<void> {
  // The clock's timers do not keep the process alive: between two attempts nothing else would.
  const alive = setInterval(() => {}, 60_000)
  const isTerminal = process.stderr.isTTY
  const warn = (text: string) => void process.stderr.write(`${isTerminal ? '\r\x1b[K' : ''}ottla: ${text}\n`)
  try {
    const isComplete = await copyCommand(process.argv.slice(2), {
      clock: systemClock,
      environment: process.env,
      version,
      print: (text) => void process.stdout.write(text),
      progress: (text) => {
        if (isTerminal) process.stderr.write(`\r\x1b[K${text}`)
      },
      warn,
      textFilter,
    })
    if (isTerminal) process.stderr.write('\r\x1b[K')
    if (!isComplete) process.exitCode = 1
  } catch (error) {
    warn(failureText(error))
    process.exitCode = 1
  } finally {
    clearInterval(alive)
  }
}

void main()
