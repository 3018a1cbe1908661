import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'
import type { Log } from '../base/log'
import { StorageFailure, type Workspace } from '../storage'
import { Clients } from './clients'
import type { Endpoint } from './cluster'
import { Commits } from './commits'
import { type ConfigStore, Configs } from './config/configs'
import type { Core } from './core'
import { Dispatch } from './dispatch'
import { Exchanges } from './exchanges'
import { Features } from './features'
import { FetchSessions } from './fetch/session-cache'
import { GroupHost } from './groups/group-host'
import { expireOffsets } from './groups/offset-expiry'
import { handlers } from './handlers'
import { Maintenance } from './log/maintenance'
import { Topics } from './log/topics'
import { Quotas } from './quotas/quotas'
import { randomInt31, randomUuid } from './random'
import { SchemaRegistry } from './registry/host'
import { RequestMetrics } from './request-metrics'
import { Authentication } from './security/authentication'
import { Acls } from './security/authorizer'
import { DenialLog } from './security/denials'
import { Tokens } from './security/tokens'
import { Users } from './security/users'
import type { Broker } from './serve'
import { DeadLetters } from './share/dead-letters'
import { DeliveryNotes } from './share/delivery-notes'
import { Shares } from './share/shares'
import { Transactions } from './transactions/transactions'
import { WriteFailures } from './write-failures'

export interface BrokerOptions {
  readonly workspace: Workspace
  readonly clock: Clock
  readonly log: Log
  /** Broker configs that this process was started with, under their Kafka names. */
  readonly config: ReadonlyMap<string, string>
  /** What Metadata says for a listener instead of the address that was dialled. */
  readonly advertised: ReadonlyMap<string, Endpoint>
}

/** A broker without sockets: the server gives it frames, the desk looks at its core. */
export interface RunningBroker extends Broker, Disposable {
  readonly core: Core
  readonly exchanges: Exchanges
  readonly requestMetrics: RequestMetrics
  readonly maintenance: Maintenance
}

const nodeId = 1
const settingKind = 'setting'
const clusterIdKey = 'cluster-id'

/** Where Ottla differs from Kafka's defaults: one node, and nobody wants to wait three seconds for a first assignment. */
const ownDefaults: readonly (readonly [string, string])[] = [
  ['node.id', String(nodeId)],
  ['broker.id', String(nodeId)],
  ['process.roles', 'broker,controller'],
  ['group.initial.rebalance.delay.ms', '0'],
  ['offsets.topic.replication.factor', '1'],
  ['transaction.state.log.replication.factor', '1'],
  ['transaction.state.log.min.isr', '1'],
]

