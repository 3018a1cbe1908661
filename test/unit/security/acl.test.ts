import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  operationCodes,
  patternTypeCodes,
  permissionCodes,
  resourceTypeCodes,
} from '../../../src-main/protocol/acl-codes'
import { type Access, type Acl, type AclFilter, decide, decideAny, matches } from '../../../src-main/security/acl'
import { cidrProblem } from '../../../src-main/security/cidr'
import { batchOf, TestBroker, type TestClient } from '../../support/core'

const prefixed = 'PREFIXED'
const [read, write, describeOperation, all] = ['READ', 'WRITE', 'DESCRIBE', 'ALL'] as const
const rule = (fields: Partial<Acl> = {}): Acl => ({
  resourceType: 'TOPIC',
  resourceName: 'orders',
  patternType: 'LITERAL',
  principal: 'User:alice',
  host: '*',
  operation: read,
  permission: 'ALLOW',
  ...fields,
})
const ask = (fields: Partial<Access> = {}): Access => ({
  principal: 'User:alice',
  host: '10.0.0.1',
  operation: read,
  resourceType: 'TOPIC',
  resourceName: 'orders',
  ...fields,
})

describe('access rules', () => {
  test('allow what they say, and what that implies', () => {
    expect(decide([rule()], ask())).toBe(true)
    expect(decide([rule()], ask({ operation: describeOperation }))).toBe(true)
    expect(decide([rule()], ask({ operation: write }))).toBe(false)
    expect(decide([rule({ operation: all })], ask({ operation: write }))).toBe(true)
    expect(decide([rule()], ask({ principal: 'User:bob' }))).toBe(false)
    expect(decide([rule({ principal: 'User:*' })], ask({ principal: 'User:bob' }))).toBe(true)
    expect(decide([rule({ host: '10.0.0.2' })], ask())).toBe(false)
  })

  /** Answers of CidrUtils.isInRange of Apache Kafka 4.4.0. */
  test.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.5/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::1', false],
    ['::/0', '10.0.0.1', false],
    ['0.0.0.0/0', '10.0.0.1', true],
    ['10.0.0.5/32', '10.0.0.5', true],
    ['10.0.0.5/32', '10.0.0.4', false],
    ['10.0.0.4/31', '10.0.0.5', true],
    ['10.0.0.0/24', '10.0.0.255', true],
    ['10.00.0.1/08', '10.255.0.0', true],
    ['2001:db8::/32', '2001:db8::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['[::1]/128', '::1', true],
    ['nonsense/x', '10.0.0.1', false],
  ])('hold for a range of hosts: %s has %s: %s', (range, host, isIn) => {
    expect(decide([rule({ host: range })], ask({ host }))).toBe(isIn)
    expect(decide([rule(), rule({ host: range, permission: 'DENY' })], ask({ host }))).toBe(!isIn)
  })

  /** Answers of CidrUtils.validate of Apache Kafka 4.4.0. */
  test.each([
    ['10.0.0.0/33', 'Value [33] not in range [0,32]'],
    ['10.0.0.0/032', 'Could not parse [10.0.0.0/032]'],
    ['10.0.0.0/8/8', 'Could not parse [10.0.0.0/8/8]'],
    ['10.0.0/8', 'Could not parse [10.0.0/8]'],
    ['256.0.0.0/8', 'Value [256] not in range [0,255]'],
    ['10.0.0.1/', 'Could not parse [10.0.0.1/]'],
    ['foo/8', 'Could not parse [foo/8]'],
    ['2001:db8::/129', 'Could not parse [2001:db8::/129] - prefix length must be between 0 and 128'],
    ['2001:zz::/32', 'Could not parse [2001:zz::]'],
    ['::1/', 'Could not parse [::1/] - invalid prefix length'],
    ['::1/-1', 'Could not parse [::1/-1] - prefix length must be between 0 and 128'],
    ['::ffff:10.0.0.0/104', 'Could not parse [::ffff:10.0.0.0] - not an IPv6 address'],
  ])('are not made for what is no range: %s', (host, why) => {
    expect(cidrProblem(host)).toBe(`Invalid CIDR notation '${host}': ${why}`)
  })

  test('are made for ranges and for all other hosts', () => {
    for (const host of ['10.0.0.0/08', '10.00.0.1/8', '::/0', '::1/064', 'fe80::1%eth0/64', '[::1]/64', 'a b', '*']) {
      expect(cidrProblem(host)).toBeUndefined()
    }
  })

  test('name a host of IPv6 as Java does: what is short covers no client, as in Apache Kafka 4.4.0', () => {
    for (const host of ['::1', '0::1']) expect(decide([rule({ host })], ask({ host: '::1' }))).toBe(false)
    for (const host of ['0:0:0:0:0:0:0:1', '::1/128']) {
      expect(decide([rule({ host })], ask({ host: '::1' }))).toBe(true)
      expect(decide([rule(), rule({ host, permission: 'DENY' })], ask({ host: '::1' }))).toBe(false)
      expect(decide([rule({ host })], ask({ host: '::2' }))).toBe(false)
    }
    expect(decide([rule({ host: 'fe80:0:0:0:1:2:3:4' })], ask({ host: 'fe80::1:2:3:4' }))).toBe(true)
    expect(decide([rule({ host: '2001:db8:0:0:0:0:0:0' })], ask({ host: '2001:db8::' }))).toBe(true)
  })

  test('a denial wins, and implies nothing', () => {
    expect(decide([rule(), rule({ permission: 'DENY' })], ask())).toBe(false)
    expect(
      decide([rule({ operation: write }), rule({ permission: 'DENY' })], ask({ operation: describeOperation })),
    ).toBe(true)
  })

  test('hold for a name, for a prefix, or for all', () => {
    expect(decide([rule({ resourceName: 'ord', patternType: prefixed })], ask())).toBe(true)
    expect(decide([rule({ resourceName: '*' })], ask())).toBe(true)
    expect(decide([rule({ resourceName: 'other' })], ask())).toBeUndefined()
  })

  test('to any resource of a type', () => {
    expect(decideAny([rule({ operation: write })], { ...ask(), operation: write })).toBe(true)
    expect(
      decideAny([rule({ operation: write }), rule({ operation: write, permission: 'DENY', resourceName: '*' })], {
        ...ask(),
        operation: write,
      }),
    ).toBe(false)
  })

  test('are found by what they say, or by what they hold for', () => {
    const filter: AclFilter = {
      resourceType: 'TOPIC',
      resourceName: 'orders',
      patternType: 'ANY',
      principal: null,
      host: null,
      operation: 'ANY',
      permission: 'ANY',
    }
    const wide = rule({ resourceName: 'ord', patternType: prefixed })
    expect(matches(filter, rule())).toBe(true)
    expect(matches(filter, wide)).toBe(false)
    expect(matches({ ...filter, patternType: 'MATCH' }, wide)).toBe(true)
    expect(matches({ ...filter, patternType: prefixed }, rule())).toBe(false)
    expect(matches({ ...filter, operation: write }, rule())).toBe(false)
  })
})

