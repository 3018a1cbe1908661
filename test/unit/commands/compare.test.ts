import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commitOffsets } from '../../../src-main/client/admin/groups'
import { createTopics } from '../../../src-main/client/admin/topics'
import { changesNothing } from '../../../src-main/client/read-only'
import { compareCommand } from '../../../src-main/commands/compare/command'
import { differences, type Snapshot } from '../../../src-main/commands/compare/differences'
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
      { kind: 'topic', name: 'payments', what: 'topic', a: null, b: 'there' },
      { kind: 'group', name: 'billing', what: 'group', a: 'there', b: null },
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

describe('differences', () => {
  const nothing: Snapshot = { topics: new Map(), groups: new Map(), subjects: null }
  const config = (value: string, isOwn: boolean) => new Map([['retention.ms', { value, isOwn }]])
  const topic = (value: string, isOwn: boolean): Snapshot => ({
    ...nothing,
    topics: new Map([['t', { partitions: 1, configs: config(value, isOwn) }]]),
  })

  it('leaves configs out that only brokers set, unless all are asked for', () => {
    expect(differences(topic('1', false), topic('2', false), false)).toEqual([])
    expect(differences(topic('1', false), topic('2', false), true)).toHaveLength(1)
    expect(differences(topic('1', true), topic('2', false), false)).toHaveLength(1)
    expect(differences(topic('1', true), topic('1', false), false)).toEqual([])
  })

  it('compares schemas with their versions and ids', () => {
    const subject = (...versions: readonly (readonly [number, number, string])[]): Snapshot => ({
      ...nothing,
      subjects: new Map([
        ['s', { versions: new Map(versions.map(([n, id, schema]) => [n, { id, schemaType: 'AVRO', schema }])) }],
      ]),
    })
    const one = subject([1, 10, '"int"'], [2, 11, '"long"'])
    expect(differences(one, subject([1, 10, '"int"'], [2, 11, '"long"']), false)).toEqual([])
    expect(differences(one, subject([1, 7, '"int"'], [3, 11, '"string"']), false)).toEqual([
      { kind: 'subject', name: 's', what: 'version 1, id', a: '10', b: '7' },
      { kind: 'subject', name: 's', what: 'version 2', a: 'there', b: null },
      { kind: 'subject', name: 's', what: 'version 3', a: null, b: 'there' },
    ])
    expect(differences(one, { ...nothing, subjects: new Map() }, false)).toHaveLength(1)
    expect(differences(one, nothing, false)).toEqual([])
  })
})
