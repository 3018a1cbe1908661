import type { Clock } from '../../base/clock'
import type { KafkaClient } from '../../client/client'
import { nameOf } from '../../client/settings'
import type { Cannot } from '../../contract/capabilities'
import { changeNames, type Name } from '../../contract/contract'
import type { ClusterLabel } from '../../contract/workspace'
import type { ApiName } from '../../protocol/api-types'
import type { RegistryAccess } from '../chosen-registry/access'
import { RegistryChoice } from '../chosen-registry/choice'
import { noSchemas, SwitchedSchemas } from '../chosen-registry/switched-schemas'
import type { ClusterSource } from '../source/source'
import type { KeptMaps } from '../source/workspace'
import { RemoteBatches } from './batches'
import { type CopyTarget, remoteCopies } from './copies'
import { RemoteGroups } from './groups'
import { RemoteRecords } from './records'
import type { RequestRate } from './request-rate'
import { remoteSecurity } from './security'
import { remoteStreams } from './streams'
import { RemoteTopics } from './topics'
import { remoteTransactions } from './transactions'
import type { WriteLock } from './write-lock'

export interface RemoteParts {
  readonly client: KafkaClient
  /** Its `forbids` is the client's rule. */
  readonly lock: WriteLock
  /** By default the bootstrap servers. */
  readonly label?: Pick<ClusterLabel, 'name' | 'stage' | 'color'>
  /** The schema registry that keys and values are decoded with; `null` where pages choose. */
  readonly registry?: RegistryAccess | null
  /** Counts what the client sends. */
  readonly requests?: RequestRate
  /** Brokers that slices are copied to; without it they are not. */
  readonly copyTo?: CopyTarget
  readonly clock: Pick<Clock, 'now'>
  readonly onError: (error: unknown) => void
}

const onlyBroker = 'A cluster does not tell this from outside: only the broker itself knows.'

const noFile = 'A cluster is no file that could be shrunk.'
const noRegistry =
  'The Schemas page shows the registry of this app’s own broker. Values are read with the one that you choose.'

const unknown: Cannot<Name> = {
  schemas: noRegistry,
  clients: 'A cluster does not tell who is connected.',
  'client.metrics': onlyBroker,
  exchanges: onlyBroker,
  'exchange.detail': onlyBroker,
  rebalances: 'A cluster tells who is in a group, but not what happened in its rebalances.',
  'rebalances.groups': onlyBroker,
  'rebalances.frames': onlyBroker,
  'rebalances.sessions': onlyBroker,
  'rebalances.export': onlyBroker,
  'share.lanes': 'A cluster tells where a share group is, but not which records its members hold.',
  'share.release': onlyBroker,
  'share.redeliver': onlyBroker,
  'security.authorizer': 'A cluster does not tell whether ACLs are enforced: that is decided where it is configured.',
  'security.listener.add': 'Listeners are set where the cluster is configured.',
  'security.listener.remove': 'Listeners are set where the cluster is configured.',
  'security.plaintext': 'Listeners are set where the cluster is configured.',
  'security.files': 'The certificates of a cluster are kept where it is configured.',
  settings: 'The settings of this app are those of its own broker.',
  'settings.set': 'The settings of this app are those of its own broker.',
  demo: 'The demo plays on the broker of this app only.',
  'demo.set': 'The demo plays on the broker of this app only.',
  'workspace.copy': 'A cluster is no file that could be copied.',
  'workspace.shrink': noFile,
}

/** APIs without which a part of the contract cannot be answered, where a cluster may not have them. */
const needs: Partial<Record<Name, ApiName>> = {
  groups: 'ListGroups',
  transactions: 'ListTransactions',
  'topic.configs': 'DescribeConfigs',
  'topic.alter': 'IncrementalAlterConfigs',
  'topic.create': 'CreateTopics',
  'topic.grow': 'CreatePartitions',
  'topic.deleteRecords': 'DeleteRecords',
  'topics.purge': 'DeleteRecords',
  'topics.delete': 'DeleteTopics',
  'topic.recreate': 'DeleteTopics',
  'messages.produce': 'Produce',
  'messages.import': 'Produce',
  'group.delete': 'DeleteGroups',
  'group.remove': 'LeaveGroup',
  'transaction.abort': 'InitProducerId',
  'security.user': 'AlterUserScramCredentials',
  'security.acl': 'CreateAcls',
  'security.quota': 'AlterClientQuotas',
  'security.unquota': 'AlterClientQuotas',
  'security.token.expire': 'ExpireDelegationToken',
}

/** What a broker of the cluster does not serve, each with its sentence. */
async function unserved(client: KafkaClient): Promise<Cannot<Name>> {
  const { versions } = await client.connection({ to: 'any' })
  const missing = Object.entries(needs).filter(([, api]) => versions.pick(api) === undefined)
  return Object.fromEntries(missing.map(([name, api]) => [name, `This cluster does not serve ${api}.`]))
}

/** A cluster elsewhere as the desk sees it. @throws ClientError, KafkaError when it cannot be reached */
export async function remoteSource({
  client,
  lock,
  label,
  registry,
  copyTo,
  requests,
  clock,
  onError,
}: RemoteParts): Promise<ClusterSource> {
  await client.nodes()
  const topics = new RemoteTopics(client, onError)
  const decoding = new SwitchedSchemas(noSchemas, clock)
  const kept = keptInMemory()
  const registryChoice = new RegistryChoice({
    kept: kept.map('registry'),
    given: registry ?? null,
    use: (access) => decoding.choose(access),
    onError,
  })
  return {
    cannot: { ...unknown, ...(await unserved(client)) },
    isPolled: true,
    lock: {
      names: changeNames,
      why: () => lock.why(),
      unlock: (name) => lock.unlock(name),
      lock: () => lock.lock(),
      get asksForMessages() {
        return lock.asksForMessages
      },
      whyNoMessages: () => lock.whyNoMessages(),
      allowMessages: (name) => lock.allowMessages(name),
    },
    ...(copyTo ? { copies: remoteCopies(client, copyTo, onError) } : {}),
    topics,
    records: new RemoteRecords(client, topics, new RemoteBatches(client), decoding),
    groups: new RemoteGroups(client, onError),
    streams: remoteStreams(client),
    transactions: remoteTransactions(client, onError),
    security: remoteSecurity(client, onError),
    kept,
    decoding,
    registryChoice,
    workspace: {
      clusterId: client.metadata.clusterId ?? '',
      get label() {
        const name = label?.name ?? client.settings.bootstrap.map(nameOf).join(', ')
        const own = { name, stage: label?.stage ?? null, color: label?.color ?? null }
        return { ...own, ...lock.label, requestsPerMinute: requests?.perMinute ?? 0 }
      },
      writeFailure: () => null,
      writeFailureChanged: null,
      file: null,
      fileBytes: async () => 0,
      freeBytes: async () => 0,
      shrink: () => Promise.reject(new Error(noFile)),
      shrinksInSteps: () => true,
      saveCopy: () => Promise.reject(new Error(unknown['workspace.copy'])),
    },
  }
}

/** What the app remembers of a cluster, until it ends: nothing is written to the cluster. */
function keptInMemory(): KeptMaps {
  const kinds = new Map<string, Map<string, unknown>>()
  return {
    map<T>(kind: string) {
      const values = (kinds.get(kind) ?? new Map<string, unknown>()) as Map<string, T>
      kinds.set(kind, values)
      return {
        get: async (key) => values.get(key),
        entries: async () => [...values],
        async set(key, value) {
          if (value === null) values.delete(key)
          else values.set(key, value as T)
        },
      }
    },
  }
}
