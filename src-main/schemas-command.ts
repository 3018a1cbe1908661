import { runCommand } from './commands/run'
import { schemasCommand } from './commands/schemas/command'

/** `ottla schemas`: exit code 0 when everything was done, 1 when anything was not, or a schema is not compatible. */
void runCommand(schemasCommand)
