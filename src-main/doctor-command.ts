import { lookup } from 'node:dns/promises'
import { version } from '../package.json'
import { systemClock } from './base/clock'
import { failureText } from './base/user-error'
import { doctorCommand } from './commands/doctor/command'

/** `ottla doctor`: exit code 0 when every step works, 1 when one fails. */
async function main(): Promise<void> {
  // The clock's timers do not keep the process alive.
  const alive = setInterval(() => {}, 60_000)
  const warn = (text: string) => void process.stderr.write(`ottla: ${text}\n`)
  try {
    const isFine = await doctorCommand(process.argv.slice(2), {
      clock: systemClock,
      environment: process.env,
      version,
      resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
      print: (text) => void process.stdout.write(text),
      warn,
    })
    if (!isFine) process.exitCode = 1
  } catch (error) {
    warn(failureText(error))
    process.exitCode = 1
  } finally {
    clearInterval(alive)
  }
}

void main()
