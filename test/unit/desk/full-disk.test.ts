import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keyOf } from '../../../src-main/base/topic-partition'
import { type AskName, type Contract, contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { TestDesk } from '../../support/desk'
import { fillDisk, type Moment } from '../../support/full-disk'
import { Sharer, setGroupConfig } from '../../support/sharer'

let broker: TestBroker
let client: TestClient
let desk: TestDesk

beforeEach(async () => {
  broker = new TestBroker({ 'delegation.token.secret.key': 'secret' })
  client = broker.client()
  desk = new TestDesk(broker)
  await client.create('orders', 2)
  await client.produce('orders', batchOf(['a', 'b', 'c']))
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

const automatic = { format: 'auto', schema: null, type: null } as const
const message = { key: 'k', value: 'v', headers: [] }
const earliest = { to: 'earliest', value: null, groupId: null, offsets: null } as const
const reset = { groupId: 'g', to: earliest, topics: [], partitions: null }
const acl = {
  resourceType: 'TOPIC',
  resourceName: 'orders',
  prefixed: false,
  principal: 'User:alice',
  host: '*',
  operation: 'READ',
  allow: true,
} as const
const user = { user: 'alice', mechanism: 'SCRAM-SHA-256', password: 'secret' } as const
const entity = { user: 'alice' }
const quota = { entity, limit: 'producer_byte_rate', value: 5 } as const
const draft = { subject: 'orders-value', type: 'AVRO', schema: '"string"', references: [] } as const
const listener = { name: 'OWN', securityProtocol: 'SSL', port: 9100 } as const

interface Write<N extends AskName> {
  readonly input: () => InputOf<Contract[N]> | Promise<InputOf<Contract[N]>>
  /** What must be there before. */
  readonly before?: () => Promise<unknown>
}
type Writes = { readonly [N in AskName]?: Write<N> }

async function commit(): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset: 2n, committedMetadata: '' }]
  await client.ask('OffsetCommit', 7, { groupId: 'g', topics: [{ name: 'orders', partitions }] })
}

/** A member of the group; its id. */
async function join(): Promise<string> {
  const answer = client.ask('JoinGroup', 2, {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  })
  broker.clock.advance(1)
  const { memberId, generationId } = await answer
  await client.ask('SyncGroup', 2, { groupId: 'g', generationId, memberId, assignments: [] })
  return memberId
}

async function joined(): Promise<void> {
  await commit()
  await join()
}

const { ask } = { ask: <N extends AskName>(name: N, input: InputOf<Contract[N]>) => desk.page.ask(name, input) }

const alert = { id: null, kind: 'lag', subject: 'g', threshold: 1, notifies: false, webhook: null } as const
const view = { topic: 'orders', name: 'mine', query: 'find=x', isDefault: true }

/** A resend that waits for its pace, whose clock stands still. */
const slowly = {
  selection: { marked: [0, 1].map((offset) => ({ topic: 'orders', partition: 0, offset })) },
  target: { topic: 'orders' },
  maxTimes: 1,
  skipResent: false,
  perSecond: 1,
}

/** Starts it, and waits for the message that it sends at once. */
async function resending(): Promise<void> {
  await ask('resend.start', slowly)
  const found = async () => {
    const { items, close } = await desk.watch('resends', undefined)
    close()
    return items.at(-1)?.[0]?.found
  }
  await expect.poll(found, { interval: 1 }).toBe(1)
}

async function resent(): Promise<void> {
  await resending()
  await ask('resend.stop', { id: 1 })
}

