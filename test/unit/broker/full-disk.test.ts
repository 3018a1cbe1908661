import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { handlers } from '../../../src-main/broker/handlers'
import {
  operationCodes,
  patternTypeCodes,
  permissionCodes,
  resourceTypeCodes,
} from '../../../src-main/protocol/acl-codes'
import type { ApiName, RequestInput } from '../../../src-main/protocol/api-types'
import { type ErrorName, errorName } from '../../../src-main/protocol/errors'
import { anyAcl } from '../../../src-main/security/acl'
import { batchOf, TestBroker, type TestClient } from '../../support/core'

interface Case {
  readonly error: ErrorName
  ask(client: TestClient, known: Known): Promise<unknown>
}

/** What the broker has before the disk is full. */
interface Known {
  readonly topicId: string
  readonly hmac: Uint8Array
  readonly memberId: string
  readonly generationId: number
  readonly producerId: bigint
  readonly producerEpoch: number
}

function asking<N extends ApiName>(
  error: ErrorName,
  api: N,
  version: number,
  body: (known: Known) => RequestInput<N>,
): Case {
  return { error, ask: (client, known) => client.ask(api, version, body(known)) }
}

const acl = {
  resourceType: resourceTypeCodes.code('TOPIC'),
  resourceName: 'orders',
  resourcePatternType: patternTypeCodes.code('LITERAL'),
  principal: 'User:alice',
  host: '*',
  operation: operationCodes.code('READ'),
  permissionType: permissionCodes.code('ALLOW'),
}
const anyAclFilter = {
  resourceTypeFilter: 1,
  resourceNameFilter: null,
  patternTypeFilter: 1,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
}
const join_ = { protocolType: 'consumer', protocols: [{ name: 'range', metadata: new Uint8Array() }] }
const offsets = [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }] }]
const storage = 'KAFKA_STORAGE_ERROR'
const coordinator = 'COORDINATOR_NOT_AVAILABLE'

