import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { errorName } from '../../../src-main/protocol/errors'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { TransactionalProducer } from '../../support/transactional-producer'

const largest = 9_223_372_036_854_775_807n
const all = [largest, 9_007_199_254_740_993n, 4_611_686_018_427_387_905n, 7n, 0n, -1n]

let folder: string
let broker: TestBroker
let client: TestClient
const open = () => {
  broker = new TestBroker({}, join(folder, 'offsets.ottla'))
  client = broker.client()
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-offsets-'))
  open()
  await client.create('t', all.length)
})
afterEach(async () => {
  await broker.dispose()
  rmSync(folder, { recursive: true })
})

async function commit(groupId: string, offsets: readonly bigint[], version = 8, retentionTimeMs = -1n) {
  const { topics } = await client.ask('OffsetCommit', version, {
    groupId,
    ...(version <= 4 && version >= 2 ? { retentionTimeMs } : {}),
    topics: [
      {
        name: 't',
        partitions: offsets.map((committedOffset, partitionIndex) => ({
          partitionIndex,
          committedOffset,
          committedMetadata: '',
        })),
      },
    ],
  })
  return new Set(topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorName(errorCode))))
}

async function committed(groupId: string) {
  const { groups } = await client.ask('OffsetFetch', 8, { groups: [{ groupId, topics: null }], requireStable: false })
  return groups[0]?.topics.flatMap(({ partitions }) =>
    partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex).map(({ committedOffset }) => committedOffset),
  )
}

describe('a committed offset is any 64-bit number', () => {
  test('and comes back exactly, after a restart too', async () => {
    expect(await commit('g', all)).toEqual(new Set(['NONE']))
    expect(await committed('g')).toEqual(all)
    await broker.dispose()
    open()
    expect(await committed('g')).toEqual(all)
  })

  test('in a transaction as well, and in a workspace that was closed within it', async () => {
    const producer = await new TransactionalProducer(client, 'tx').take()
    await producer.produce('t', ['a'])
    await client.ask('TxnOffsetCommit', 5, {
      transactionalId: 'tx',
      groupId: 'g',
      producerId: producer.producerId,
      producerEpoch: producer.epoch,
      topics: [
        {
          name: 't',
          partitions: all.map((committedOffset, partitionIndex) => ({
            partitionIndex,
            committedOffset,
            committedMetadata: '',
          })),
        },
      ],
    })
    await broker.dispose()
    open()
    producer.client = client
    expect(await producer.end(true)).toBe('NONE')
    expect(await committed('g')).toEqual(all)
  })

  test('and the longest retention time is taken', async () => {
    expect(await commit('g', [7n], 2, largest)).toEqual(new Set(['NONE']))
    expect(await committed('g')).toEqual([7n])
    expect(broker.core.groups.offsets.get('g', 't', 0)?.expiresAt).toBe(Number.MAX_SAFE_INTEGER)
  })

  test('and fails no other client of the same turn', async () => {
    const commits = commit('g', [largest])
    const produced = broker.client().produce('t', batchOf(['a']))
    expect(await commits).toEqual(new Set(['NONE']))
    expect(errorName((await produced).errorCode)).toBe('NONE')
  })
})