const writes: Writes = {
  'topic.alter': { input: () => ({ topic: 'orders', config: 'retention.ms', value: '1' }) },
  'topic.create': { input: () => ({ topic: 'more', partitions: 1, configs: { 'retention.ms': '1' } }) },
  'topic.clone': { input: () => ({ topic: 'orders', name: 'like', messages: false }) },
  'topic.recreate': { input: () => ({ topic: 'orders' }), before: commit },
  'topic.grow': { input: () => ({ topic: 'orders', partitions: 5 }) },
  'topics.delete': { input: () => ({ topics: ['orders'] }), before: commit },
  'topic.deleteRecords': { input: () => ({ topic: 'orders', before: [{ partition: 0, offset: 1 }] }) },
  'topics.purge': { input: () => ({ topics: ['orders'] }) },
  'topic.decode': { input: () => ({ topic: 'orders', key: automatic, value: { ...automatic, format: 'text' } }) },
  'messages.produce': {
    input: () => ({ topic: 'orders', partition: 0, ...message, codec: 'none', count: 3, timestamp: null }),
  },
  'messages.import': {
    input: () => ({
      topic: 'orders',
      codec: 'none',
      messages: [0, 1].map((partition) => ({ partition, timestamp: null, ...message })),
    }),
  },
  'resend.start': { input: () => slowly },
  'resend.stop': { input: () => ({ id: 1 }), before: resending },
  'resend.resume': { input: () => ({ id: 1 }), before: resent },
  'resend.forget': { input: () => ({ id: 1 }), before: resent },
  'alert.set': { input: () => alert },
  'alert.remove': { input: () => ({ id: 1 }), before: () => ask('alert.set', alert) },
  'topic.view.save': { input: () => view },
  'topic.view.delete': { input: () => ({ topic: 'orders', name: 'mine' }), before: () => ask('topic.view.save', view) },
  'group.delete': { input: () => ({ groupId: 'g' }), before: commit },
  'group.remove': {
    input: () => ({ groupId: 'g', memberId: broker.core.groups.find('g')?.members[0]?.memberId ?? '' }),
    before: joined,
  },
  'share.release': {
    input: () => ({ groupId: 'sharing', memberId: 'worker' }),
    before: async () => {
      const sharer = new Sharer(client, 'worker', broker.core.topics.find('orders')?.id ?? '', 'sharing')
      await setGroupConfig(client, 'sharing', 'share.auto.offset.reset', 'earliest')
      await sharer.join()
      await sharer.fetch()
    },
  },
  'share.redeliver': { input: () => ({ groupId: 'g', topic: 'orders', partition: 0, first: 0, last: 2, at: 0 }) },
  'reset.apply': { input: () => ({ ...reset, fence: true }), before: joined },
  'reset.wait': { input: () => reset, before: joined },
  'reset.cancel': {
    input: () => ({ groupId: 'g' }),
    before: async () => {
      await joined()
      await ask('reset.wait', reset)
    },
  },
  'reset.undo': {
    input: async () => {
      const [newest] = await ask('reset.history', { groupId: 'g' })
      return { groupId: 'g', id: newest?.id ?? 0, fence: false }
    },
    before: async () => {
      await commit()
      await ask('reset.apply', { ...reset, fence: false })
    },
  },
  'transaction.abort': {
    input: () => ({ transactionalId: 'till' }),
    before: async () => {
      const { transactions, commits } = broker.core
      transactions.init('till', { timeoutMs: 60_000, producerId: '-1', producerEpoch: -1 })
      transactions.add('till', [keyOf('orders', 0)], 0)
      await commits.settled
    },
  },
  'security.user': { input: () => user },
  'security.acl': { input: () => ({ acl, remove: false }) },
  'security.authorizer': { input: () => ({ on: true, superUsers: ['User:root'], everyoneWithoutRule: true }) },
  'security.quota': { input: () => quota },
  'security.unquota': { input: () => ({ entity }), before: () => ask('security.quota', quota) },
  'security.listener.add': { input: () => listener },
  'security.listener.remove': { input: () => ({ name: 'OWN' }), before: () => ask('security.listener.add', listener) },
  'security.plaintext': { input: () => ({ on: false }), before: () => ask('security.listener.add', listener) },
  'security.token.expire': {
    input: () => ({ tokenId: broker.core.tokens.all()[0]?.tokenId ?? '' }),
    before: async () => {
      const { tokens, commits } = broker.core
      tokens.create('User:alice', 'User:alice', [], -1)
      await commits.settled
    },
  },
  'security.files': { input: () => ({ client: null }) },
  'settings.set': { input: () => ({ name: 'num.partitions', value: '7' }) },
  'schema.register': { input: () => draft },
  'schema.delete': {
    input: () => ({ subject: draft.subject, version: null, permanent: false }),
    before: () => ask('schema.register', draft),
  },
  'schema.level': { input: () => ({ subject: draft.subject, level: 'FULL' }) },
  'schema.mode': { input: () => ({ subject: draft.subject, mode: 'READONLY' }) },
  'registry.choose': { input: () => ({ url: 'http://registry:8081', auth: 'none', user: '', secret: null, ca: '' }) },
}

