import { failureText } from './base/user-error'
import { connectionsCommand } from './commands/connections/command'
import { runCommand } from './commands/run'
import { headlessConnections } from './stored-connections'

/** `ottla connections`: exit code 1 when something cannot be done. */
void runCommand((args, process) =>
  connectionsCommand(args, {
    ...process,
    connections: headlessConnections((error) => process.warn(failureText(error))),
  }),
)
