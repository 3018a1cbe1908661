import { schemasCommand } from './commands/schemas/command'

/** Errors whose message is a sentence for the user; a mistake of ours keeps its stack, for the report. */
const told = ['UsageError', 'RegistryCallError']

/** `ottla schemas`: exit code 0 when everything was done, 1 when anything was not, or a schema is not compatible. */
async function main(): Promise<void> {
  try {
    const isFine = await schemasCommand(process.argv.slice(2), {
      environment: process.env,
      print: (text) => void process.stdout.write(text),
    })
    if (!isFine) process.exitCode = 1
  } catch (error) {
    const isTold = error instanceof Error && told.includes(error.name)
    const text = isTold ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(`ottla: ${text}\n`)
    process.exitCode = 1
  }
}

void main()
