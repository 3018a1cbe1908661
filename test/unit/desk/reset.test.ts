import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import type { GroupType } from '../../../src-main/contract/groups'
import type { EmbeddedSource } from '../../../src-main/desk/embedded/embedded'
import { applyReset, planReset, planUndo, undoReset } from '../../../src-main/desk/reset/reset'
import { commandOf, isoDuration } from '../../../src-main/desk/reset/reset-command'
import { WaitingResets } from '../../../src-main/desk/reset/waiting'
import { encodeBatch } from '../../../src-main/records/encode'
import { texts } from '../../../src-renderer/pages/reset/texts'
import { batchOf, start, TestBroker, type TestClient } from '../../support/core'
import { settled, sourceOf } from '../../support/desk'
import { fillDisk } from '../../support/full-disk'

type Input = InputOf<Contract['reset.plan']>
type To = Input['to']

let broker: TestBroker
let client: TestClient
let source: EmbeddedSource
const faults: unknown[] = []

beforeEach(async () => {
  broker = new TestBroker()
  source = sourceOf(broker, (error) => faults.push(error))
  client = broker.client()
  await client.create('orders', 3)
  await client.create('audit')
  for (let partition = 0; partition < 3; partition++) {
    await client.produce('orders', batchOf(['a', 'b', 'c', 'd']), partition)
  }
})
afterEach(async () => {
  await broker.dispose()
  expect(faults.splice(0)).toEqual([])
})

const to = (way: To['to'], more: Partial<To> = {}): To => ({
  to: way,
  value: null,
  groupId: null,
  offsets: null,
  ...more,
})
const input = (target: To, more: Partial<Input> = {}): Input => ({
  groupId: 'g',
  to: target,
  topics: [],
  partitions: null,
  ...more,
})
const plan = (input: Input) => planReset(source, input, broker.clock.now())
const apply = (input: Input, fence = false) => applyReset(source, { ...input, fence }, broker.clock.now())
const committed = (partition: number, topic = 'orders') =>
  broker.core.groups.offsets.get('g', topic, partition)?.offset ?? null

/** A commit of nobody in particular, as `kafka-consumer-groups` does it. */
async function commit(partition: number, offset: number): Promise<void> {
  await client.ask('OffsetCommit', 7, {
    groupId: 'g',
    topics: [
      {
        name: 'orders',
        partitions: [{ partitionIndex: partition, committedOffset: BigInt(offset), committedMetadata: '' }],
      },
    ],
  })
}

async function join(): Promise<string> {
  const answer = client.ask('JoinGroup', 2, {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  })
  broker.clock.advance(1)
  return (await answer).memberId
}

test('an applied reset is what an admin client reads after a restart', async () => {
  const folder = mkdtempSync(pathOf(tmpdir(), 'ottla-'))
  const file = pathOf(folder, 'a.ottla')
  const one = new TestBroker({}, file)
  try {
    await one.client().create('orders', 2)
    for (const partition of [0, 1]) await one.client().produce('orders', batchOf(['a', 'b', 'c']), partition)
    const source = sourceOf(one, (error) => faults.push(error))
    await applyReset(source, { ...input(to('latest'), { topics: ['orders'] }), fence: false }, one.clock.now())
    await applyReset(source, { ...input(to('shift', { value: -1 })), fence: false }, one.clock.now())
    expect(await source.groups.find('g')).toMatchObject({ state: 'Empty' })
  } finally {
    await one.dispose()
  }
  const again = new TestBroker({}, file)
  try {
    const { topics } = await again.client().ask('OffsetFetch', 5, { groupId: 'g', topics: null })
    expect(
      topics?.map(({ name, partitions }) => [name, partitions.map(({ committedOffset }) => committedOffset)]),
    ).toEqual([['orders', [2n, 2n]]])
  } finally {
    await again.dispose()
    rmSync(folder, { recursive: true })
  }
})

