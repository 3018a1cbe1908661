import { join } from 'node:path'
import { version } from '../package.json'
import type { App } from './app'
import { auditLog } from './audit-log'
import type { Clock } from './base/clock'
import { UserError } from './base/user-error'
import { KafkaClient } from './client/client'
import { readBootstrap } from './client/config/client-config'
import { examine } from './client/doctor'
import { readOnly } from './client/read-only'
import { defaultSettings, nameOf } from './client/settings'
import { pinned } from './cluster-pin'
import { clusterSettings, type NamedCluster } from './cluster-settings'
import { clusterToken } from './cluster-token'
import { clientCluster } from './compare/client-cluster'
import { comparisonSource, registryReader } from './compare-pages'
import { connectionSource, productionClusters } from './connection-pages'
import { serve } from './contract/server'
import type { Wire } from './contract/wire'
import { decodingRegistryFrom, decodingRegistryOf } from './decoding-registry'
import { createDesk, type Desk } from './desk/desk'
import type { CopyTarget } from './desk/remote/copies'
import { remoteSource } from './desk/remote/remote'
import { RequestRate } from './desk/remote/request-rate'
import { WriteLock } from './desk/remote/write-lock'
import { isLoopback } from './options/listener'
import type { ServeOptions } from './options/serve'
import { resolve } from './own-doctor'
import type { MachineParts } from './pages'
import { startPageServer } from './web/page-server'
import { portWire } from './wires/message-port'
import { socketWire } from './wires/web-socket'

/** The pages over a cluster elsewhere: no broker, no file. */
export type RemoteApp = Pick<App, 'kafka' | 'registry' | 'ui' | 'metrics' | 'file' | 'stop' | 'attachPage'>

/** The address leads to another cluster than at the first connect. */
class OtherClusterError extends UserError {
  override name = 'OtherClusterError'

  constructor(
    message: string,
    readonly clusterId: string,
  ) {
    super(message)
  }
}

/**
 * Slices are copied to a broker on this machine: nobody writes to a shared cluster by a slip of the hand.
 *
 * @param productionName the name of a cluster in production: a forwarded port of this machine may lead there
 */
function copyTarget(clock: Clock, productionName: (clusterId: string) => string | undefined): CopyTarget {
  return {
    address: 'localhost:9092',
    connect(address) {
      const bootstrap = readBootstrap(address)
      const away = bootstrap.find(({ host }) => !isLoopback(host))
      if (away) throw new UserError(`${nameOf(away)} is not on this machine: a slice is copied to a broker here.`)
      const own = { ...defaultSettings, clientId: 'ottla-copy', softwareVersion: version }
      const refusesCluster = (clusterId: string | null) => {
        const production = productionName(clusterId ?? '')
        return (
          production && `${address} leads to ${production}, which is marked as production: nothing is copied there.`
        )
      }
      return new KafkaClient({ ...own, bootstrap, refusesCluster }, { clock })
    },
  }
}

type ClusterOptions = Pick<
  NonNullable<ServeOptions['cluster']>,
  'writing' | 'takesNextPort' | 'unlocked' | 'auditFile' | 'tokenFile'
>

/**
 * Connects to a cluster and answers pages about it. While no page is open, nothing is asked of the cluster.
 *
 * @throws UsageError, SettingsError, ClientError, KafkaError, OtherClusterError and PagePortError, whose messages are sentences for the user
 */
export async function startRemoteApp(
  named: NamedCluster,
  { writing, takesNextPort, unlocked, auditFile, tokenFile }: ClusterOptions,
  { uiPort, decodingRegistry }: Pick<ServeOptions, 'uiPort' | 'decodingRegistry'>,
  { clock, logOf, entriesFolder, keeper }: MachineParts,
): Promise<RemoteApp> {
  const log = logOf('client')
  const onError = (error: unknown) => log.error(error instanceof Error ? error.message : String(error))
  const { settings, label } = clusterSettings(named, version, (text) => log.warn(text))
  const isLocked = writing === 'unlocked' || (writing === 'always' && label.stage === 'production')
  const lock = new WriteLock({ ...label, writing: isLocked ? 'unlocked' : writing }, clock)
  if (isLocked && unlocked !== null) lock.unlock(unlocked)
  else if (isLocked && uiPort !== null) {
    log.warn(
      `${label.name} is read-only until its name is typed in the pages, or given at the start: --unlock "${label.name}"`,
    )
  }
  const audit = auditLog(auditFile, label.name, () => clock.now())
  let other: string | null = null
  const refusesCluster = named.pin
    ? pinned(named.pin.known, (clusterId, isOther) => {
        if (isOther) other = clusterId
        else if (named.pin?.known === null) named.pin.note(clusterId).catch(onError)
      })
    : undefined
  const requests = new RequestRate(clock)
  const client = new KafkaClient(
    {
      ...settings,
      forbids: lock.forbids,
      audit,
      onRequest: () => requests.note(),
      ...(refusesCluster ? { refusesCluster } : {}),
    },
    { clock },
  )
  const wires = new Set<Wire>()
  let desk: Desk | undefined
  let endProduction: (() => void) | undefined
  try {
    const kept = await keeper?.()
    const production = kept && (await productionClusters(kept, onError))
    endProduction = production?.end
    const productionName = (clusterId: string) =>
      label.stage === 'production' && clusterId === client.metadata.clusterId
        ? label.name
        : production?.nameOf(clusterId)
    const registry =
      decodingRegistry === undefined
        ? await decodingRegistryFrom(named.properties, named.origin)
        : await decodingRegistryOf(decodingRegistry)
    const source = await remoteSource({
      client,
      registry,
      clock,
      lock,
      label,
      copyTo: copyTarget(clock, productionName),
      requests,
      onError,
    })
    const addresses = settings.bootstrap.map(nameOf)
    const here = clientCluster(client, registry && registryReader(registry))
    const elsewhere = kept && {
      connections: connectionSource(kept, clock),
      comparison: comparisonSource({ here, keeper: kept, clock }),
    }
    const tried = { ...settings, clientId: 'ottla-doctor', forbids: readOnly('The doctor writes nothing.') }
    const doctor = () => examine(refusesCluster ? { ...tried, refusesCluster } : tried, { clock, resolve })
    const onPage = (wire: Wire) => {
      wires.add(wire)
      const facts = { version, addresses, listeners: [], registryUrl: null }
      desk ??= createDesk({ source, clock, onError, doctor, ...facts, ...elsewhere })
      serve(wire, desk.handlers, onError)
      wire.onClose(() => {
        wires.delete(wire)
        if (wires.size > 0) return
        desk?.dispose()
        desk = undefined
        lock.endSession()
      })
    }
    const pages =
      uiPort === null
        ? null
        : await startPageServer({
            folder: join(entriesFolder, '../renderer'),
            port: uiPort,
            takesNext: takesNextPort,
            token: clusterToken(
              tokenFile,
              addresses.join(','),
              () => clock.now(),
              (text) => log.warn(text),
            ),
            onPage: (socket) => onPage(socketWire(socket)),
            log: logOf('web'),
          })
    return {
      kafka: addresses,
      registry: null,
      ui: pages?.url ?? null,
      metrics: null,
      file: null,
      attachPage: (port) => onPage(portWire(port)),
      async stop() {
        for (const wire of wires) wire.close()
        await pages?.stop()
        desk?.dispose()
        source.copies?.dispose()
        endProduction?.()
        client.dispose()
      },
    }
  } catch (error) {
    endProduction?.()
    client.dispose()
    if (other !== null && error instanceof Error) throw new OtherClusterError(error.message, other)
    throw error
  }
}