/** Puts the broker together over an open workspace. */
export function createBroker(options: BrokerOptions): RunningBroker {
  const { workspace, clock, log } = options
  const onError = (error: unknown) =>
    log.error(`A listener failed: ${error instanceof Error ? error.stack : String(error)}`)
  const writeFailures = new WriteFailures(workspace, clock, onError)
  const commits = new Commits(workspace, (failure) => writeFailures.failed(failure))
  const configs: Configs = new Configs(
    configStore(workspace, () => commits.touch({ committed() {}, rolledBack: () => configs.reload() })),
    options.config,
    new Map(ownDefaults),
    nodeId,
    onError,
  )
  const topics = new Topics({ workspace, commits, configs, clock, log, randomUuid, onError })
  const clients = new Clients(clock, onError)
  const share = new Shares({ workspace, commits, configs, topics, clients, clock, onError })
  const sharePartitions = share.partitions
  const groups = new GroupHost({ workspace, commits, configs, topics, clock, log, sharePartitions, onError })
  const features = new Features(workspace, commits)
  const deadLetters = new DeadLetters(sharePartitions, {
    workspace,
    commits,
    configs,
    features,
    topics,
    log,
    onError,
  })
  const deliveryNotes = new DeliveryNotes(groups, sharePartitions, deadLetters, clock)
  const transactions = new Transactions({
    workspace,
    commits,
    configs,
    features,
    clock,
    log,
    topics,
    offsets: groups.offsets,
    onError,
  })
  const users = new Users(workspace, commits)
  const tokens = new Tokens(workspace, commits, configs, clock)
  const denials = new DenialLog(clock, onError)
  const core: Core = {
    clock,
    log,
    workspace,
    commits,
    writeFailures,
    configs,
    cluster: { clusterId: clusterIdOf(workspace), nodeId, advertised: options.advertised },
    features,
    topics,
    clients,
    share,
    deadLetters,
    fetchSessions: new FetchSessions(configs.brokerNumber('max.incremental.fetch.session.cache.slots'), randomInt31),
    denials,
    authorizer: new Acls(workspace, commits, configs, denials),
    users,
    tokens,
    quotas: new Quotas(workspace, commits, configs, clock),
    authentication: new Authentication(configs, users, tokens, denials, clock),
    groups,
    transactions,
    schemas: new SchemaRegistry({ clock, log, workspace, commits, topics }, onError),
  }
  core.topics.changed(({ kind, topic }) => {
    if (kind === 'deleted') groups.offsets.removeTopic(topic.name, clock.now())
  })
  core.quotas
    .findHosts((host) => log.warn(`The limits of the host ${host} have no effect: it has no address.`))
    .catch(onError)
  const maintenance = new Maintenance(core)
  const housekeeping = every(clock, configs.brokerNumber('offsets.retention.check.interval.ms'), () => {
    for (const topic of topics.all()) for (const partition of topic.opened()) partition.producers.expire()
    core.quotas.forgetIdle()
    try {
      expireOffsets(groups, groups.settings.offsetsRetentionMs(), clock.now())
      transactions.expireIds()
      tokens.removeEnded()
    } catch (error) {
      // What could not be dropped now is dropped when the file can be written again.
      if (!(error instanceof StorageFailure)) throw error
    }
  })
  const exchanges = new Exchanges(clock, onError)
  const requestMetrics = new RequestMetrics()
  const dispatch = new Dispatch(core, exchanges, requestMetrics, handlers)
  return {
    core,
    exchanges,
    requestMetrics,
    maintenance,
    opened: (connection) => dispatch.opened(connection),
    serve: (connection, frame) => dispatch.serve(connection, frame),
    closed: (connection) => dispatch.closed(connection),
    frameLimit: (connection) => dispatch.frameLimit(connection),
    unreadable: (connection, error) => dispatch.unreadable(connection, error),
    admits: (peer) => dispatch.admits(peer),
    refused: (peer, what, why) => dispatch.refused(peer, what, why),
    dispose() {
      writeFailures.dispose()
      maintenance.dispose()
      housekeeping()
      deliveryNotes.dispose()
      groups.dispose()
      share.dispose()
      transactions.dispose()
      core.schemas.dispose()
    },
  }
}

/** Runs something again and again; the returned function ends that. */
function every(clock: Clock, ms: number, run: () => void): () => void {
  let cancel = clock.at(clock.now() + ms, function again() {
    cancel = clock.at(clock.now() + ms, again)
    run()
  })
  return () => cancel()
}

function configStore(workspace: Workspace, touch: () => void): ConfigStore {
  return {
    list: () => workspace.configs.list(),
    set(type, name, key, value) {
      workspace.write(() => workspace.configs.set(type, name, key, value))
      touch()
    },
  }
}

/** A workspace is a cluster: its id is made once and stays with the file. */
function clusterIdOf(workspace: Workspace): string {
  const known = workspace.documents.get(settingKind, clusterIdKey)
  if (known !== undefined) return JSON.parse(known) as string
  const id = randomUuid()
  workspace.write(() => workspace.documents.set(settingKind, clusterIdKey, JSON.stringify(id)))
  return id
}
