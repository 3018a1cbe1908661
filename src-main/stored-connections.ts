import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { failureText } from './base/user-error'
import { readProperties } from './client/config/properties'
import type { NamedCluster } from './cluster-settings'
import type { StoredSettings } from './commands/config-file'
import { Connections } from './connections/connections'
import { type SecretSources, settingsByName } from './connections/headless-secrets'
import { type ConnectionKeeper, keeperOf } from './connections/keeper'
import { promptOn } from './connections/prompt'
import { MemorySecrets } from './connections/secrets'
import { defaultWorkspaceFile } from './options/default-file'
import { UsageError } from './options/serve'

/** `connections.json` in the folder of the app. */
function connectionsPath(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string {
  return join(dirname(defaultWorkspaceFile(platform, environment)), 'connections.json')
}

/** The stored connections without the desktop app: what is entered of secrets is kept in memory. */
export function headlessConnections(onError: (error: unknown) => void): Connections {
  const path = connectionsPath(process.platform, process.env)
  return new Connections({ path, secrets: new MemorySecrets(), now: Date.now, onError })
}

export function headlessKeeper(onError: (error: unknown) => void): ConnectionKeeper {
  return keeperOf(headlessConnections(onError), null)
}

/** The settings of stored connections for command line tools: secrets from the environment, a file, or typed. */
export function storedSettings(warn: (text: string) => void): StoredSettings {
  return async (name, file) => {
    const connections = headlessConnections((error) => warn(failureText(error)))
    const sources = { environment: process.env, file, prompt: promptOn(process.stdin, process.stderr) }
    const settings = await settingsByName(connections, name, sources)
    const connection = connections.named(name)
    if (!settings || !connection) return undefined
    // As a file has them.
    const labels = { 'ottla.name': connection.name, ...(connection.stage && { 'ottla.stage': connection.stage }) }
    return new Map([...settings, ...Object.entries(labels)])
  }
}

/** What `--cluster FILE|NAME` means. @throws UserError with a sentence */
export async function namedCluster(
  word: string,
  connections: Connections,
  sources: SecretSources,
): Promise<NamedCluster> {
  const properties = existsSync(word) ? undefined : await settingsByName(connections, word, sources)
  const connection = properties && connections.named(word)
  if (properties && connection) {
    const { id, name, stage, color, clusterId } = connection
    const note = async (found: string) => connections.pin(id, found)
    return { properties, origin: name, label: { name, stage, color }, pin: { known: clusterId, note } }
  }
  try {
    return { properties: readProperties(readFileSync(word, 'utf8')), origin: word, label: null, pin: null }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new UsageError(`--cluster cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
    }
    const names = connections.all().map(({ name }) => name)
    const stored = names.length === 0 ? 'no connection is stored' : `the stored connections are ${names.join(', ')}`
    throw new UsageError(`--cluster is ${word}: there is no such file, and ${stored}.`)
  }
}

/** A stored connection, from the process that keeps them. @throws UserError when a secret is missing */
export async function keptCluster(keeper: ConnectionKeeper, id: string): Promise<NamedCluster> {
  const { name, stage, color, settings, clusterId } = await keeper.dialSettings(id)
  return {
    properties: new Map(Object.entries(settings)),
    origin: name,
    label: { name, stage, color },
    pin: { known: clusterId, note: (found) => keeper.pin(id, found) },
  }
}