/** One request of every API that writes, and the error that its client gets when nothing can be stored. */
const writing: Partial<Record<ApiName, Case>> = {
  Produce: asking(storage, 'Produce', 9, () => ({
    transactionalId: null,
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: 'orders', partitionData: [{ index: 0, records: batchOf(['a']) }] }],
  })),
  // Kafka creates such a topic later: until then it is not there.
  Metadata: asking('UNKNOWN_TOPIC_OR_PARTITION', 'Metadata', 9, () => ({
    topics: [{ name: 'created-on-the-way' }],
    allowAutoTopicCreation: true,
  })),
  CreateTopics: asking(storage, 'CreateTopics', 7, () => ({
    topics: [{ name: 'more', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 1000,
    validateOnly: false,
  })),
  DeleteTopics: asking(storage, 'DeleteTopics', 6, ({ topicId }) => ({
    topics: [{ name: null, topicId }],
    timeoutMs: 1000,
  })),
  DeleteRecords: asking(storage, 'DeleteRecords', 2, () => ({
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: -1n }] }],
    timeoutMs: 1000,
  })),
  CreatePartitions: asking(storage, 'CreatePartitions', 3, () => ({
    topics: [{ name: 'orders', count: 5, assignments: null }],
    timeoutMs: 1000,
    validateOnly: false,
  })),
  AlterConfigs: asking(storage, 'AlterConfigs', 2, () => ({
    resources: [{ resourceType: 2, resourceName: 'orders', configs: [{ name: 'retention.ms', value: '5' }] }],
    validateOnly: false,
  })),
  IncrementalAlterConfigs: asking(storage, 'IncrementalAlterConfigs', 1, () => ({
    resources: [
      {
        resourceType: 2,
        resourceName: 'orders',
        configs: [{ name: 'retention.ms', configOperation: 0, value: '5' }],
      },
    ],
    validateOnly: false,
  })),
  CreateAcls: asking(storage, 'CreateAcls', 3, () => ({ creations: [{ ...acl, principal: 'User:bob' }] })),
  DeleteAcls: asking(storage, 'DeleteAcls', 3, () => ({ filters: [anyAclFilter] })),
  AlterClientQuotas: asking(storage, 'AlterClientQuotas', 1, () => ({
    entries: [
      {
        entity: [{ entityType: 'user', entityName: 'alice' }],
        ops: [{ key: 'producer_byte_rate', value: 7, remove: false }],
      },
    ],
    validateOnly: false,
  })),
  AlterUserScramCredentials: asking(storage, 'AlterUserScramCredentials', 0, () => ({
    deletions: [],
    upsertions: [
      { name: 'bob', mechanism: 1, iterations: 4096, salt: Buffer.from('salt'), saltedPassword: Buffer.alloc(32) },
    ],
  })),
  UpdateFeatures: asking(storage, 'UpdateFeatures', 1, () => ({
    timeoutMs: 1000,
    featureUpdates: [{ feature: 'group.version', maxVersionLevel: 0, upgradeType: 2 }],
    validateOnly: false,
  })),
  CreateDelegationToken: asking(storage, 'CreateDelegationToken', 3, () => ({ renewers: [], maxLifetimeMs: -1n })),
  RenewDelegationToken: asking(storage, 'RenewDelegationToken', 2, ({ hmac }) => ({ hmac, renewPeriodMs: 5n })),
  ExpireDelegationToken: asking(storage, 'ExpireDelegationToken', 2, ({ hmac }) => ({
    hmac,
    expiryTimePeriodMs: -1n,
  })),
  OffsetCommit: asking(coordinator, 'OffsetCommit', 8, () => ({ groupId: 'idle', topics: offsets })),
  OffsetDelete: asking(coordinator, 'OffsetDelete', 0, () => ({
    groupId: 'idle',
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 0 }] }],
  })),
  DeleteGroups: asking(coordinator, 'DeleteGroups', 2, () => ({ groupsNames: ['idle'] })),
  SyncGroup: asking(coordinator, 'SyncGroup', 2, ({ memberId, generationId }) => ({
    groupId: 'g',
    generationId,
    memberId,
    assignments: [{ memberId, assignment: Buffer.from('x') }],
  })),
  LeaveGroup: asking(coordinator, 'LeaveGroup', 2, ({ memberId }) => ({ groupId: 'g', memberId })),
  ConsumerGroupHeartbeat: asking(coordinator, 'ConsumerGroupHeartbeat', 1, () => ({
    groupId: 'consumers',
    memberId: 'AAAAAAAAAAAAAAAAAAAAAQ',
    memberEpoch: 0,
    rebalanceTimeoutMs: 10_000,
    subscribedTopicNames: ['orders'],
    topicPartitions: [],
  })),
  InitProducerId: asking(coordinator, 'InitProducerId', 5, () => ({
    transactionalId: 'new',
    transactionTimeoutMs: 1000,
    producerId: -1n,
    producerEpoch: -1,
  })),
  AddPartitionsToTxn: asking(coordinator, 'AddPartitionsToTxn', 3, ({ producerId, producerEpoch }) => ({
    v3AndBelowTransactionalId: 'tx',
    v3AndBelowProducerId: producerId,
    v3AndBelowProducerEpoch: producerEpoch,
    v3AndBelowTopics: [{ name: 'orders', partitions: [0] }],
  })),
  AddOffsetsToTxn: asking(coordinator, 'AddOffsetsToTxn', 3, ({ producerId, producerEpoch }) => ({
    transactionalId: 'tx',
    producerId,
    producerEpoch,
    groupId: 'idle',
  })),
  TxnOffsetCommit: asking(coordinator, 'TxnOffsetCommit', 5, ({ producerId, producerEpoch }) => ({
    transactionalId: 'tx',
    groupId: 'idle',
    producerId,
    producerEpoch,
    topics: offsets,
  })),
  EndTxn: asking(coordinator, 'EndTxn', 3, ({ producerId, producerEpoch }) => ({
    transactionalId: 'open',
    producerId: producerId + 1n,
    producerEpoch,
    committed: true,
  })),
  WriteTxnMarkers: asking(storage, 'WriteTxnMarkers', 1, ({ producerId, producerEpoch }) => ({
    markers: [
      {
        producerId: producerId + 1n,
        producerEpoch,
        transactionResult: false,
        topics: [{ name: 'orders', partitionIndexes: [0] }],
        coordinatorEpoch: 0,
      },
    ],
  })),
}

