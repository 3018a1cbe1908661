import { readFileSync } from 'node:fs'
import { type ClientConfig, readClientConfig } from '../client/config/client-config'
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