describe('a plan', () => {
  test('to a time finds the one record of each partition, or its end', async () => {
    await client.create('four', 4)
    const at = (partition: number) => start + partition * 1000
    for (const partition of [0, 1, 2, 3]) {
      const record = { key: null, value: Buffer.from('x'), timestamp: at(partition), offset: 0 }
      await client.produce('four', encodeBatch([record]), partition)
    }
    const found = async (value: number) =>
      (await plan(input(to('time', { value }), { topics: ['four'] }))).lines.map(({ next }) => next)
    expect(await found(at(1))).toEqual([1, 0, 0, 0])
    expect(await found(at(1) + 1)).toEqual([1, 1, 0, 0])
    expect(await found(at(3))).toEqual([1, 1, 1, 0])
    expect(await found(at(3) + 1)).toEqual([1, 1, 1, 1])
  })

  test('holds every partition of the topics that the group has committed to', async () => {
    await commit(1, 2)
    const { lines } = await plan(input(to('exact', { offsets: [] })))
    expect(lines.map(({ partition, current, next, isChosen }) => [partition, current, next, isChosen])).toEqual([
      [0, null, null, false],
      [1, 2, 2, false],
      [2, null, null, false],
    ])
  })

  test('reaches a topic that was chosen besides, and partitions that only a file names', async () => {
    await commit(1, 2)
    const file = to('exact', {
      offsets: [
        { topic: 'orders', partition: 0, offset: 3 },
        { topic: 'orders', partition: 9, offset: 1 },
      ],
    })
    const { lines } = await plan(input(file, { topics: ['audit'] }))
    expect(lines.map(({ topic, partition, next, problem }) => [topic, partition, next, problem])).toEqual([
      ['audit', 0, null, null],
      ['orders', 0, 3, null],
      ['orders', 1, 2, null],
      ['orders', 2, null, null],
      ['orders', 9, null, 'there is no such partition'],
    ])
  })

  test('leaves what was not chosen as it is', async () => {
    await commit(0, 2)
    await commit(1, 2)
    await apply(input(to('earliest'), { partitions: [{ topic: 'orders', partition: 1 }] }))
    expect([committed(0), committed(1), committed(2)]).toEqual([2, 0, null])
  })

  test('moves what lies outside the log to its nearest end, and shifts only what is committed', async () => {
    await commit(0, 2)
    const far = await plan(input(to('offset', { value: 99 })))
    expect(far.lines.map(({ next }) => next)).toEqual([4, 4, 4])
    const shifted = await plan(input(to('shift', { value: -1 })))
    expect(shifted.lines.map(({ next, problem }) => [next, problem])).toEqual([
      [1, null],
      [null, 'nothing is committed, so there is nothing to shift'],
      [null, 'nothing is committed, so there is nothing to shift'],
    ])
  })

  test('tells for a first commit how many messages the group will read, and how many it passes over', async () => {
    await commit(0, 2)
    const { lines } = await plan(input(to('offset', { value: 1 })))
    expect(lines.map(({ replayed, skipped, first }) => [replayed, skipped, first])).toEqual([
      [1, 0, null],
      [0, 0, { read: 3, skipped: 1 }],
      [0, 0, { read: 3, skipped: 1 }],
    ])
    // A partition that the reset leaves alone gets no first commit.
    const left = await plan(input(to('latest'), { partitions: [{ topic: 'orders', partition: 1 }] }))
    expect(left.lines.map(({ first }) => first)).toEqual([null, { read: 0, skipped: 4 }, null])
  })

  test('a group without commits can be moved by choosing topics', async () => {
    await join()
    await apply(input(to('latest'), { topics: ['orders'] }), true)
    expect([committed(0), committed(1), committed(2)]).toEqual([4, 4, 4])
  })

  test('to the offsets of another group holds the topics of both groups', async () => {
    await commit(0, 1)
    const partitions = [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: '' }]
    await client.ask('OffsetCommit', 7, { groupId: 'other', topics: [{ name: 'audit', partitions }] })
    const { lines } = await plan(input(to('group', { groupId: 'other' })))
    expect(lines.map(({ topic, partition, next, problem }) => [topic, partition, next, problem])).toEqual([
      ['audit', 0, 0, null],
      ['orders', 0, 1, 'other has committed nothing here'],
      ['orders', 1, null, 'other has committed nothing here'],
      ['orders', 2, null, 'other has committed nothing here'],
    ])
    // Any other target leaves the topics of other groups alone.
    expect((await plan(input(to('latest')))).lines.map(({ topic }) => topic)).not.toContain('audit')
    // A group that does not exist adds nothing.
    expect((await plan(input(to('group', { groupId: 'nobody' })))).lines).toHaveLength(3)
  })

  test('of a group that does not exist holds the chosen topics, and applying it creates the group', async () => {
    expect(await source.groups.find('g')).toBeNull()
    const first = await plan(input(to('offset', { value: 2 }), { topics: ['orders'] }))
    expect(first).toMatchObject({ state: 'Dead', members: 0 })
    expect(first.lines.map(({ partition, current, next }) => [partition, current, next])).toEqual([
      [0, null, 2],
      [1, null, 2],
      [2, null, 2],
    ])
    expect(first.command).toContain('--group g --reset-offsets --to-offset 2 --topic orders --execute')
    expect(await source.groups.find('g')).toBeNull()
    await apply(input(to('offset', { value: 2 }), { topics: ['orders'] }))
    expect(await source.groups.find('g')).toMatchObject({ type: 'classic', state: 'Empty', members: [] })
    expect([committed(0), committed(1), committed(2)]).toEqual([2, 2, 2])
    // A member that joins goes on where the offsets say, and the first offsets can be taken back.
    await join()
    const [{ id } = { id: 0 }] = broker.workspace.offsets.history('g', 1)
    await undoReset(source, 'g', id, true)
    expect([committed(0), committed(1), committed(2)]).toEqual([null, null, null])
  })

  test('that the disk has no room for fails as a whole, and nothing else does', async () => {
    await commit(0, 1)
    await join()
    const empty = fillDisk(broker.workspace, 'commit')
    await expect(apply(input(to('latest')), true)).rejects.toThrow(
      'Nothing was changed, because the workspace cannot be written: the disk is full.',
    )
    expect(committed(0)).toBe(1)
    empty()
    expect(broker.workspace.offsets.history('g', 10)).toEqual([])
    await apply(input(to('latest')), true)
    expect(committed(0)).toBe(4)
  })

  test('refuses to do nothing', async () => {
    await commit(0, 0)
    const nothing = input(to('earliest'), { partitions: [{ topic: 'orders', partition: 0 }] })
    await expect(apply(nothing)).rejects.toThrow('No partition would be moved')
  })
})

