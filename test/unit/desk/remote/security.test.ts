import { afterEach, expect, test } from 'vitest'
import type { Write } from '../../../../src-main/client/settings'
import type { AskName, Contract } from '../../../../src-main/contract/contract'
import type { InputOf } from '../../../../src-main/contract/define'
import type { QuotaEntity, SecurityView } from '../../../../src-main/contract/security'
import { TestDesk } from '../../../support/desk'
import { FakeCluster } from '../../../support/fake-cluster'
import { asked, pictured, RemoteDesk } from '../../../support/remote-desk'

const secured = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
  'delegation.token.secret.key': 'secret',
}
const acl = {
  resourceType: 'TOPIC',
  resourceName: 'orders',
  prefixed: true,
  principal: 'User:alice',
  host: '*',
  operation: 'READ',
  allow: true,
} as const
const denied = { ...acl, prefixed: false, operation: 'WRITE', allow: false, host: '10.0.0.1' } as const
const quota = { entity: { user: 'alice' }, limit: 'producer_byte_rate', value: 1000 } as const
const scram = { user: 'alice', mechanism: 'SCRAM-SHA-256', password: 'alice-secret' } as const

let cluster: FakeCluster
let embedded: TestDesk
let remote: RemoteDesk
const writes: Write[] = []

async function open(config: Record<string, string>, isReadOnly = false): Promise<void> {
  cluster = new FakeCluster([1], config)
  embedded = new TestDesk(cluster.broker)
  writes.length = 0
  remote = await RemoteDesk.open(cluster, isReadOnly, { audit: (write) => void writes.push(write) })
}
afterEach(async () => {
  expect(remote.faults).toEqual([])
  remote.dispose()
  await embedded.dispose()
  await cluster.dispose()
})

/** Without tokens: a listener without TLS tells none (KIP-48). */
const shared = ({ users, acls, quotas, problems: { tokens, ...problems } }: SecurityView) => ({
  users,
  acls,
  quotas,
  problems,
})
const ofBroker = async () => shared(await pictured(cluster, embedded.page, 'security', undefined))
const ofCluster = async () => shared(await remote.picture('security', undefined))