/** Every API that stores nothing. An API belongs to one list or the other. */
const reading: readonly ApiName[] = [
  'AddRaftVoter',
  'AlterPartitionReassignments',
  'AlterReplicaLogDirs',
  'ConsumerGroupDescribe',
  'DescribeAcls',
  'DescribeClientQuotas',
  'DescribeCluster',
  'DescribeConfigs',
  'DescribeDelegationToken',
  'DescribeGroups',
  'DescribeLogDirs',
  'DescribeProducers',
  'DescribeQuorum',
  'DescribeTopicPartitions',
  'DescribeTransactions',
  'DescribeUserScramCredentials',
  'ElectLeaders',
  'Fetch',
  'FindCoordinator',
  'GetTelemetrySubscriptions',
  'Heartbeat',
  // A group is stored when its members get their assignments.
  'JoinGroup',
  'ListConfigResources',
  'ListGroups',
  'ListOffsets',
  'ListPartitionReassignments',
  'ListTransactions',
  'OffsetFetch',
  'OffsetForLeaderEpoch',
  'PushTelemetry',
  'RemoveRaftVoter',
  'SaslAuthenticate',
  'SaslHandshake',
  'UnregisterBroker',
]

const config = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin',
  'delegation.token.secret.key': 'secret',
}

let folder: string
let broker: TestBroker
let client: TestClient
let known: Known

function connected(): TestClient {
  const one = broker.client()
  broker.core.clients.find(one.connection.id)?.authenticated('User:admin')
  return one
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-full-'))
  broker = new TestBroker(config, join(folder, 'full.ottla'))
  client = connected()
  await client.create('orders')
  await client.produce('orders', batchOf(['a', 'b']))
  await client.ask('CreateAcls', 3, { creations: [acl] })
  const { hmac } = await client.ask('CreateDelegationToken', 3, { renewers: [], maxLifetimeMs: -1n })
  await client.ask('OffsetCommit', 8, { groupId: 'idle', topics: offsets })
  const joining = client.ask('JoinGroup', 3, {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    ...join_,
  })
  broker.clock.advance(1)
  const member = await joining
  const init = (transactionalId: string) =>
    client.ask('InitProducerId', 5, {
      transactionalId,
      transactionTimeoutMs: 60_000,
      producerId: -1n,
      producerEpoch: -1,
    })
  const { producerId, producerEpoch } = await init('tx')
  const open = await init('open')
  expect(open.producerId).toBe(producerId + 1n)
  const transactional = { isTransactional: true, producerId: open.producerId, producerEpoch: 0, baseSequence: 0 }
  const begun = await client.produce('orders', batchOf(['t'], transactional), 0, 'open', 12)
  expect(begun.errorCode).toBe(0)
  known = {
    topicId: broker.core.topics.find('orders')?.id ?? '',
    hmac,
    memberId: member.memberId,
    generationId: member.generationId,
    producerId,
    producerEpoch,
  }
})
afterEach(async () => {
  await broker.dispose()
  rmSync(folder, { recursive: true })
})

/** Makes the turn fail, as a full disk does. */
function fillDisk(): void {
  expect(() =>
    broker.workspace.write(() => {
      throw new Error('no room')
    }),
  ).toThrow('no room')
}

/** Until the turn of the event loop, and with it its group commit, is over. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
}

/** The state of the broker in memory. */
function memory(of: TestBroker) {
  const { topics, features, authorizer, users, tokens, quotas, transactions, groups, configs } = of.core
  return {
    topics: topics.all().map(({ name, id, partitionCount }) => {
      const partition = topics.partition(name, 0)
      return [name, id, partitionCount, partition?.logStartOffset, partition?.highWatermark]
    }),
    levels: features.all(),
    acls: authorizer.find(anyAcl),
    users: users.names(),
    tokens: tokens.all(),
    quotas: quotas.all(),
    transactions: transactions.all().sort((a, b) => (a.transactionalId < b.transactionalId ? -1 : 1)),
    groups: groups
      .list()
      .map(({ groupId, state, epoch, members }) => ({ groupId, state, epoch, size: members.length })),
    offsets: [...groups.offsets.groupIds()].map((groupId) => groups.offsets.of(groupId)),
    pending: groups.offsets.hasPending('idle'),
    retention: configs.topic('orders').retentionMs,
  }
}

/** The part of it that must be in its file: a classic group is stored when its members have their assignments. */
function stored(of: TestBroker): unknown {
  const all = memory(of)
  return {
    ...all,
    groups: all.groups
      .filter(({ state }) => state === 'Stable' || state === 'Empty')
      .sort((a, b) => (a.groupId < b.groupId ? -1 : 1)),
  }
}

function errorsIn(answer: unknown): Set<ErrorName> {
  const found = new Set<ErrorName>()
  JSON.stringify(answer, (key, value: unknown) => {
    if (/errorCode$/i.test(key) && typeof value === 'number' && value !== 0) found.add(errorName(value))
    return typeof value === 'bigint' ? String(value) : value
  })
  return found
}

