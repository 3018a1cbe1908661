import { afterEach, beforeEach, expect, test } from 'vitest'
import { errorName } from '../../../src-main/protocol/errors'
import { TestBroker, type TestClient } from '../../support/core'

/* What Apache Kafka 4.4.0 answered to the same requests. */
let broker: TestBroker
let client: TestClient
beforeEach(() => {
  broker = new TestBroker()
  client = broker.client()
})
afterEach(() => broker.dispose())

const salt = Buffer.from('salt')
const add = (name: string, mechanism = 1, iterations = 4096) => {
  return { name, mechanism, iterations, salt, saltedPassword: Buffer.from('salted') }
}
const remove = (name: string, mechanism = 1) => ({ name, mechanism })
const alter = async (upsertions: ReturnType<typeof add>[], deletions: ReturnType<typeof remove>[] = []) => {
  const { results } = await client.ask('AlterUserScramCredentials', 0, { upsertions, deletions })
  return results.map(({ user, errorCode, errorMessage }) => [user, errorName(errorCode), errorMessage])
}

const groups = [
  ...['a', 'b', 'c', 'group-1', 'group-2', 'group-3', 'zeta', 'orders', 'billing', 'x9', 'unknown-1', 'share'],
  ...['t1', 't2', 't3', 'AA', 'BB', 'Aa', 'long.group.name.with.dots', 'a'],
]
const inOrder = [
  ...['a', 't3', 'a', 'b', 't1', 't2', 'BB', 'Aa', 'billing', 'unknown-1', 'c', 'group-1', 'orders', 'share'],
  ...['group-2', 'AA', 'x9', 'long.group.name.with.dots', 'zeta', 'group-3'],
]

test('groups are described in the order of their partitions of __consumer_offsets', async () => {
  const asked = { groupIds: groups, includeAuthorizedOperations: false }
  const answers = await Promise.all([
    client.ask('DescribeGroups', 5, { groups, includeAuthorizedOperations: false }),
    client.ask('ConsumerGroupDescribe', 1, asked),
    client.ask('ShareGroupDescribe', 1, asked),
    client.ask('StreamsGroupDescribe', 0, asked),
  ])
  for (const answer of answers) expect(answer.groups.map(({ groupId }) => groupId)).toEqual(inOrder)
})

test('groups are deleted in that order, a repeated one once', async () => {
  const remove = async (groupsNames: string[]) => (await client.ask('DeleteGroups', 2, { groupsNames })).results
  const deleted = await remove(groups)
  expect(deleted.map(({ groupId }) => groupId)).toEqual([...new Set(inOrder)])
  expect((await remove(['', 'zz', 'b', 'zz', ''])).map(({ groupId }) => groupId)).toEqual(['b', '', 'zz'])
})

test('a group without a name cannot be described, and comes first', async () => {
  const asked = { groupIds: ['zz', '', 'a', ''], includeAuthorizedOperations: false }
  const answers = await Promise.all([
    client.ask('ConsumerGroupDescribe', 1, asked),
    client.ask('ShareGroupDescribe', 1, asked),
    client.ask('StreamsGroupDescribe', 0, asked),
  ])
  for (const answer of answers) {
    expect(answer.groups.map(({ groupId, errorCode, errorMessage }) => [groupId, errorCode, errorMessage])).toEqual([
      ['', 24, null],
      ['', 24, null],
      ['a', 69, 'Group a not found.'],
      ['zz', 69, 'Group zz not found.'],
    ])
  }
})

test('groups that a client may not see come before the others, and after them when they are deleted', async () => {
  await broker.dispose()
  broker = new TestBroker({ 'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer' })
  client = broker.client()
  for (const operation of ['DESCRIBE', 'DELETE'] as const) {
    broker.core.authorizer.add({
      resourceType: 'GROUP',
      resourceName: 'a',
      patternType: 'LITERAL',
      principal: 'User:ANONYMOUS',
      host: '*',
      operation,
      permission: 'ALLOW',
    })
  }
  const asked = { groups: ['a', 'zz', 'b'], includeAuthorizedOperations: false }
  const described = await client.ask('DescribeGroups', 5, asked)
  expect(described.groups.map(({ groupId }) => groupId)).toEqual(['zz', 'b', 'a'])
  const { results } = await client.ask('DeleteGroups', 2, { groupsNames: ['zz', 'b', 'a'] })
  expect(results.map(({ groupId }) => groupId)).toEqual(['a', 'zz', 'b'])
})

test('a group belongs to the partition of the absolute hash of its name', () => {
  const { settings } = broker.core.groups
  expect(['billing', 'orders', 'group-1', ''].map((group) => settings.offsetsPartition(group))).toEqual([
    '__consumer_offsets:9',
    '__consumer_offsets:31',
    '__consumer_offsets:49',
    '__consumer_offsets:0',
  ])
})

test('users are described in the order of a hash map, an unknown and a repeated one too', async () => {
  await alter([add('alice'), add('bob'), add('carol')])
  const users = ['zed', 'bob', 'alice', 'bob', 'carol', 'nobody', 'zed'].map((name) => ({ name }))
  const { results } = await client.ask('DescribeUserScramCredentials', 0, { users })
  const prefix = 'Cannot describe SCRAM credentials for the same user twice in a single request: '
  expect(results.map(({ user, errorCode, errorMessage }) => [user, errorName(errorCode), errorMessage])).toEqual([
    ['carol', 'NONE', ''],
    ['bob', 'DUPLICATE_RESOURCE', `${prefix}bob`],
    ['zed', 'DUPLICATE_RESOURCE', `${prefix}zed`],
    ['alice', 'NONE', ''],
    ['nobody', 'RESOURCE_NOT_FOUND', 'Attempt to describe a user credential that does not exist: nobody'],
  ])
})

test('each user is changed once: deletions are answered first, then additions, then what was refused', async () => {
  await alter(['alice', 'bob', 'carol', 'dave', 'eve'].map((name) => add(name)))
  const additions = [
    ...[add('zoe'), add('bob', 2), add('gina', 1, 10), add('gina', 2), add('dave', 2), add('hal'), add('hal')],
    ...[add('ike', 9), add(''), add('joe', 1, 20_000), add('eve')],
  ]
  const twice = 'A user credential cannot be altered twice in the same request'
  expect(
    await alter(additions, [
      remove('eve'),
      remove('alice'),
      remove('dave'),
      remove('carol', 3),
      remove('frank'),
      remove('bob'),
    ]),
  ).toEqual([
    ['alice', 'NONE', null],
    ['zoe', 'NONE', null],
    ['frank', 'RESOURCE_NOT_FOUND', 'Attempt to delete a user credential that does not exist'],
    ['', 'UNACCEPTABLE_CREDENTIAL', 'Username must not be empty'],
    ['carol', 'UNSUPPORTED_SASL_MECHANISM', 'Unknown SCRAM mechanism'],
    ['joe', 'UNACCEPTABLE_CREDENTIAL', 'Too many iterations'],
    ['dave', 'DUPLICATE_RESOURCE', twice],
    ['hal', 'DUPLICATE_RESOURCE', twice],
    ['ike', 'UNSUPPORTED_SASL_MECHANISM', 'Unknown SCRAM mechanism'],
    ['bob', 'DUPLICATE_RESOURCE', twice],
    ['gina', 'UNACCEPTABLE_CREDENTIAL', 'Too few iterations'],
    ['eve', 'DUPLICATE_RESOURCE', twice],
  ])
  expect(broker.core.users.names().toSorted()).toEqual(['bob', 'carol', 'dave', 'eve', 'zoe'])
})
