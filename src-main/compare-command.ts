import { version } from '../package.json'
import { compareCommand } from './commands/compare/command'
import { runCommand } from './commands/run'
import { storedSettings } from './stored-connections'

/** `ottla compare`: exit code 0 when there is no difference, 1 when there is one, 2 when it could not be compared. */
void runCommand(
  (args, process) => compareCommand(args, { ...process, version, stored: storedSettings(process.warn) }),
  {
    failureCode: 2,
  },
)
