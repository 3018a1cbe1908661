import { afterEach, beforeEach, expect, test } from 'vitest'
import { zeroUuid } from '../../../src-main/base/uuid'
import { TestBroker, type TestClient } from '../../support/core'

let broker: TestBroker
let admin: TestClient
let alice: TestClient
beforeEach(async () => {
  broker = new TestBroker({
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:admin',
  })
  const named = (principal: string) => {
    const client = broker.client()
    const known = broker.core.clients.find(client.connection.id)
    known?.authenticated(principal)
    return client
  }
  admin = named('User:admin')
  alice = named('User:alice')
  await admin.create('orders')
})
afterEach(() => broker.dispose())

const idOf = (name: string) => broker.core.topics.find(name)?.id ?? zeroUuid
const remove = async (client: TestClient, ...topics: { name: string | null; topicId: string }[]) => {
  const { responses } = await client.ask('DeleteTopics', 6, { topics, topicNames: [], timeoutMs: 1000 })
  return responses.map(({ name, topicId, errorCode }) => [name, topicId, errorCode])
}

test('by id the answer names the topic, and by name it has the id', async () => {
  const id = idOf('orders')
  expect(await remove(admin, { name: null, topicId: id })).toEqual([['orders', id, 0]])
  await admin.create('orders')
  const again = idOf('orders')
  expect(await remove(admin, { name: 'orders', topicId: zeroUuid })).toEqual([['orders', again, 0]])
})

test('a topic that is wanted twice is not deleted', async () => {
  const id = idOf('orders')
  const byId = { name: null, topicId: id }
  const byName = { name: 'orders', topicId: zeroUuid }
  expect(await remove(admin, byId, byName)).toEqual([['orders', id, 42]])
  expect(await remove(admin, byName, byId)).toEqual([['orders', id, 42]])
  expect(await remove(admin, byId, byId, byName)).toEqual([
    [null, id, 42],
    ['orders', id, 42],
  ])
  expect(await remove(admin, byName, byName)).toEqual([['orders', zeroUuid, 42]])
  expect(broker.core.topics.find('orders')).toBeDefined()
  await admin.create('more')
  const more = { name: null, topicId: idOf('more') }
  expect(await remove(admin, more, more)).toEqual([[null, more.topicId, 42]])
  expect(broker.core.topics.find('more')).toBeDefined()
})

test('an entry without name and id, and one with both, is answered each time', async () => {
  const neither = { name: null, topicId: zeroUuid }
  const both = { name: 'orders', topicId: idOf('orders') }
  expect(await remove(admin, neither, both, neither, both)).toEqual([
    [null, zeroUuid, 42],
    ['orders', both.topicId, 42],
    [null, zeroUuid, 42],
    ['orders', both.topicId, 42],
  ])
})

test('who may not see a topic does not learn its name', async () => {
  const id = idOf('orders')
  expect(await remove(alice, { name: null, topicId: id })).toEqual([[null, id, 29]])
  expect(await remove(alice, { name: 'orders', topicId: zeroUuid })).toEqual([['orders', zeroUuid, 29]])
  expect(await remove(alice, { name: 'absent', topicId: zeroUuid })).toEqual([['absent', zeroUuid, 29]])
  broker.core.authorizer.add({
    resourceType: 'TOPIC',
    resourceName: 'orders',
    patternType: 'LITERAL',
    principal: 'User:alice',
    host: '*',
    operation: 'DESCRIBE',
    permission: 'ALLOW',
  })
  expect(await remove(alice, { name: null, topicId: id })).toEqual([['orders', id, 29]])
  expect(broker.core.denials.all()[0]?.what).toBe('DELETE on TOPIC orders')
})