describe('undo', () => {
  test('is refused while the group has members, as the reset is, and both name the button that removes them', async () => {
    await commit(0, 2)
    await apply(input(to('latest')))
    const [{ id } = { id: 0 }] = broker.workspace.offsets.history('g', 1)
    await join()
    const refusal = (button: string) =>
      `The offsets of g stay as they are: it has 1 active member. Stop them first, or fence them with “${button}”.`
    await expect(apply(input(to('earliest')))).rejects.toThrow(refusal('Apply now'))
    await expect(undoReset(source, 'g', id, false)).rejects.toThrow(refusal('Undo now'))
    expect(committed(0)).toBe(4)
    // So the buttons are called.
    expect([texts.applyNow(1), texts.undoing.undoNow(1)]).toEqual([
      'Apply now (fences 1 member)',
      'Undo now (fences 1 member)',
    ])
    await undoReset(source, 'g', id, true)
    expect(committed(0)).toBe(2)
  })

  test('says what it would do, and does that', async () => {
    await commit(0, 2)
    await apply(input(to('latest')))
    const [{ id } = { id: 0 }] = broker.workspace.offsets.history('g', 1)
    const { lines } = await planUndo(source, 'g', id)
    expect(lines.map(({ current, next, replayed }) => [current, next, replayed])).toEqual([
      [4, 2, 2],
      [4, null, 0],
      [4, null, 0],
    ])
    await undoReset(source, 'g', id, false)
    expect([committed(0), committed(1)]).toEqual([2, null])
    await expect(planUndo(source, 'g', id)).rejects.toThrow('undone already')
  })

  test('of which no partition is left is answered when it is stored, and not before', async () => {
    await commit(0, 2)
    await apply(input(to('latest')))
    await client.ask('DeleteTopics', 5, { topicNames: ['orders'], timeoutMs: 1000 })
    const [{ id } = { id: 0 }] = broker.workspace.offsets.history('g', 1)
    const empty = fillDisk(broker.workspace, 'commit')
    await expect(undoReset(source, 'g', id, false)).rejects.toThrow(
      'Nothing was changed, because the workspace cannot be written: the disk is full.',
    )
    empty()
    expect(broker.workspace.offsets.history('g', 9).map(({ undoneBy }) => undoneBy)).toEqual([null])
    await undoReset(source, 'g', id, false)
    expect(broker.workspace.offsets.history('g', 9).map(({ kind }) => kind)).toEqual(['undo', 'reset'])
  })
})

