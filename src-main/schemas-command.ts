import { failureText } from './base/user-error'
import { schemasCommand } from './commands/schemas/command'

/** `ottla schemas`: exit code 0 when everything was done, 1 when anything was not, or a schema is not compatible. */
async function main(): Promise<void> {
  try {
    const isFine = await schemasCommand(process.argv.slice(2), {
      environment: process.env,
      print: (text) => void process.stdout.write(text),
    })
    if (!isFine) process.exitCode = 1
  } catch (error) {
    process.stderr.write(`ottla: ${failureText(error)}\n`)
    process.exitCode = 1
  }
}

void main()
