import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { automatic } from '../../../src-main/desk/decoders/decoder'
import { Reader, readerHere, readerThread } from '../../../src-main/desk/embedded/reader'
import type { ScanPlan, ScanReply } from '../../../src-main/desk/source/records'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { settled } from '../../support/desk'

const faults: string[] = []
const onError = (error: unknown) => void faults.push(error instanceof Error ? error.message : String(error))
afterEach(() => void faults.splice(0))

describe('a thread that dies', () => {
  let folder: string
  let reader: Reader
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ottla-reader-'))
    const entry = join(folder, 'thread.js')
    writeFileSync(
      entry,
      `const { parentPort } = require('node:worker_threads')
       parentPort.on('message', ({ id, ranges: [{ topic }] }) => {
         if (topic === 'exits') process.exit(3)
         if (topic === 'throws') throw new Error('of no use')
         if (topic !== 'silent') parentPort.postMessage({ kind: 'counts', id, counts: [7] })
       })`,
    )
    reader = new Reader(readerThread(entry, ''), onError, async () => {})
  })
  afterEach(async () => {
    await reader.dispose()
    rmSync(folder, { recursive: true })
  })
  const count = async (topic: string) => (await reader.counts([{ topic, partition: 0, from: 0, before: 9 }])).counts

  test.each([
    ['exits', 'it ended with code 3'],
    ['throws', 'of no use'],
  ])('when it %s, what was asked fails with the reason, and the next question has a new thread', async (how, why) => {
    expect(await count('orders')).toEqual([7])
    const failure = `The thread that reads messages stopped: ${why}`
    const answers = await Promise.allSettled([count('silent'), count(how)])
    for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: { message: failure } })
    expect(faults).toEqual([why])
    expect(await count('orders')).toEqual([7])
  })
})

describe('a live scan whose thread dies', () => {
  let broker: TestBroker
  let client: TestClient
  let reader: Reader
  const die: (() => void)[] = []
  /** Threads that are busy for ever. */
  let areBusy = false
  const mortal =
    (file: string): ConstructorParameters<typeof Reader>[0] =>
    (tell, failed) => {
      let isAlive = true
      const inner = readerHere(file)((reply) => {
        if (isAlive) tell(reply)
      }, failed)
      die.push(() => {
        isAlive = false
        failed(new Error('out of memory'))
      })
      return {
        post(request) {
          if (isAlive && !areBusy) inner.post(request)
        },
        end: inner.end,
      }
    }
  beforeEach(async () => {
    broker = new TestBroker()
    client = broker.client()
    await client.create('orders')
    reader = new Reader(mortal(broker.workspace.file), onError, () => broker.workspace.settled())
  })
  afterEach(async () => {
    die.splice(0)
    areBusy = false
    await reader.dispose()
    await broker.dispose()
  })

  const plan: ScanPlan = {
    ranges: [
      {
        topic: 'orders',
        partition: 0,
        from: 0,
        before: 0,
        seen: [],
        decoders: { key: automatic, value: automatic },
      },
    ],
    backward: false,
    live: true,
    limit: Number.MAX_SAFE_INTEGER,
    find: '',
    script: '',
    fromAt: -1,
    untilAt: -1,
    format: null,
    committed: false,
    buckets: null,
  }
  function scan(given: Partial<ScanPlan> = {}) {
    const replies: ScanReply[] = []
    const running = reader.scan({ ...plan, ...given }, (reply) => {
      replies.push(reply)
      if (reply.kind === 'rows') running.taken()
    })
    const write = async (...values: string[]) => {
      await client.produce('orders', batchOf(values))
      running.grown({ 'orders:0': broker.core.topics.partition('orders', 0)?.highWatermark ?? 0 })
      await settled()
    }
    const offsets = () => replies.flatMap((reply) => (reply.kind === 'rows' ? reply.rows.map((row) => row.offset) : []))
    return { replies, running, write, offsets }
  }

  test('goes on by itself, with nothing lost and no row twice', async () => {
    const { write, offsets, replies } = scan()
    await write('a', 'b')
    expect(offsets()).toEqual([0, 1])
    die.at(-1)?.()
    await settled()
    expect(die).toHaveLength(2)
    expect(faults).toEqual(['out of memory'])
    await write('c')
    // Written, and not yet read, when the thread dies.
    die.at(-1)?.()
    await write('d', 'e')
    expect(offsets()).toEqual([0, 1, 2, 3, 4])
    expect(replies.filter(({ kind }) => kind === 'failed')).toEqual([])
  })

  test('counts over time from the start', async () => {
    const { write, replies } = scan({ buckets: 10 })
    const counted = () => {
      const last = replies.findLast((reply) => reply.kind === 'histogram')
      return last?.histogram.counts.reduce((sum, count) => sum + count, 0)
    }
    await write('a', 'b')
    expect(counted()).toBe(2)
    await write('c')
    die.at(-1)?.()
    await settled()
    expect(counted()).toBe(3)
  })

  test('is told of a transaction that was open before', async () => {
    const { replies, running } = scan()
    const { producerId, producerEpoch } = await client.ask('InitProducerId', 4, {
      transactionalId: 'tx',
      transactionTimeoutMs: 60_000,
    })
    await client.ask('AddPartitionsToTxn', 3, {
      v3AndBelowTransactionalId: 'tx',
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: 'orders', partitions: [0] }],
    })
    const options = { producerId, producerEpoch, baseSequence: 0, isTransactional: true }
    await client.produce('orders', batchOf(['a'], options), 0, 'tx')
    running.grown({ 'orders:0': 1 })
    await settled()
    die.at(-1)?.()
    await client.ask('EndTxn', 3, { transactionalId: 'tx', producerId, producerEpoch, committed: true })
    running.grown({ 'orders:0': 2 })
    await settled()
    expect(replies.filter(({ kind }) => kind === 'ended')).toMatchObject([
      { rows: [{ topic: 'orders', partition: 0, offset: 0, transaction: 'committed' }] },
    ])
  })

  test('fails when the next one dies as well before it has read anything', async () => {
    const { write, replies } = scan()
    await write('a')
    areBusy = true
    die.at(-1)?.()
    await settled()
    expect(die).toHaveLength(2)
    expect(replies.filter(({ kind }) => kind === 'failed')).toEqual([])
    die.at(-1)?.()
    await settled()
    expect(die).toHaveLength(2)
    expect(replies.at(-1)).toMatchObject({
      kind: 'failed',
      message: 'The thread that reads messages stopped: out of memory',
    })
  })

  test('fails when it has an end', async () => {
    areBusy = true
    const { replies } = scan({ live: false })
    await settled()
    die.at(-1)?.()
    expect(replies).toMatchObject([{ kind: 'failed' }])
  })
})