describe('a reset that waits', () => {
  const applied: string[] = []
  const waiting = () =>
    new WaitingResets({
      source,
      clock: broker.clock,
      applied: (groupId) => applied.push(groupId),
      onError: (error) => faults.push(error),
    })
  afterEach(() => void applied.splice(0))

  test('stays when what was to be done in its place fails', async () => {
    await commit(0, 2)
    await join()
    const resets = waiting()
    await resets.add(input(to('earliest')))
    const instead = (fence: boolean) => resets.replaceBy('g', () => apply(input(to('latest')), fence))
    await expect(instead(false)).rejects.toThrow('has 1 active member')
    expect(resets.of('g')).toMatchObject({ to: 'earliest' })
    expect(broker.workspace.documents.list('waiting-reset')).toHaveLength(1)
    await instead(true)
    expect(resets.of('g')).toBeNull()
    expect(committed(0)).toBe(4)
    resets.dispose()
  })

  test('is done when the last member is gone, not before', async () => {
    await commit(0, 2)
    await join()
    const resets = waiting()
    await resets.add(input(to('earliest')))
    expect([committed(0), resets.of('g')?.to]).toEqual([2, 'earliest'])
    const lines = async () =>
      (await resets.plan('g'))?.lines.map(({ current, next, replayed }) => [current, next, replayed])
    expect(await lines()).toEqual([
      [2, 0, 2],
      [null, 0, 0],
      [null, 0, 0],
    ])
    broker.clock.advance(10_001)
    await settled()
    expect(applied).toEqual(['g'])
    expect([committed(0), resets.of('g'), await resets.plan('g')]).toEqual([0, null, null])
    resets.dispose()
  })

  test('needs a group to wait for', async () => {
    const resets = waiting()
    await expect(resets.add(input(to('earliest'), { topics: ['orders'] }))).rejects.toThrow('There is no group g.')
    resets.dispose()
  })

  test('can be cancelled, and outlives the desk that was told', async () => {
    await commit(0, 2)
    await join()
    const first = waiting()
    await first.add(input(to('earliest')))
    first.dispose()
    const second = waiting()
    await second.loaded()
    expect(second.of('g')?.to).toBe('earliest')
    await second.cancel('g')
    broker.clock.advance(10_001)
    await settled()
    expect([committed(0), applied]).toEqual([2, []])
    second.dispose()
  })

  test('counts a span back from when it was asked for', async () => {
    await commit(0, 2)
    await join()
    const resets = waiting()
    await resets.add(input(to('back', { value: 60_000 })))
    const [document] = broker.workspace.documents.list('waiting-reset')
    expect(JSON.parse(document?.value ?? '{}').input.to).toMatchObject({
      to: 'time',
      value: broker.clock.now() - 60_000,
    })
    resets.dispose()
  })
})

