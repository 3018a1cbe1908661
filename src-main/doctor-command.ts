import { lookup } from 'node:dns/promises'
import { version } from '../package.json'
import { doctorCommand } from './commands/doctor/command'
import { runCommand } from './commands/run'
import { storedSettings } from './stored-connections'

const resolve = async (host: string) => (await lookup(host, { all: true })).map(({ address }) => address)

/** `ottla doctor`: exit code 0 when every step works, 1 when one fails. */
void runCommand((args, process) =>
  doctorCommand(args, { ...process, version, resolve, stored: storedSettings(process.warn) }),
)
