import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commitOffsets } from '../../../src-main/client/admin/groups'
import { createTopics } from '../../../src-main/client/admin/topics'
import { changesNothing } from '../../../src-main/client/read-only'
import { compareCommand } from '../../../src-main/commands/compare/command'
import { FakeCluster } from '../../support/fake-cluster'

let a: FakeCluster
let b: FakeCluster
let said: string[]

beforeEach(() => {
  a = new FakeCluster()
  b = new FakeCluster()
  const [host, port] = ['127.0.0.1', 7]
  b.on('Metadata', async ({ serve }) => ({
    body: { ...(await serve()), brokers: [{ nodeId: 1, host, port, rack: null }] },
  }))
  b.on('FindCoordinator', async ({ serve }) => {
    const { coordinators } = await serve()
    return { body: { coordinators: coordinators.map((one) => ({ ...one, nodeId: 1, host, port })) } }
  })
  said = []
})
afterEach(async () => {
  await a.dispose()
  await b.dispose()
})

/** `ottla compare ...`; what it says to stderr comes with `! `. */
function compare(...args: readonly string[]): Promise<boolean> {
  return a.settle(
    compareCommand(args, {
      clock: a.clock,
      version: '0',
      environment: {},
      stored: async (name) => (name === 'stage' ? new Map([['bootstrap.servers', 'localhost:7']]) : undefined),
      dial: (place, signal) => (place.port === 7 ? b.dial(place, signal) : a.dial(place, signal)),
      print: (text) => void said.push(text),
      warn: (text) => void said.push(`! ${text}`),
    }),
  )
}

async function made(cluster: FakeCluster, name: string, partitions: number, configs: Record<string, string> = {}) {
  await cluster.settle(createTopics(cluster.client(), [{ name, partitions, configs }]))
}

describe('ottla compare', () => {
  it('finds nothing in clusters that are alike, whatever their messages', async () => {
    for (const cluster of [a, b]) await made(cluster, 'orders', 2, { 'retention.ms': '1000' })
    expect(await compare('node:1', 'localhost:7')).toBe(true)
    expect(said).toEqual(['No differences.\n'])
  })

  it('lists topics, partitions, configs and groups that are not the same, and writes nothing', async () => {
    await made(a, 'orders', 3, { 'retention.ms': '1000' })
    await made(b, 'orders', 2)
    await made(b, 'payments', 1)
    await a.settle(commitOffsets(a.client(), 'billing', [{ topic: 'orders', partition: 0, offset: 0n }]))
    const before = [a.asked.length, b.asked.length]
    expect(await compare('node:1', 'localhost:7', '--json')).toBe(false)
    expect(
      said
        .join('')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { kind: 'topic', name: 'orders', what: 'partitions', a: '3', b: '2' },
      { kind: 'config', name: 'orders', what: 'retention.ms', a: '1000', b: '604800000' },
      { kind: 'topic', name: 'payments', what: 'partitions', a: null, b: '1' },
      { kind: 'group', name: 'billing', what: 'type', a: 'classic', b: null },
    ])
    const asked = [...a.asked.slice(before[0]), ...b.asked.slice(before[1])]
    expect(asked.filter(({ name }) => !changesNothing(name))).toEqual([])
  })

  it('compares some topics only, as a table', async () => {
    await made(a, 'orders', 3)
    await made(b, 'orders', 2)
    await made(b, 'payments', 1)
    expect(await compare('node:1', 'localhost:7', '--topics', 'ord*', '--no-groups')).toBe(false)
    expect(said).toEqual([
      'KIND   NAME    WHAT        A node:1  B localhost:7\ntopic  orders  partitions  3         2\n1 difference.\n',
    ])
    said = []
    expect(await compare('node:1', 'localhost:7', '--topics', 'other')).toBe(true)
  })

  it('compares what changes while clients run only when that is asked for', async () => {
    for (const cluster of [a, b]) {
      await made(cluster, 'orders', 1)
      await cluster.settle(
        commitOffsets(cluster.client(), 'billing', [
          { topic: 'orders', partition: 0, offset: cluster === a ? 0n : 5n },
        ]),
      )
    }
    expect(await compare('node:1', 'localhost:7')).toBe(true)
    said = []
    expect(await compare('node:1', 'localhost:7', '--offsets')).toBe(false)
    expect(said.join('')).toContain('offsets of orders  0: 0')
  })

  it('names what a cluster refuses, and compares the rest', async () => {
    for (const cluster of [a, b]) await made(cluster, 'orders', cluster === a ? 1 : 2)
    await a.settle(commitOffsets(a.client(), 'billing', [{ topic: 'orders', partition: 0, offset: 0n }]))
    a.on('OffsetFetch', async ({ serve }) => {
      const answer = await serve()
      return { body: { ...answer, groups: answer.groups.map((group) => ({ ...group, errorCode: 30, topics: [] })) } }
    })
    expect(await compare('node:1', 'localhost:7')).toBe(false)
    expect(said[0]).toBe('! The committed offsets of billing may not be read.')
    expect(said[1]).toContain('partitions')
    b.on('ListGroups', async ({ serve }) => ({ body: { ...(await serve()), errorCode: 31 } }))
    await expect(compare('node:1', 'localhost:7')).rejects.toThrow('CLUSTER_AUTHORIZATION_FAILED')
  })

  it('reads the settings of a cluster from a file, and says what is missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ottla-compare-'))
    const file = join(folder, 'client.properties')
    writeFileSync(file, 'bootstrap.servers=localhost:7\nssl.nonsense=1')
    expect(await compare('node:1', file)).toBe(true)
    expect(await compare('node:1', 'stage')).toBe(true)
    await expect(compare('nothing.properties')).rejects.toThrow('There is no file nothing.properties')
    await expect(compare('node:1', 'node:1', 'node:1')).rejects.toThrow('Specify what to compare')
    await expect(compare('node:1', '--registry-a', 'http://a')).rejects.toThrow('are given together')
    rmSync(folder, { recursive: true })
  })
})
