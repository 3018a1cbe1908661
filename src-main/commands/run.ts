import { type Clock, systemClock } from '../base/clock'
import { failureText } from '../base/user-error'

/** What every command line tool has of its process. */
export interface CommandProcess {
  readonly clock: Clock
  readonly environment: NodeJS.ProcessEnv
  /** Writes to stdout, as it is. */
  readonly print: (text: string) => void
  /** Writes a line to stderr. */
  readonly warn: (text: string) => void
}

/**
 * Runs a command line tool in this process: exit code 0 when it resolves to true, 1 when it resolves to false or rejects, then with a
 * sentence.
 *
 * @param beforeLine written before each line of stderr, such as what clears a line of progress
 * @param failureCode the exit code when it rejects
 */
export async function runCommand(
  command: (args: readonly string[], process: CommandProcess) => Promise<boolean>,
  { beforeLine = '', failureCode = 1 }: { readonly beforeLine?: string; readonly failureCode?: number } = {},
): Promise<void> {
  // The clock's timers do not keep the process alive: between two attempts nothing else would.
  const alive = setInterval(() => {}, 60_000)
  const warn = (text: string) => void process.stderr.write(`${beforeLine}ottla: ${text}\n`)
  const print = (text: string) => void process.stdout.write(text)
  try {
    const isDone = await command(process.argv.slice(2), { clock: systemClock, environment: process.env, print, warn })
    if (!isDone) process.exitCode = 1
  } catch (error) {
    warn(failureText(error))
    process.exitCode = failureCode
  } finally {
    clearInterval(alive)
  }
}
