import { version } from '../package.json'
import { groupsCommand } from './commands/groups/command'
import { runCommand } from './commands/run'

/** `ottla groups`: exit code 0 when everything was done, 1 when anything was not. */
void runCommand((args, process) => groupsCommand(args, { ...process, version }))