test('users, ACLs and quotas of a cluster are those that the broker itself shows, and are changed', async () => {
  await open(secured)
  expect(await ofCluster()).toEqual(await ofBroker())
  await remote.ask('security.acl', { acl, remove: false })
  await remote.ask('security.acl', { acl: denied, remove: false })
  await remote.ask('security.user', scram)
  await remote.ask('security.user', { ...scram, mechanism: 'SCRAM-SHA-512' })
  await remote.ask('security.quota', quota)
  await remote.ask('security.quota', { ...quota, entity: { user: null, clientId: 'app' } })
  const view = await ofCluster()
  expect(view).toEqual(await ofBroker())
  expect(view.acls).toHaveLength(2)
  expect(view.users).toEqual([{ name: 'alice', mechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-512'], plain: [] }])
  expect(view.quotas).toEqual([
    { entity: { user: 'alice' }, values: { producer_byte_rate: 1000 } },
    { entity: { user: null, clientId: 'app' }, values: { producer_byte_rate: 1000 } },
  ])
  // A password is salted before it is sent.
  expect(writes.map(({ api }) => api)).toEqual([
    ...['CreateAcls', 'CreateAcls', 'AlterUserScramCredentials', 'AlterUserScramCredentials'],
    ...['AlterClientQuotas', 'AlterClientQuotas'],
  ])
  for (const { bytes } of writes) expect(bytes.includes('alice-secret')).toBe(false)

  await remote.ask('security.acl', { acl, remove: true })
  await remote.ask('security.user', { ...scram, password: null })
  await remote.ask('security.unquota', { entity: { user: null, clientId: 'app' } })
  const after = await ofCluster()
  expect(after).toEqual(await ofBroker())
  expect([after.acls, after.users[0]?.mechanisms, after.quotas.length]).toEqual([[denied], ['SCRAM-SHA-512'], 1])
})

test('the default quota is null, which no name can be mistaken for: an empty one is refused', async () => {
  await open(secured)
  const entities = [{ user: null }, { user: null, clientId: null }, { clientId: null }, { user: 'null' }, { ip: null }]
  const limitOf = (entity: QuotaEntity) =>
    'ip' in entity
      ? ({ entity, limit: 'connection_creation_rate', value: 5 } as const)
      : ({ entity, limit: 'request_percentage', value: 5 } as const)
  for (const page of [remote.page, embedded.page]) {
    const ask = <N extends AskName>(name: N, input: InputOf<Contract[N]>) => asked(cluster, page, name, input)
    const set = (entity: QuotaEntity) => ask('security.quota', limitOf(entity))
    for (const entity of entities) await set(entity)
    await expect(set({ user: '' })).rejects.toThrow('entity.user must be text of 1 to 500 characters')
    await expect(ask('security.unquota', { entity: { clientId: '' } })).rejects.toThrow('entity.clientId must be text')
    await expect(set({})).rejects.toThrow('A quota needs a user, a client id, both, or an IP address.')
    await expect(set({ user: 'alice', ip: null })).rejects.toThrow('neither a user nor a client id')
    const { quotas } = await ofBroker()
    expect(quotas.map(({ entity }) => entity)).toEqual(entities)
    expect(await ofCluster()).toEqual(await ofBroker())
    await ask('security.unquota', { entity: { user: null } })
    expect((await ofBroker()).quotas.map(({ entity }) => entity)).toEqual(entities.slice(1))
    for (const entity of entities) await ask('security.unquota', { entity })
    expect((await ofBroker()).quotas).toEqual([])
  }
})

test('what a cluster refuses is told where it would be shown, and the rest is shown', async () => {
  await open({})
  await remote.ask('security.user', scram)
  const view = await remote.picture('security', undefined)
  expect(view.problems).toEqual({
    users: null,
    acls: 'The ACLs cannot be read: SECURITY_DISABLED. No Authorizer is configured on the broker.',
    quotas: null,
    tokens: expect.stringMatching(
      /^The delegation tokens cannot be read: DELEGATION_TOKEN_REQUEST_NOT_ALLOWED\. .*\.$/,
    ),
  })
  expect(view.users.map(({ name }) => name)).toEqual(['alice'])
  expect(view.authorizer).toBeNull()
  await expect(remote.ask('security.acl', { acl, remove: false })).rejects.toThrow('SECURITY_DISABLED')
})

test('nothing is changed where the cluster is read-only, and the pages know', async () => {
  await open(secured, true)
  const can = await remote.ask('can', undefined)
  for (const name of ['security.user', 'security.acl', 'security.quota', 'security.unquota'] as const) {
    expect(can[name]).toMatch(/read-only/)
  }
  expect(can.security).toBe(true)
  expect(await ofCluster()).toEqual(await ofBroker())
  await expect(remote.ask('security.user', scram)).rejects.toThrow('read-only')
  expect(writes).toEqual([])
})

test('a token is ended by its secret, which no page gets', async () => {
  await open(secured)
  const token = {
    principalType: 'User',
    principalName: 'alice',
    tokenRequesterPrincipalType: 'User',
    tokenRequesterPrincipalName: 'root',
    issueTimestamp: 1n,
    expiryTimestamp: 2n,
    maxTimestamp: 3n,
    tokenId: 'id',
    hmac: Buffer.from('hidden'),
    renewers: [{ principalType: 'User', principalName: 'bob' }],
  }
  let tokens = [token]
  const ended: string[] = []
  cluster.on('DescribeDelegationToken', () => ({ body: { errorCode: 0, tokens } }))
  cluster.on('ExpireDelegationToken', ({ body }) => {
    ended.push(Buffer.from(body.hmac).toString())
    tokens = []
    return { body: { errorCode: 0, expiryTimestampMs: 0n } }
  })
  const line = { tokenId: 'id', owner: 'User:alice', requester: 'User:root', renewers: ['User:bob'] }
  const view = await remote.picture('security', undefined)
  expect(view.tokens).toEqual([{ ...line, issuedAt: 1, expiresAt: 2, maxAt: 3 }])
  await remote.ask('security.token.expire', { tokenId: 'id' })
  expect(ended).toEqual(['hidden'])
  expect((await remote.picture('security', undefined)).tokens).toEqual([])
  await expect(remote.ask('security.token.expire', { tokenId: 'id' })).rejects.toThrow('expired already')
})
