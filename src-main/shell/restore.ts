/** The workspace file of the command line. */
interface Start {
  readonly file: string | null
  /** The file was not named: it is the default one. */
  readonly fileIsDefault: boolean
}

/**
 * The workspaces that a start opens: those that it names, else those that were open at the last quit and still exist, else the default
 * one. `null` is the one in memory.
 */
export function workspacesAtStart(
  named: readonly string[],
  { file, fileIsDefault }: Start,
  openBefore: readonly string[],
  exists: (file: string) => boolean,
): readonly (string | null)[] {
  if (named.length > 0) return [...new Set(named)]
  const again = fileIsDefault ? [...new Set(openBefore)].filter(exists) : []
  return again.length > 0 ? again : [file]
}
