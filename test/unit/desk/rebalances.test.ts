import { afterEach, beforeEach, expect, test } from 'vitest'
import { Emitter } from '../../../src-main/base/emitter'
import type { RebalanceFrame, RebalanceNews } from '../../../src-main/contract/groups'
import { rebalances } from '../../../src-main/desk/rebalances/rebalances'
import { TestBroker } from '../../support/core'
import { settled, sourceOf, TestDesk } from '../../support/desk'

let broker: TestBroker
beforeEach(() => {
  broker = new TestBroker()
})
afterEach(() => broker.dispose())

function frame(seq: number): RebalanceFrame {
  return {
    groupId: 'g',
    seq,
    at: seq,
    causes: [{ kind: 'initialDelayElapsed' }],
    kind: 'join',
    about: null,
    boundary: seq % 2 === 1 ? 'start' : 'end',
    type: 'classic',
    state: seq % 2 === 1 ? 'PreparingRebalance' : 'Stable',
    epoch: seq,
    protocol: 'range',
    leader: null,
    members: [],
    removed: [],
    full: seq % 64 === 1,
  }
}

test('a slow page is sent the whole history again instead of being disconnected during a rebalance storm', async () => {
  const frames = new Emitter<RebalanceFrame>((error) => expect.unreachable(String(error)))
  const { journal } = broker.workspace
  const happen = (seq: number) => {
    const { boundary, epoch, kind, causes } = frame(seq)
    const facts = boundary && { boundary, epoch, kind, causes: JSON.stringify(causes) }
    const entry = JSON.stringify({ frame: frame(seq) })
    broker.workspace.write(() => journal.add('g', seq, seq, entry, facts))
    frames.emit(frame(seq))
  }
  happen(1)
  const { journal: stored } = sourceOf(broker, (error) => expect.unreachable(String(error)))
  if (!stored) expect.unreachable()
  const seen: RebalanceNews[] = []
  const taken: (() => void)[] = []
  const stop = rebalances({ ...stored, framed: frames.listen }, 'g', {
    push(item, done) {
      seen.push(item)
      if (done) taken.push(done)
    },
    end: () => expect.unreachable(),
    fail: (error) => expect.unreachable(String(error)),
  })
  await settled()
  expect(seen[0]).toMatchObject({
    boundaries: [{ seq: 1, boundary: 'start', epoch: 1, causes: [{ kind: 'initialDelayElapsed' }] }],
    frames: [{ seq: 1 }],
  })
  // What comes while the page is busy comes together.
  for (let seq = 2; seq <= 5; seq++) happen(seq)
  expect(seen).toHaveLength(1)
  taken.shift()?.()
  expect(seen[1]).toMatchObject({ boundaries: null, frames: [{ seq: 2 }, { seq: 3 }, { seq: 4 }, { seq: 5 }] })
  for (let seq = 6; seq <= 3000; seq++) happen(seq)
  expect(seen).toHaveLength(2)
  taken.shift()?.()
  await settled()
  expect(seen).toHaveLength(3)
  expect(seen[2]?.boundaries).toHaveLength(3000)
  expect(seen[2]?.frames[0]?.full).toBe(true)
  expect(seen[2]?.frames.at(-1)?.seq).toBe(3000)
  taken.shift()?.()
  happen(3001)
  expect(seen[3]).toMatchObject({ boundaries: null, frames: [{ seq: 3001 }] })
  stop()
  taken.shift()?.()
  happen(3002)
  expect(seen).toHaveLength(4)
})

test('the list of groups says when each rebalanced last, and which reset waits', async () => {
  const client = broker.client()
  const desk = new TestDesk(broker)
  await client.create('orders')
  const { items } = await desk.watch('groups', undefined)
  const line = () => items.at(-1)?.[0]
  const partitions = [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: '' }]
  await client.ask('OffsetCommit', 7, { groupId: 'g', topics: [{ name: 'orders', partitions }] })
  await desk.advance(1000)
  expect(line()).toMatchObject({ groupId: 'g', rebalancedAt: null, waiting: null })
  const joined = client.ask('JoinGroup', 2, {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  })
  broker.clock.advance(1)
  const { memberId, generationId } = await joined
  await client.ask('SyncGroup', 2, { groupId: 'g', generationId, memberId, assignments: [] })
  const at = broker.clock.now()
  await desk.page.ask('reset.wait', {
    groupId: 'g',
    to: { to: 'latest', value: null, groupId: null, offsets: null },
    topics: [],
    partitions: null,
  })
  await desk.advance(1000)
  expect(line()).toMatchObject({ rebalancedAt: at, waiting: { problem: null } })
  await desk.dispose()
})
