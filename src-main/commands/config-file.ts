import { existsSync, readFileSync } from 'node:fs'
import { type ClientConfig, clientConfigOf, readClientConfig } from '../client/config/client-config'
import { UsageError } from '../options/serve'

/** The client configuration in the file that a flag names. @throws UsageError, SettingsError */
export function readConfigFile(flag: string, file: string, now: () => number): ClientConfig {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`--${flag} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  return readClientConfig(text, now)
}

/** The settings of the stored connection with a name, with its secrets; undefined when there is none. @throws UserError */
export type StoredSettings = (
  name: string,
  secretFile: string | null,
) => Promise<ReadonlyMap<string, string> | undefined>

/**
 * The client configuration that a word names: a file, else a stored connection.
 *
 * @throws UserError, SettingsError
 */
export async function readNamedConfig(
  flag: string,
  word: string,
  { stored, secretFile, now }: { stored: StoredSettings; secretFile: string | null; now: () => number },
): Promise<ClientConfig> {
  if (existsSync(word)) return readConfigFile(flag, word, now)
  const settings = await stored(word, secretFile)
  if (settings) return clientConfigOf(settings, now)
  throw new UsageError(`--${flag} cannot be read: there is no file ${word}, and no stored connection with this name.`)
}