/** Questions that store nothing in the workspace; the demo's writes go over its own connections. */
const reads: readonly AskName[] = [
  'can',
  'topic.configs',
  'topics.impact',
  'topic.decoders',
  'messages.detail',
  'messages.exact',
  'messages.at',
  'partition.times',
  'partition.at',
  'topic.offsetsAt',
  'rebalances.frames',
  'rebalances.export',
  'reset.plan',
  'reset.history',
  'reset.undoPlan',
  'reset.waitingPlan',
  'transaction.abortPlan',
  'client.metrics',
  'exchange.detail',
  'alert.test',
  'workspace.copy',
  'workspace.shrink',
  'registry.test',
  'topic.infer',
  'topic.schemas',
  'schema.compare',
  'schema.encode',
  'schema.encodeMany',
  'schema.example',
  'schema.form',
  'schema.try',
  'schema.uses',
  'demo.set',
]

/** Everything of the file and of memory that these writes can change. */
async function state(): Promise<unknown> {
  const { source } = desk
  const { workspace, core } = broker
  const documents = [
    'decoders',
    'waiting-reset',
    'group',
    'acl',
    'user',
    'token',
    'quota',
    'transaction',
    'certificate',
    'share-partition',
    'share-update',
    'registry',
    'resends',
    'resend-progress',
    'message-views',
    'alerts',
  ]
  const topics = await source.topics.list()
  const seen = {
    documents: documents.map((kind) => workspace.documents.list(kind)),
    configs: [...workspace.configs.list()],
    topics,
    logs: [...(await source.topics.logs(topics.map(({ name }) => name)))],
    groups: core.groups.list().map(({ groupId, members }) => [groupId, members.map(({ memberId }) => memberId)]),
    offsets: [...core.groups.offsets.groupIds()].map((groupId) => core.groups.offsets.of(groupId)),
    stored: workspace.offsets.list(),
    moves: await source.groups.moves('g', 10),
    waiting: await source.kept.map('waiting-reset').entries(),
    transactions: core.transactions.all(),
    users: await source.security.users(),
    acls: await source.security.acls(),
    quotas: await source.security.quotas(),
    tokens: await source.security.tokens(),
    authorizer: await source.listeners?.authorizer(),
    listeners: await source.listeners?.stored(),
    settings: await source.settings?.lines(),
    registry: source.registryChoice.view,
  }
  return JSON.parse(JSON.stringify(seen, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
}

describe('on a full disk', () => {
  test('every write of the contract is tried here', async () => {
    // What only another cluster, or the process around the broker, can answer.
    const can = await desk.page.ask('can', undefined)
    const asks = Object.entries(contract).flatMap(([name, { verb }]) =>
      verb === 'ask' && (can[name] === true || name === 'demo.set') ? [name] : [],
    )
    expect([...reads, ...Object.keys(writes)].sort()).toEqual(asks.sort())
  })

  const cases = (Object.keys(writes) as AskName[]).flatMap((name) =>
    (['statement', 'commit'] as const).map((moment): [AskName, Moment] => [name, moment]),
  )

  test.each(cases)(
    '%s says that nothing was changed, and is done when there is room (full at the %s)',
    async (name, moment) => {
      const write = writes[name] as Write<AskName>
      await write.before?.()
      const input = await write.input()
      const before = await state()
      const empty = fillDisk(broker.workspace, moment)
      await expect(ask(name, input)).rejects.toThrow('Nothing was changed, because the workspace cannot be written: ')
      empty()
      expect(await state()).toEqual(before)
      await ask(name, input)
      if (name !== 'security.files') expect(await state()).not.toEqual(before)
    },
  )
})
