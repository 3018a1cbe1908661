import { join } from 'node:path'
import { version } from '../package.json'
import type { App } from './app'
import { KafkaClient } from './client/client'
import { nameOf } from './client/settings'
import { clusterSettings } from './cluster-settings'
import { serve } from './contract/server'
import type { Wire } from './contract/wire'
import { decodingRegistryOf } from './decoding-registry'
import { createDesk, type Desk } from './desk/desk'
import { readOnlyRule, remoteSource } from './desk/remote/remote'
import { type ServeOptions, UsageError } from './options/serve'
import type { MachineParts } from './pages'
import { newToken } from './web/access'
import { startPageServer } from './web/page-server'
import { socketWire } from './wires/web-socket'

/** The pages over a cluster elsewhere: no broker, no file. */
export type RemoteApp = Pick<App, 'kafka' | 'registry' | 'ui' | 'file' | 'stop'>

/**
 * Connects to a cluster and serves the pages for it. While no page is open, nothing is asked of the cluster.
 *
 * @throws UsageError, SettingsError, ClientError, KafkaError and PagePortError, whose messages are sentences for the user
 */
export async function startRemoteApp(
  cluster: NonNullable<ServeOptions['cluster']>,
  { uiPort, decodingRegistry }: Pick<ServeOptions, 'uiPort' | 'decodingRegistry'>,
  { clock, logOf, entriesFolder }: MachineParts,
): Promise<RemoteApp> {
  if (uiPort === null) throw new UsageError('--cluster serves pages: leave --no-ui out.')
  const log = logOf('client')
  const onError = (error: unknown) => log.error(error instanceof Error ? error.message : String(error))
  const settings = clusterSettings(cluster.file, version, (text) => log.warn(text))
  const rule = cluster.isWritable ? {} : { forbids: readOnlyRule }
  const client = new KafkaClient({ ...settings, ...rule }, { clock })
  const wires = new Set<Wire>()
  let desk: Desk | undefined
  try {
    const registry = decodingRegistryOf(decodingRegistry ?? cluster.file)
    const source = await remoteSource({ client, registry, clock, isReadOnly: !cluster.isWritable, onError })
    const addresses = settings.bootstrap.map(nameOf)
    const onPage = (wire: Wire) => {
      wires.add(wire)
      desk ??= createDesk({ source, clock, version, addresses, listeners: [], registryUrl: null, onError })
      serve(wire, desk.handlers, onError)
      wire.onClose(() => {
        wires.delete(wire)
        if (wires.size > 0) return
        desk?.dispose()
        desk = undefined
      })
    }
    const pages = await startPageServer({
      folder: join(entriesFolder, '../renderer'),
      port: uiPort,
      token: newToken(),
      onPage: (socket) => onPage(socketWire(socket)),
      log: logOf('web'),
    })
    return {
      kafka: addresses,
      registry: null,
      ui: pages.url,
      file: null,
      async stop() {
        for (const wire of wires) wire.close()
        await pages.stop()
        desk?.dispose()
        client.dispose()
      },
    }
  } catch (error) {
    client.dispose()
    throw error
  }
}
