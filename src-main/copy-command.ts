import { version } from '../package.json'
import { copyCommand } from './commands/copy/command'
import { runCommand } from './commands/run'
import { textFilter } from './desk/messages/filter'
import { storedSettings } from './stored-connections'

/** On a terminal, progress is one line that is written again and again. */
const clearLine = process.stderr.isTTY ? '\r\x1b[K' : ''
const progress = (text: string) => {
  if (clearLine !== '') process.stderr.write(`${clearLine}${text}`)
}

/** `ottla copy`: exit code 0 when everything was copied, 1 when anything was not. */
void runCommand(
  async (args, environment) => {
    const stored = storedSettings(environment.warn)
    const isComplete = await copyCommand(args, { ...environment, version, progress, textFilter, stored })
    process.stderr.write(clearLine)
    return isComplete
  },
  { beforeLine: clearLine },
)
