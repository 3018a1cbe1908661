import { afterEach, beforeEach, expect, it } from 'vitest'
import { describe as describeGroups } from '../../../src-main/commands/groups/describe'
import type { Given } from '../../../src-main/commands/groups/flags'
import { batchOf } from '../../support/core'
import { FakeCluster } from '../../support/fake-cluster'
import { Sharer, setGroupConfig } from '../../support/sharer'

let cluster: FakeCluster
beforeEach(() => {
  cluster = new FakeCluster([1])
})
afterEach(() => cluster.dispose())

async function described(given: Given): Promise<string> {
  let printed = ''
  const output = { print: (text: string) => (printed += text), warn: (text: string) => (printed += text) }
  expect(await cluster.settle(describeGroups(cluster.client(), ['packers'], given, output))).toBe(true)
  return printed
}

it('describes a share group: its members, and its start offsets with their lag', async () => {
  const client = cluster.broker.client()
  await client.create('orders')
  await client.produce('orders', batchOf(['a', 'b', 'c']))
  await setGroupConfig(client, 'packers', 'share.auto.offset.reset', 'earliest')
  const sharer = new Sharer(client, 'packer', cluster.broker.core.topics.find('orders')?.id ?? '', 'packers')
  await sharer.join()
  cluster.broker.clock.advance(1000)
  await sharer.join()
  expect((await sharer.fetch()).acquired).toEqual(['0-2 x1'])
  expect(await sharer.acknowledge([0, 0, 1])).toBe(0)
  const members = await described({ members: [] })
  expect(members).toMatch(/^packers: Stable, 1 member\n/)
  expect(members).toMatch(/\npacker +\S+ +\S+ +1\n/)
  expect(await described({})).toMatch(/\norders +0 +1 +2\n/)
  expect(JSON.parse(await described({ json: [] }))).toEqual({
    group: 'packers',
    state: 'Stable',
    members: 1,
    partitions: [{ topic: 'orders', partition: 0, startOffset: 1, lag: 2 }],
  })
})
