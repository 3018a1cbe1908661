import { readFileSync } from 'node:fs'
import { UserError } from '../base/user-error'
import { readProperties } from '../client/config/properties'
import type { Connections } from './connections'

/** Where secrets come from without the desktop app, which alone can decrypt the stored ones. */
export interface SecretSources {
  readonly environment: NodeJS.ProcessEnv
  /** A properties file with secrets by the names of their settings. */
  readonly file: string | null
  /** Asks the user; null where there is no terminal. */
  readonly prompt: ((question: string) => Promise<string>) | null
}

/** `sasl.password` of Payments EU: `OTTLA_SECRET_PAYMENTS_EU_SASL_PASSWORD`. */
export function variableOfSecret(connection: string, setting: string): string {
  return `OTTLA_SECRET_${connection}_${setting}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
}

/**
 * The settings of a stored connection with its secrets: from the environment, else from a file, else typed.
 *
 * @returns undefined when there is no connection with this name
 * @throws UserError when a secret is missing
 */
export async function settingsByName(
  connections: Connections,
  name: string,
  { environment, file, prompt }: SecretSources,
): Promise<ReadonlyMap<string, string> | undefined> {
  const connection = connections.named(name)
  if (!connection) return undefined
  const { settings, missing } = connections.settings(connection.id)
  const given = file === null ? undefined : secretsOf(file)
  for (const setting of missing) {
    const variable = variableOfSecret(connection.name, setting)
    const known = environment[variable] ?? given?.get(setting)
    if (known === undefined && prompt === null) {
      throw new UserError(
        `${connection.name} needs ${setting}: set ${variable}, or name a file with it: --secret-file FILE.`,
      )
    }
    const value = known ?? (await prompt?.(`${setting} of ${connection.name}: `))
    if (value !== undefined) settings.set(setting, value)
  }
  return settings
}

/** @throws UserError */
function secretsOf(file: string): ReadonlyMap<string, string> {
  try {
    return readProperties(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UserError(`--secret-file cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}
