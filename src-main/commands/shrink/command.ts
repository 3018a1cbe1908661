import { existsSync } from 'node:fs'
import { type FlagSpec, readFlags } from '../../options/flags'
import { UsageError } from '../../options/serve'

const flags = {
  help: { value: null, help: 'this text', noVariable: true },
} satisfies Record<string, FlagSpec>

/** Sizes of a file before and after its free space was given back. */
export interface Shrunk {
  readonly beforeBytes: number
  readonly afterBytes: number
}

export interface ShrinkParts {
  readonly environment: NodeJS.ProcessEnv
  readonly print: (text: string) => void
  /** @throws WorkspaceError, StorageFailure */
  readonly shrink: (file: string) => Promise<Shrunk>
}

/** Runs `ottla shrink FILE`. @throws UsageError, WorkspaceError, StorageFailure */
export async function shrinkCommand(
  argv: readonly string[],
  { environment, print, shrink }: ShrinkParts,
): Promise<boolean> {
  const words: string[] = []
  const given = readFlags(argv, environment, flags, words)
  if (given.help) {
    print(help)
    return true
  }
  const [file] = words
  if (file === undefined || words.length > 1) throw new UsageError('Name one workspace: ottla shrink FILE.')
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`)
  const { beforeBytes, afterBytes } = await shrink(file)
  print(`${file}: ${megabytes(beforeBytes)} before, ${megabytes(afterBytes)} now.\n`)
  return true
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

const help = `ottla shrink FILE

Gives the free space inside a workspace back to the disk: deleted messages leave it there. The workspace must not be open; while it is,
the button in its settings does the same.
`