describe('the command', () => {
  const line = (topic: string, partition: number) => ({
    topic,
    partition,
    start: 0,
    end: 9,
    current: 1,
    next: 0,
    isChosen: true,
    replayed: 1,
    skipped: 0,
    first: null,
    problem: null,
  })
  const some = [line('orders', 0), line('orders', 2)]
  const command = (groupId: string, target: To, partitions = 3, type: GroupType = 'consumer') =>
    commandOf('localhost:9092', { groupId, type }, target, some, () => partitions)

  test('names whole topics and single partitions, quoted where a shell would read more into them', () => {
    expect(command('my group', to('earliest'))).toBe(
      "kafka-consumer-groups.sh --bootstrap-server localhost:9092 --group 'my group' --reset-offsets --to-earliest --topic orders:0,2 --execute",
    )
    expect(command("it's", to('delete'), 2)).toContain("--group 'it'\\''s' --delete-offsets --topic orders")
    expect(command('g', to('exact'))).toContain('--reset-offsets --from-file offsets.csv --execute')
  })

  test('is one of the tool for the type of the group, with options that it has', () => {
    const streams = (target: To, partitions?: number) => command('app', target, partitions, 'streams')
    const base = 'kafka-streams-groups.sh --bootstrap-server localhost:9092 --group app'
    expect(streams(to('shift', { value: -1 }))).toBe(
      `${base} --reset-offsets --shift-by -1 --input-topic orders:0,2 --execute`,
    )
    expect(streams(to('back', { value: 60_000 }), 2)).toBe(
      `${base} --reset-offsets --by-duration PT1M --input-topic orders --execute`,
    )
    expect(streams(to('delete'))).toBe(`${base} --delete-offsets --input-topic orders:0,2`)
    expect(streams(to('exact'))).toBe(`${base} --reset-offsets --from-file offsets.csv --execute`)
    expect(command('old', to('latest'), 2, 'classic')).toMatch(
      /^kafka-consumer-groups\.sh .* --topic orders --execute$/,
    )
  })

  test('of a share group is there for what its tool can do', () => {
    const share = (target: To, partitions?: number) => command('queue', target, partitions, 'share')
    const base = 'kafka-share-groups.sh --bootstrap-server localhost:9092 --group queue'
    expect(share(to('latest'))).toBe(`${base} --reset-offsets --to-latest --topic orders:0,2 --execute`)
    expect(share(to('time', { value: 0 }), 2)).toBe(
      `${base} --reset-offsets --to-datetime 1970-01-01T00:00:00.000 --topic orders --execute`,
    )
    expect(share(to('delete'), 2)).toBe(`${base} --delete-offsets --topic orders`)
    expect(share(to('delete'), 3)).toBeNull()
    for (const way of ['offset', 'shift', 'back', 'group', 'exact'] as const) expect(share(to(way))).toBeNull()
  })

  test('says spans as ISO 8601', () => {
    expect([0, 900_000, 5_400_000, 172_800_000, 90_061_500].map(isoDuration)).toEqual([
      'PT0S',
      'PT15M',
      'PT1H30M',
      'P2D',
      'P1DT1H1M1.5S',
    ])
  })
})

test('an offset by time is the first record of that time or later', async () => {
  const place = { topic: 'orders', partition: 0 }
  expect(await source.records.offsetsAt([place], 0)).toEqual([0])
  expect(await source.records.offsetsAt([place], Number.MAX_SAFE_INTEGER)).toEqual([4])
})