test('every API is known to write, or not to', () => {
  // Share and streams groups have tests of their own.
  const all = handlers
    .map(({ api }) => api)
    .filter((api) => !/Share|Streams/.test(api))
    .sort()
  expect([...Object.keys(writing), ...reading].sort()).toEqual(all)
})

describe('a full disk while an API writes', () => {
  const cases = Object.entries(writing).map(([api, one]) => [api, one] as const)

  /** The turn fails before the write, which throws; or after it, so that it is lost with the group commit. */
  describe.each(['at once', 'with the group commit'] as const)('%s', (when) => {
    test.each(cases)('%s: its client gets an error, and nothing has changed', async (_api, { error, ask }) => {
      const before = stored(broker)
      if (when === 'at once') fillDisk()
      const answer = ask(client, known)
      broker.clock.advance(1)
      if (when !== 'at once') fillDisk()
      expect([...errorsIn(await answer)]).toEqual([error])
      await turn()
      expect(stored(broker)).toEqual(before)
      // The connection lives, and there is room again.
      expect((await client.produce('orders', batchOf(['later']))).errorCode).toBe(0)
      expect(broker.logged.filter((line) => line.includes('mistake of ours'))).toEqual([])
      const last = stored(broker)
      await broker.dispose()
      broker = new TestBroker(config, join(folder, 'full.ottla'))
      expect(stored(broker)).toEqual(last)
    })
  })
})

describe('a disk with room for batches, and none for their rows', () => {
  const listOffsets = () =>
    client.ask('ListOffsets', 7, {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: 5n }] }],
    })
  const describeProducers = () =>
    client.ask('DescribeProducers', 0, { topics: [{ name: 'orders', partitionIndexes: [0] }] })
  const deleteRecords = () =>
    client.ask('DeleteRecords', 2, {
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: 2n }] }],
      timeoutMs: 1000,
    })
  const produce = (topic: string) => client.produce(topic, batchOf(['small']))
  const end = async (topic: string) => (await client.fetch(topic, 0)).highWatermark

  test('records that a client wrote are counted when they are stored', async () => {
    const counted = () => broker.core.clients.find(client.connection.id)?.topics.get('orders')?.produced.records ?? 0
    const before = counted()
    const answer = produce('orders')
    expect(counted()).toBe(before)
    const fail = () => {
      throw new Error('no room')
    }
    expect(() => broker.workspace.write(fail)).toThrow('no room')
    expect([...errorsIn(await answer)]).toEqual([storage])
    expect(counted()).toBe(before)
    expect([...errorsIn(await produce('orders'))]).toEqual([])
    expect(counted()).toBe(before + 1)
  })

  test('what is stored is answered so, and what needs the rows is refused', async () => {
    await client.create('more')
    const { workspace } = broker
    await client.produce('more', batchOf(['x'.repeat(8000)]))
    await workspace.settled()
    // No page more for SQLite; the append file has some bytes.
    workspace.limitFile(workspace.fileBytes() + 15_000)
    expect((await client.produce('orders', batchOf(['x'.repeat(12_000)]))).errorCode).toBe(0)
    await expect(workspace.settled()).rejects.toThrow('the disk is full')
    expect([...errorsIn(await listOffsets()), ...errorsIn(await describeProducers())]).toEqual([])
    // All of the turn fails, and nothing of it stays.
    const refused = await Promise.all([produce('more'), deleteRecords(), produce('orders')])
    expect(refused.map((answer) => [...errorsIn(answer)])).toEqual([[storage], [storage], [storage]])
    expect([await end('more'), await end('orders')]).toEqual([1n, 4n])
    // The producers of the partition are looked up again, of which one has a transaction open.
    const accepted = await Promise.all([listOffsets(), produce('orders'), produce('more'), describeProducers()])
    expect(accepted.map((answer) => [...errorsIn(answer)])).toEqual([[], [], [], []])
    expect([await end('more'), await end('orders')]).toEqual([2n, 5n])
    workspace.limitFile(1_000_000_000)
    expect([...errorsIn(await deleteRecords())]).toEqual([])
    expect((await client.fetch('orders', 2)).logStartOffset).toBe(2n)
    expect(broker.logged.filter((line) => line.includes('mistake of ours'))).toEqual([])
  })
})