describe('a broker with an authorizer', () => {
  let broker: TestBroker
  let admin: TestClient
  let alice: TestClient
  beforeEach(async () => {
    broker = new TestBroker({
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:admin',
    })
    const named = (name: string) => {
      const client = broker.client()
      const known = broker.core.clients.find(client.connection.id)
      known?.authenticated(name)
      return client
    }
    admin = named('User:admin')
    alice = named('User:alice')
    await admin.create('orders')
  })
  afterEach(() => broker.dispose())

  const give = (operation: 'READ' | 'WRITE') =>
    admin.ask('CreateAcls', 3, {
      creations: [
        {
          resourceType: resourceTypeCodes.code('TOPIC'),
          resourceName: 'orders',
          resourcePatternType: patternTypeCodes.code('LITERAL'),
          principal: 'User:alice',
          host: '*',
          operation: operationCodes.code(operation),
          permissionType: permissionCodes.code('ALLOW'),
        },
      ],
    })

  test('refuses by Kafka’s errors, and lets in who has a rule', async () => {
    expect((await alice.produce('orders', batchOf(['a']))).errorCode).toBe(29)
    expect((await alice.fetch('orders', 0)).errorCode).toBe(29)
    await expect(alice.create('more')).rejects.toThrow('Authorization failed.')
    expect((await give(write)).results[0]?.errorCode).toBe(0)
    expect((await alice.produce('orders', batchOf(['a']))).errorCode).toBe(0)
    expect((await alice.fetch('orders', 0)).errorCode).toBe(29)
    await give(read)
    expect((await alice.fetch('orders', 0)).errorCode).toBe(0)
  })

  test('whoever is refused is shown: who, from where, what, and the rule that would let it', async () => {
    await alice.ask('Metadata', 9, {
      topics: [{ name: 'orders' }],
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: true,
    })
    await alice.ask('FindCoordinator', 3, { key: 'g', keyType: 0 })
    await alice.produce('orders', batchOf(['a']))
    await alice.produce('orders', batchOf(['a']))
    await expect(alice.create('more')).rejects.toThrow()
    const shown = broker.core.denials.all()
    expect(shown.map(({ what, times, error }) => `${what} ×${times} ${error}`)).toEqual([
      'CREATE on TOPIC more ×1 TOPIC_AUTHORIZATION_FAILED',
      'WRITE on TOPIC orders ×2 TOPIC_AUTHORIZATION_FAILED',
      'DESCRIBE on GROUP g ×1 GROUP_AUTHORIZATION_FAILED',
      'DESCRIBE on TOPIC orders ×1 TOPIC_AUTHORIZATION_FAILED',
    ])
    expect(shown[1]).toMatchObject({
      principal: 'User:alice',
      clientId: 'tester',
      address: '127.0.0.1',
      listener: 'PLAINTEXT',
      why: 'no rule allows it to User:alice',
      denied: { operation: 'WRITE', resourceType: 'TOPIC', resourceName: 'orders' },
    })
  })

  test('what a client does not see is no refusal', async () => {
    await alice.ask('Metadata', 9, { topics: null, allowAutoTopicCreation: false })
    await alice.ask('ListGroups', 4, { statesFilter: [] })
    await give(write)
    await alice.ask('InitProducerId', 2, { transactionalId: null, transactionTimeoutMs: 0 })
    expect(broker.core.denials.all()).toEqual([])
  })

  test('where a rule forbids, no other would help', async () => {
    broker.core.authorizer.add(rule({ operation: write, permission: 'DENY' }))
    await alice.produce('orders', batchOf(['a']))
    const [refused] = broker.core.denials.all()
    expect([refused?.why, refused?.denied]).toEqual(['a rule denies it to User:alice', undefined])
  })

  test('whether rules count is changed while it runs', async () => {
    const open = new TestBroker()
    const set = (values: Record<string, string | null>) =>
      open.core.configs.set({ type: 'workspace', name: '' }, new Map(Object.entries(values)))
    const client = open.client()
    await client.create('orders')
    set({ 'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer' })
    expect((await client.produce('orders', batchOf(['a']))).errorCode).toBe(29)
    set({ 'super.users': 'User:admin;User:ANONYMOUS' })
    expect((await client.produce('orders', batchOf(['a']))).errorCode).toBe(0)
    set({ 'authorizer.class.name': null, 'super.users': null })
    expect((await client.produce('orders', batchOf(['a']))).errorCode).toBe(0)
    await open.dispose()
  })

  test('rules are listed and taken back, by administrators alone', async () => {
    await give(read)
    const filter = {
      resourceTypeFilter: 1,
      resourceNameFilter: null,
      patternTypeFilter: 1,
      principalFilter: null,
      hostFilter: null,
      operation: 1,
      permissionType: 1,
    }
    expect((await alice.ask('DescribeAcls', 3, filter)).errorCode).toBe(31)
    expect((await admin.ask('DescribeAcls', 3, filter)).resources).toMatchObject([
      { resourceName: 'orders', acls: [{ principal: 'User:alice', operation: operationCodes.code(read) }] },
    ])
    expect((await admin.ask('DeleteAcls', 3, { filters: [filter] })).filterResults[0]?.matchingAcls).toHaveLength(1)
    expect((await alice.fetch('orders', 0)).errorCode).toBe(29)
  })

  test('without an authorizer there are no rules to speak of', async () => {
    const open = new TestBroker()
    const { errorCode, errorMessage } = await open.client().ask('DescribeAcls', 2, {
      resourceTypeFilter: 1,
      resourceNameFilter: null,
      patternTypeFilter: 1,
      principalFilter: null,
      hostFilter: null,
      operation: 1,
      permissionType: 1,
    })
    expect([errorCode, errorMessage]).toEqual([54, 'No Authorizer is configured on the broker'])
    await open.dispose()
  })

  /** What Apache Kafka 4.4.0 answered: the code and the message. */
  test.each([
    [{ resourceType: 1 }, -1, null],
    [{ resourcePatternType: 2 }, -1, null],
    [{ operation: 1 }, -1, null],
    [{ permissionType: 1 }, -1, null],
    [{ resourceType: 99 }, 42, 'Invalid resourceType UNKNOWN'],
    [{ resourcePatternType: 99 }, 42, 'Invalid patternType UNKNOWN'],
    [{ operation: 99 }, 42, 'Invalid operation UNKNOWN'],
    [{ permissionType: 99 }, 42, 'Invalid permissionType UNKNOWN'],
    [{ host: '' }, 42, 'Host pattern cannot be null or empty'],
    [{ host: '10.0.0.0/33' }, 42, "Invalid CIDR notation '10.0.0.0/33': Value [33] not in range [0,32]"],
    [{ host: '10.0.0.5/8' }, 0, ''],
    [{ host: '2001:db8::/32' }, 0, ''],
    [{ host: 'a b' }, 0, ''],
    [{ principal: ':a' }, 0, ''],
    [{ resourceName: '' }, 42, 'Invalid empty resource name'],
    [{ resourceType: 4 }, 42, 'The only valid name for the CLUSTER resource is kafka-cluster'],
  ])('an ACL of %o is created or refused as in Kafka', async (fields, code, message) => {
    const creation = {
      resourceType: 2,
      resourceName: 'x',
      resourcePatternType: 3,
      principal: 'User:a',
      host: '*',
      operation: 3,
      permissionType: 3,
      ...fields,
    }
    const { results } = await admin.ask('CreateAcls', 3, { creations: [creation] })
    expect(results).toMatchObject([{ errorCode: code, errorMessage: message }])
  })

  test('a filter with a code that Kafka does not know deletes nothing', async () => {
    const filter = {
      resourceTypeFilter: 1,
      resourceNameFilter: null,
      patternTypeFilter: 1,
      principalFilter: null,
      hostFilter: null,
      operation: 1,
      permissionType: 1,
    }
    const filters = [
      { resourceTypeFilter: 99 },
      { patternTypeFilter: 99 },
      { operation: 99 },
      { permissionType: 99 },
    ].map((fields) => ({ ...filter, ...fields }))
    const { filterResults } = await admin.ask('DeleteAcls', 3, { filters: [...filters, filter] })
    expect(filterResults.map(({ errorCode, errorMessage }) => [errorCode, errorMessage])).toEqual([
      [42, 'Unknown patternFilter.'],
      [42, 'Unknown patternFilter.'],
      [42, 'Unknown entryFilter.'],
      [42, 'Unknown entryFilter.'],
      [0, null],
    ])
  })

  test('a request that spells out UNKNOWN closes the connection, as Kafka cannot parse it', async () => {
    const filter = {
      resourceNameFilter: null,
      principalFilter: null,
      hostFilter: null,
      operation: 1,
      permissionType: 1,
    }
    const unknown = { ...filter, resourceTypeFilter: 0, patternTypeFilter: 1 }
    await expect(admin.ask('DescribeAcls', 3, unknown)).rejects.toThrow('UNKNOWN elements')
    await expect(admin.ask('DeleteAcls', 3, { filters: [unknown] })).rejects.toThrow('UNKNOWN elements')
    const strange = { ...filter, resourceTypeFilter: 99, patternTypeFilter: 1 }
    expect(await admin.ask('DescribeAcls', 3, strange)).toMatchObject({ errorCode: 0, resources: [] })
  })
})
